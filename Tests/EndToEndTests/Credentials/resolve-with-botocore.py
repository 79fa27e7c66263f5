"""Resolves credentials with botocore in the scenarios that the tests describe, and serves what they need.

Usage: resolve-with-botocore.py FOLDER < scenarios.json

Every scenario gets a web server on 127.0.0.1 that replaces STS, the metadata service of an instance, a container's
credential service and IAM Identity Center at once. `{server}`, `{home}` and `{python}` in variables and files are
replaced. One line of JSON tells for each scenario its environment and what botocore found; then the servers go on until
standard input ends, and write the access key id of each GetCallerIdentity call to FOLDER/NAME/keys.
"""

import datetime
import hashlib
import http.server
import json
import os
import pathlib
import sys
import threading
import urllib.parse

import botocore.credentials
import botocore.session
import botocore.tokens

SECRET = "hush-"  # Stands in every secret, so that a leak is found by one word.


def moment(seconds):
    time = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, status=200):
        body = body.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def document(self, key, token_name="Token"):
        return json.dumps({"Code": "Success", "AccessKeyId": key, "SecretAccessKey": SECRET + key,
                           token_name: SECRET + "token", "Expiration": moment(7200)})

    @property
    def serves(self):
        return self.server.scenario.get("serves", [])

    def do_PUT(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/latest/api/token" and "instance" in self.serves:
            self.answer(SECRET + "imds")
        else:
            self.answer("", 404)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path.startswith("/latest/meta-data/iam/security-credentials/"):
            isCurrent = self.headers.get("x-aws-ec2-metadata-token") == SECRET + "imds"
            role = url.path.rsplit("/", 1)[1]
            if "no-role" in self.serves or not (isCurrent or "instance-v1" in self.serves):
                self.answer("", 404 if "no-role" in self.serves else 401)
            else:
                self.answer(self.document("INSTANCE" + role.upper()) if role else "webserver")
        elif url.path == "/container":
            wanted = SECRET + "container" if "container-token" in self.serves else None
            if "container-fails" in self.serves:
                self.answer("", 403)
            elif self.headers.get("Authorization") == wanted:
                self.answer(self.document("CONTAINER"))
            else:
                self.answer("{}", 401)
        elif url.path == "/federation/credentials":
            query = urllib.parse.parse_qs(url.query)
            if self.headers.get("x-amz-sso_bearer_token") not in (SECRET + "sso", SECRET + "renewed"):
                self.answer('{"message": "Session token not found or invalid"}', 401)
                return
            renewed = "RENEWED" if self.headers["x-amz-sso_bearer_token"].endswith("renewed") else ""
            key = f"SSO{query['role_name'][0].upper()}{query['account_id'][0]}{renewed}"
            self.answer(json.dumps({"roleCredentials": {
                "accessKeyId": key, "secretAccessKey": SECRET + key, "sessionToken": SECRET + "token",
                "expiration": 4102444800000}}))
        else:
            self.answer("", 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/token":
            fields = json.loads(body)
            if fields.get("refreshToken") == SECRET + "refresh" and fields.get("grantType") == "refresh_token":
                self.answer(json.dumps({"accessToken": SECRET + "renewed", "expiresIn": 3600, "tokenType": "Bearer"}))
            else:
                self.answer('{"error": "invalid_grant"}', 400)
            return
        form = {name: values[0] for name, values in urllib.parse.parse_qs(body).items()}
        caller = self.headers.get("Authorization", "").partition("Credential=")[2].partition("/")[0]
        action = form.get("Action")
        if action == "GetCallerIdentity":
            with open(self.server.folder / "keys", "a") as keys:
                keys.write(caller + "\n")
            self.xml(action, "<Arn>arn:aws:iam::111122223333:user/someone</Arn><UserId>AIDAX</UserId>"
                             "<Account>111122223333</Account>")
        elif action == "AssumeRole" and "denied" not in form["RoleArn"]:
            # The key tells the role, who assumed it, and what else was sent.
            rest = [form.get("ExternalId", ""), form.get("DurationSeconds", "")]
            name = hashlib.sha1("|".join([form["RoleArn"], caller] + rest).encode()).hexdigest()[:8].upper()
            self.session(action, form["RoleArn"], "ROLE" + name)
        elif action == "AssumeRoleWithWebIdentity" and form["WebIdentityToken"].strip() == SECRET + "web":
            self.session(action, form["RoleArn"], "WEB" + form["RoleArn"].rsplit("/", 1)[1].upper())
        else:
            self.answer("<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message>"
                        "</Error><RequestId>1</RequestId></ErrorResponse>", 403)

    def session(self, action, role, key):
        account, name = role.split(":")[4], role.rsplit("/", 1)[1]
        self.xml(action, f"<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>{SECRET}{key}"
                         f"</SecretAccessKey><SessionToken>{SECRET}token</SessionToken><Expiration>{moment(3600)}"
                         f"</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>AROAX:s</AssumedRoleId>"
                         f"<Arn>arn:aws:sts::{account}:assumed-role/{name}/s</Arn></AssumedRoleUser>")

    def xml(self, action, content):
        self.answer(f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>{content}'
                    f"</{action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{action}Response>")


def prepare(scenario, root):
    folder = root / scenario["name"]
    home = folder / "home"
    (home / ".aws/sso/cache").mkdir(parents=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.daemon_threads = True
    server.scenario, server.folder = scenario, folder
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"

    def filled(text):
        text = text.replace("{server}", address).replace("{home}", str(home)).replace("{python}", sys.executable)
        return text.replace("{later}", moment(3600)).replace("{soon}", moment(300)).replace("{past}", moment(-60))

    for path, text in scenario.get("files", {}).items():
        # A token of IAM Identity Center is kept under a hash: "sso:NAME" spells that.
        if path.startswith("sso:"):
            path = f".aws/sso/cache/{hashlib.sha1(filled(path[4:]).encode()).hexdigest()}.json"
        (home / path).write_text(filled(text))
    environment = {"HOME": str(home), "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
                   "AWS_EC2_METADATA_SERVICE_ENDPOINT": address, "AWS_ENDPOINT_URL_STS": address,
                   "AWS_ENDPOINT_URL_SSO": address, "AWS_ENDPOINT_URL_SSO_OIDC": address,
                   # A proxy that takes no connection: nothing here may go through it.
                   "HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9",
                   "PATH": os.environ["PATH"]}
    environment.update({name: filled(value) for name, value in scenario.get("environment", {}).items()})
    return environment


def resolve(scenario, environment):
    os.environ.clear()
    # botocore would ask the metadata service through the proxy.
    os.environ.update({**environment, "NO_PROXY": "127.0.0.1", "AWS_MAX_ATTEMPTS": "1"})
    # botocore looks up the home folder once, when it is imported.
    cache = os.path.join(environment["HOME"], ".aws", "sso", "cache")
    botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR = cache
    botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR = cache
    try:
        credentials = botocore.session.Session(profile=scenario.get("profile")).get_credentials()
        if credentials is None:
            return {"error": "nothing found"}
        return {"key": credentials.get_frozen_credentials().access_key}
    except Exception as problem:  # Whatever it is, botocore has no credentials.
        return {"error": f"{type(problem).__name__}: {problem}"}


def main():
    root = pathlib.Path(sys.argv[1])
    # One line, so that standard input can stay open.
    scenarios = json.loads(sys.stdin.readline())
    results = []
    for scenario in scenarios:
        environment = prepare(scenario, root)
        results.append({"name": scenario["name"], "environment": environment, **resolve(scenario, environment)})
    print(json.dumps(results), flush=True)
    sys.stdin.read()


main()
