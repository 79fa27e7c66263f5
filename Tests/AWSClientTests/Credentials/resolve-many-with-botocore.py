"""Resolves credentials with botocore for many sets of shared files, without a network.

Usage: resolve-many-with-botocore.py FOLDER < cases.json > answers.json

A case has files, which are written here and left there, below a home folder of its own, FOLDER/NUMBER; variables; and
the profile that was named on the command line. Every service is played by `answer` below, whose keys tell what was asked
for and with whose credentials; PretendServices.swift plays the same for the program.

The variables for the profile and the region are those of the AWS CLI, which prefers AWS_PROFILE and AWS_REGION.
"""

import base64
import functools
import json
import multiprocessing
import os
import pathlib
import sys
import urllib.parse
from concurrent.futures import ProcessPoolExecutor

import botocore.auth
import botocore.awsrequest
import botocore.configprovider
import botocore.credentials
import botocore.exceptions
import botocore.hooks
import botocore.httpsession
import botocore.session
import botocore.tokens
import botocore.utils
import dateutil.parser
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import load_der_private_key

SERVICES = {"sts": "STS", "ecr": "ECR", "iam": "IAM", "organizations": "ORGANIZATIONS", "sso": "SSO",
            "sso-oidc": "SSO_OIDC", "signin": "SIGNIN", "s3": "S3"}
VARIABLES = {"profile": (None, ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"], None, None),
             "region": ("region", ["AWS_REGION", "AWS_DEFAULT_REGION"], None, None)}


LOADER = botocore.session.Session().get_component("data_loader")


class Key:
    """Stands for awscrt's EC keys, as far as the DPoP header needs them."""

    def __init__(self, key):
        self.key = key

    @staticmethod
    def new_key_from_der_data(data):
        return Key(load_der_private_key(data, None))

    def get_public_coords(self):
        numbers = self.key.public_key().public_numbers()
        return numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")

    def sign(self, digest):
        return self.key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))

    @staticmethod
    def decode_der_signature_to_padded_pair(signature, pad_to):
        r, s = utils.decode_dss_signature(signature)
        return r.to_bytes(pad_to, "big") + s.to_bytes(pad_to, "big")


def digest(*parts):
    """FNV-1a over the parts."""
    value = 0xCBF29CE484222325
    for byte in "|".join(parts).encode():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016X}"


def xml(action, key):
    return (200, f"<{action}Response><{action}Result><Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s-{key}"
                 f"</SecretAccessKey><SessionToken>t-{key}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
                 f"</Credentials><AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId>"
                 f"<Arn>arn:aws:sts::111122223333:assumed-role/R/s</Arn></AssumedRoleUser></{action}Result>"
                 f"</{action}Response>")


def document(key):
    return 200, json.dumps({"Code": "Success", "AccessKeyId": key, "SecretAccessKey": f"s-{key}", "Token": f"t-{key}",
                            "Expiration": "2099-01-01T00:00:00Z"})


def answer(method, url, headers, body):
    path = url.path
    if path == "/container":
        return document("CONTAINER" + digest(headers.get("Authorization", "")))
    if path == "/latest/api/token":
        return 200, "metadata-token"
    if path == "/latest/meta-data/iam/security-credentials/":
        return 200, "webserver"
    if path == "/latest/meta-data/iam/security-credentials/webserver":
        return document("INSTANCE")
    if path == "/federation/credentials":
        query = urllib.parse.parse_qs(url.query)
        token = headers["x-amz-sso_bearer_token"]
        if token == "revoked":
            return 401, '{"message": "no"}'
        key = "SSO" + digest(token, query["role_name"][0], query["account_id"][0])
        return 200, json.dumps({"roleCredentials": {"accessKeyId": key, "secretAccessKey": f"s-{key}",
                                                    "sessionToken": f"t-{key}", "expiration": 4070908800000}})
    if path == "/token":
        fields = json.loads(body)
        if fields["refreshToken"] == "stale":
            return 400, '{"error": "invalid_grant"}'
        return 200, json.dumps({"accessToken": "renewed-" + fields["refreshToken"], "expiresIn": 28800})
    if path == "/v1/token":
        fields = json.loads(body)
        claims = headers["DPoP"].split(".")[1]
        htu = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["htu"]
        if fields["refreshToken"] == "stale" or htu != url.geturl():
            return 401, '{"error": "TOKEN_EXPIRED", "message": "no"}'
        key = "LOGIN" + digest(fields["refreshToken"], fields["clientId"])
        token = {"accessKeyId": key, "secretAccessKey": f"s-{key}", "sessionToken": f"t-{key}"}
        return 200, json.dumps({"accessToken": token, "tokenType": "aws_sigv4", "expiresIn": 900,
                                "refreshToken": "next"})
    form = {name: values[0] for name, values in urllib.parse.parse_qs(body, keep_blank_values=True).items()}
    action = form.get("Action")
    name = form.get("RoleSessionName", "")
    if name.startswith("botocore-session-"):
        name = ""
    given = [form.get("RoleArn", ""), name, form.get("ExternalId", ""), form.get("DurationSeconds", "")]
    if action == "AssumeRole" and "denied" not in given[0]:
        scope = headers["Authorization"].partition("Credential=")[2].split("/")
        token = headers.get("X-Amz-Security-Token", "")
        return xml(action, "ROLE" + digest(*given, scope[0], scope[2], token))
    if action == "AssumeRoleWithWebIdentity":
        return xml(action, "WEB" + digest(*given, form["WebIdentityToken"].strip()))
    return 403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"


