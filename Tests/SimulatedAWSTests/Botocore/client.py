"""Talks to a simulated AWS with botocore, a client that this project did not write.

Usage: client.py ENDPOINT KEY SECRET. Prints nothing and ends with 0 when all is as AWS would have it.
"""

import json
import sys

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, key, secret = sys.argv[1:4]
session = botocore.session.Session()


def client(service, region="us-east-1", credentials=None, attempts=1):
    access, private, token = credentials or (key, secret, None)
    return session.create_client(
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=access,
        aws_secret_access_key=private,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": attempts, "mode": "standard"}, connect_timeout=10),
    )


def code(call, **parameters):
    """The error code of a call that must fail."""
    try:
        call(**parameters)
    except ClientError as error:
        assert error.response["ResponseMetadata"]["RequestId"], error.response
        return error.response["Error"]["Code"]
    raise AssertionError(f"{call.__name__} should have failed")


def assume(account, sts=None, **parameters):
    role = f"arn:aws:iam::{account}:role/EcrShareOperator"
    answer = (sts or client("sts")).assume_role(RoleArn=role, RoleSessionName="botocore", **parameters)
    given = answer["Credentials"]
    assert given["Expiration"].tzinfo is not None
    return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]


# STS
sts = client("sts")
assert sts.get_caller_identity()["Account"] == "999900001111"
owner = assume("111122223333")
identity = client("sts", credentials=owner).get_caller_identity()
assert identity["Arn"] == "arn:aws:sts::111122223333:assumed-role/EcrShareOperator/botocore", identity
role = "arn:aws:iam::111122223333:role/EcrShareOperator"
assert code(sts.assume_role, RoleArn=role + "2", RoleSessionName="botocore") == "AccessDenied"
assert code(sts.assume_role, RoleArn=role, RoleSessionName="botocore", DurationSeconds=7200) == "ValidationError"
wrong = client("sts", credentials=(key, secret + "x", None))
assert code(wrong.get_caller_identity) == "SignatureDoesNotMatch"
unknown = client("sts", credentials=("AKIANOBODY0000000000", secret, None))
assert code(unknown.get_caller_identity) == "InvalidClientTokenId"

# ECR: policies
ecr = client("ecr", credentials=owner)
statement = {
    "Sid": "new statement",
    "Effect": "Allow",
    "Principal": {"AWS": ["444455556666", "arn:aws:iam::555566667777:root"]},
    "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    "Condition": {"StringLike": {"aws:sourceARN": "arn:aws:lambda:us-east-1:444455556666:function:*"}},
}
policy = {"Version": "2008-10-17", "Statement": [statement]}
assert code(ecr.get_repository_policy, repositoryName="base/java") == "RepositoryPolicyNotFoundException"
written = ecr.set_repository_policy(repositoryName="base/java", policyText=json.dumps(policy))
assert written["registryId"] == "111122223333" and written["repositoryName"] == "base/java"
stored = ecr.get_repository_policy(repositoryName="base/java")["policyText"]
assert stored == written["policyText"]
assert '  "Version" : "2008-10-17",\n  "Statement" : [ {\n    "Sid" : "new statement"' in stored, stored
statement["Principal"]["AWS"][0] = "arn:aws:iam::444455556666:root"
assert json.loads(stored) == policy
refused = code(ecr.set_repository_policy, repositoryName="base/java", policyText='{"Statement":[]}')
assert refused == "InvalidParameterException"
assert ecr.delete_repository_policy(repositoryName="base/java")["policyText"] == stored
assert code(ecr.get_repository_policy, repositoryName="base/none") == "RepositoryNotFoundException"
elsewhere = code(ecr.get_repository_policy, registryId="222233334444", repositoryName="base/java")
assert elsewhere == "AccessDeniedException"

# ECR: everything else
pages = ecr.get_paginator("describe_repositories").paginate(PaginationConfig={"PageSize": 7})
repositories = [repository for page in pages for repository in page["repositories"]]
assert [r["repositoryName"] for r in repositories] == sorted(f"app/{n}" for n in range(40)) + ["base/java", "base/python"]
assert repositories[0]["repositoryArn"] == "arn:aws:ecr:us-east-1:111122223333:repository/app/0"
assert repositories[0]["createdAt"].year == 2025
assert code(ecr.describe_repositories, repositoryNames=["app/0", "none"]) == "RepositoryNotFoundException"
assert code(ecr.get_registry_policy) == "RegistryPolicyNotFoundException"
assert ecr.get_account_setting(name="REGISTRY_POLICY_SCOPE")["value"] == "V2"
assert ecr.list_tags_for_resource(resourceArn=repositories[0]["repositoryArn"])["tags"] == []
assert code(client("ecr", "eu-west-1", owner).get_repository_policy, repositoryName="base/java") == (
    "RepositoryNotFoundException"
)
assert code(client("ecr", credentials=(*owner[:2], "stolen")).describe_repositories) == "UnrecognizedClientException"
assert code(client("ecr", credentials=(owner[0], "x", owner[2])).describe_repositories) == "InvalidSignatureException"

# A session policy
read_only = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "ecr:Get*", "Resource": "*"}}
reader = client("ecr", credentials=assume("111122223333", Policy=json.dumps(read_only)))
assert code(reader.get_repository_policy, repositoryName="base/java") == "RepositoryPolicyNotFoundException"
written = code(reader.set_repository_policy, repositoryName="base/java", policyText=json.dumps(policy))
assert written == "AccessDeniedException"

# Organizations, with pages that are empty
organizations = client("organizations")
assert organizations.describe_organization()["Organization"]["Id"] == "o-a1b2c3d4e5"
assert [root["Id"] for root in organizations.get_paginator("list_roots").paginate().search("Roots[]")] == ["r-ab12"]
pages = organizations.get_paginator("list_accounts").paginate()
accounts = [account for page in pages for account in page["Accounts"]]
assert [account["Id"] for account in accounts] == [f"4444000000{n:02}" for n in range(5)], accounts
assert accounts[0]["State"] == "ACTIVE"
missing = code(organizations.list_accounts_for_parent, ParentId="r-none")
assert missing == "ParentNotFoundException"
assert code(client("organizations", credentials=owner).list_roots) == "AWSOrganizationsNotInUseException"

# Faults: the first two writes of base/python are throttled, its first two reads fail with HTML, and botocore gets
# through by itself.
patient = client("ecr", credentials=owner, attempts=4)
patient.set_repository_policy(repositoryName="base/python", policyText=json.dumps(policy))
patient.get_repository_policy(repositoryName="base/python")
