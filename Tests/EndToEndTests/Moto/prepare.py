"""Prepares a moto server as a small organization with signature checks on.

Arguments: the server's URL, and "unchecked" to leave the checks off. Prints one JSON object: the base user's access key.

Before moto's IAM checks are switched on every call is allowed, so roles, users and repositories can be made; the last
step switches them on, and from then on moto recomputes every signature.
"""

import json
import sys
import urllib.request

import botocore.session

ENDPOINT = sys.argv[1]
BASE_ACCOUNT = "999900001111"
OWNERS = ["111122223333", "222233334444"]
REGIONS = ["us-east-1", "eu-west-1"]
REPOSITORIES = ["base/go", "base/java", "base/node", "base/python", "base/python-slim", "tools/lint", "tools/scanner"]
FOREIGN = {
    "Version": "2008-10-17",
    "Statement": [
        {
            "Sid": "new statement",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::888899990000:root"},
            "Action": ["ecr:BatchGetImage"],
        }
    ],
}


def client(service, region="us-east-1", key="test", secret="test", token=None):
    return botocore.session.Session().create_client(
        service,
        region_name=region,
        endpoint_url=ENDPOINT,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )


def in_account(account):
    """The client arguments of a session in an account; moto takes the account from the role's ARN."""
    answer = client("sts").assume_role(RoleArn=f"arn:aws:iam::{account}:role/bootstrap", RoleSessionName="bootstrap")
    found = answer["Credentials"]
    return {"key": found["AccessKeyId"], "secret": found["SecretAccessKey"], "token": found["SessionToken"]}


def allow(*actions):
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}
    )


for account in OWNERS:
    session = in_account(account)
    iam = client("iam", **session)
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{BASE_ACCOUNT}:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    iam.create_role(RoleName="EcrShareOperator", AssumeRolePolicyDocument=json.dumps(trust))
    iam.put_role_policy(RoleName="EcrShareOperator", PolicyName="ecr", PolicyDocument=allow("ecr:*"))
    for region in REGIONS:
        ecr = client("ecr", region, **session)
        for name in REPOSITORIES:
            ecr.create_repository(repositoryName=name)
        ecr.set_repository_policy(repositoryName="base/java", policyText=json.dumps(FOREIGN))

client("s3", **in_account(BASE_ACCOUNT)).create_bucket(Bucket="team")
iam = client("iam", **in_account(BASE_ACCOUNT))
iam.create_user(UserName="platform")
iam.put_user_policy(UserName="platform", PolicyName="assume", PolicyDocument=allow("sts:*"))
key = iam.create_access_key(UserName="platform")["AccessKey"]

if sys.argv[2:] != ["unchecked"]:
    urllib.request.urlopen(
        urllib.request.Request(f"{ENDPOINT}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"})
    )
print(json.dumps({"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}))