class Raw:
    def __init__(self, body):
        self.body = body.encode()

    def stream(self, *_, **__):
        yield self.body


def send(_, request):
    headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
    if any("\n" in value for value in headers.values()):
        raise ValueError("a line end in a header")
    body = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
    status, text = answer(request.method, urllib.parse.urlsplit(request.url),
                          botocore.awsrequest.HeadersDict(headers), body)
    error = {"x-amzn-errortype": "UnauthorizedException" if status == 401 else "AccessDeniedException"}
    return botocore.awsrequest.AWSResponse(
        request.url, status, botocore.awsrequest.HeadersDict({} if status == 200 else error), Raw(text))


def sign(signer, request, original=botocore.auth.SigV4Auth.add_auth):
    if any(character.isspace() for character in signer.credentials.secret_key):
        raise ValueError("a secret with a space or line end, with which AWS accepts nothing")
    return original(signer, request)


def write(case, home):
    home.mkdir(parents=True, exist_ok=True)
    for file in case["files"]:
        path = home / file["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        if file.get("isFolder"):
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(base64.b64decode(file["contents"]))
        if path.name == "helper":
            path.chmod(0o755)


def settings(session, environment):
    """What the profile and the variables say of the region, the certificates and the endpoints."""
    def text(name):
        value = session.get_config_variable(name)
        return value if isinstance(value, str) else None

    found = {"region": text("region"), "caBundle": text("ca_bundle"),
             "fips": session.get_config_variable("use_fips_endpoint") or False,
             "dualStack": session.get_config_variable("use_dualstack_endpoint") or False, "endpoints": {}}
    if not session.get_config_variable("ignore_configured_endpoint_urls"):
        environment = {name: value for name, value in environment.items() if not value.startswith("http://127.0.0.1")}
        for name, key in SERVICES.items():
            provider = botocore.configprovider.ConfiguredEndpointProvider(
                session.full_config, session.get_scoped_config(), name, environment)
            if url := provider.provide():
                if not botocore.utils.is_valid_endpoint_url(url):
                    raise ValueError(url)
                found["endpoints"][key] = url
    return found


def resolve(case):
    environment = case["environment"]
    os.environ.clear()
    os.environ.update(environment)
    cache = os.path.join(environment["HOME"], ".aws", "sso", "cache")
    botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR = cache
    botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR = cache
    result = {}
    try:
        # A session of its own: one that has met a malformed file goes on without it.
        result["settings"] = settings(
            botocore.session.Session(session_vars=VARIABLES, profile=case.get("profile")), environment)
    except Exception:  # Then botocore cannot make a client.
        pass
    try:
        session = botocore.session.Session(session_vars=VARIABLES, profile=case.get("profile"))
        session.register_component("data_loader", LOADER)
        credentials = session.get_credentials()
        if credentials is None:
            return {**result, "error": "nothing found"}
        frozen = credentials.get_frozen_credentials()
        if not frozen.access_key or not frozen.secret_key:
            return {**result, "error": "an empty key"}
        if any(isinstance(value, dict) for value in frozen):
            return {**result, "error": "a nested block, with which nothing can be signed"}
        if any(character.isspace() for value in frozen[:3] if value for character in value):
            return {**result, "error": "a space or line end, with which AWS accepts nothing"}
        return {**result, "key": frozen.access_key, "secret": frozen.secret_key, "token": frozen.token or None}
    except Exception as problem:  # Whatever it is, botocore has no credentials.
        name = type(problem).__name__
        if isinstance(problem, botocore.exceptions.ConfigParseError):
            cause = problem.kwargs.get("error")
            has_mark = getattr(cause, "line", "").startswith("\ufeff")
            name += " ByteOrderMark" if has_mark else f" {type(cause).__name__}"
        return {**result, "error": f"{name}: {problem}"}


def time(text):
    """The seconds since 1970, or nothing where the text is not a time with a zone."""
    try:
        return dateutil.parser.parse(text).timestamp() if dateutil.parser.parse(text).tzinfo else None
    except (ValueError, OverflowError):
        return None


def answer_case(home, case):
    write(case, home)
    found = resolve(case)
    # botocore has kept the tokens that it renewed; the program renews them by itself.
    write(case, home)
    return found


def main():
    root = pathlib.Path(sys.argv[1])
    request = json.load(sys.stdin)
    botocore.httpsession.URLLib3Session.send = send
    botocore.utils.ContainerMetadataFetcher.SLEEP_TIME = 0
    botocore.auth.SigV4Auth.add_auth = sign
    botocore.credentials.EC = Key
    # The same for every session, and most of the time that one takes.
    botocore.hooks.accepts_kwargs = functools.cache(botocore.hooks.accepts_kwargs)
    alias, aliases = botocore.hooks.EventAliaser._alias_event_name, {}
    botocore.hooks.EventAliaser._alias_event_name = lambda self, name: aliases.get(name) or aliases.setdefault(
        name, alias(self, name))
    cases = request["cases"]
    homes = [root / str(number) for number in range(len(cases))]
    # Not multiprocessing's own pool: it ends its workers by a signal, which the test's threads may block.
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("fork")) as pool:
        answers = list(pool.map(answer_case, homes, cases, chunksize=20))
    json.dump({"answers": answers, "times": [time(text) for text in request["times"]]}, sys.stdout)


main()
