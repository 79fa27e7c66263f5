"""Talks to a simulated S3 with botocore, a client that this project did not write.

Usage: s3.py ENDPOINT KEY SECRET. Prints nothing and ends with 0 when all is as AWS would have it. The key belongs to
the owner of the bucket `team` in eu-west-1.
"""

import base64
import hashlib
import socket
import sys

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, key, secret = sys.argv[1:4]
session = botocore.session.Session()


def client(region="eu-west-1", style="path", attempts=1):
    return session.create_client(
        "s3",
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": attempts, "mode": "standard"}, s3={"addressing_style": style}),
    )


def code(call, **parameters):
    """Status and code of a call that must fail."""
    try:
        call(**parameters)
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]
    raise AssertionError(f"{call.__name__} should have failed")


s3 = client()
bucket = {"Bucket": "team"}

# Odd keys, signed and encoded by botocore. Its default checksum is a CRC32, which it checks on reading.
keys = ["a b", "a+b", "a~b", "a//b", "/a", "ü/é", "a:b", "a'b(c)!*", "%41", ".", "a/../b", "🐳", "x" * 1024, "a=b&c?d#e"]
for odd in keys:
    body = odd.encode()
    made = s3.put_object(**bucket, Key=odd, Body=body, IfNoneMatch="*")
    assert made["ChecksumCRC32"], made
    read = s3.get_object(**bucket, Key=odd)
    assert read["Body"].read() == body and read["ETag"] == made["ETag"], odd
    assert s3.head_object(**bucket, Key=odd)["ContentLength"] == len(body)
    assert code(s3.put_object, **bucket, Key=odd, Body=b"", IfNoneMatch="*") == (412, "PreconditionFailed")
pages = s3.get_paginator("list_objects_v2").paginate(**bucket, PaginationConfig={"PageSize": 3})
listed = [entry["Key"] for page in pages for entry in page["Contents"]]
assert listed == sorted(keys, key=lambda name: name.encode()), listed

# Folders and ranges
for name in ("f/A-b", "f/A/1", "f/A/2/3", "f/B", "f/c d+é/x"):
    s3.put_object(**bucket, Key=name, Body=bytes(range(100)))
for size in (1, 2, 1000):
    pages = list(
        s3.get_paginator("list_objects_v2").paginate(
            **bucket, Prefix="f/", Delimiter="/", PaginationConfig={"PageSize": size}
        )
    )
    assert [one["Key"] for page in pages for one in page.get("Contents", [])] == ["f/A-b", "f/B"], pages
    assert [one["Prefix"] for page in pages for one in page.get("CommonPrefixes", [])] == ["f/A/", "f/c d+é/"], pages
for wanted, start, end in (("0-9", 0, 10), ("90-", 90, 100), ("-5", 95, 100), ("50-1000", 50, 100)):
    part = s3.get_object(**bucket, Key="f/B", Range=f"bytes={wanted}")
    assert part["ContentRange"] == f"bytes {start}-{end - 1}/100" and part["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert part["Body"].read() == bytes(range(start, end))
assert code(s3.get_object, **bucket, Key="f/B", Range="bytes=100-") == (416, "InvalidRange")
for name in ("f/A-b", "f/A/1", "f/A/2/3", "f/B", "f/c d+é/x"):
    s3.delete_object(**bucket, Key=name)

# Conditions
tag = s3.put_object(**bucket, Key="lock", Body=b"1", IfNoneMatch="*")["ETag"]
assert code(s3.put_object, **bucket, Key="lock", Body=b"2", IfMatch='"0"') == (412, "PreconditionFailed")
assert code(s3.put_object, **bucket, Key="none", Body=b"2", IfMatch=tag) == (404, "NoSuchKey")
second = s3.put_object(**bucket, Key="lock", Body=b"2", IfMatch=tag)["ETag"]
assert code(s3.delete_object, **bucket, Key="lock", IfMatch=tag) == (412, "PreconditionFailed")
assert s3.delete_object(**bucket, Key="lock", IfMatch=second)["ResponseMetadata"]["HTTPStatusCode"] == 204
assert code(s3.get_object, **bucket, Key="lock") == (404, "NoSuchKey")
assert code(s3.head_object, **bucket, Key="lock") == (404, "404")

# Integrity, owner, encryption, region
digest = base64.b64encode(hashlib.sha256(b"whole").digest()).decode()
assert code(s3.put_object, **bucket, Key="d", Body=b"broken", ChecksumSHA256=digest) == (400, "BadDigest")
assert s3.put_object(**bucket, Key="d", Body=b"whole", ChecksumSHA256=digest)["ChecksumSHA256"] == digest
assert s3.get_object(**bucket, Key="d", ChecksumMode="ENABLED")["ChecksumSHA256"] == digest
assert code(s3.get_object, **bucket, Key="d", ExpectedBucketOwner="111122223333") == (403, "AccessDenied")
arn = "arn:aws:kms:eu-west-1:999900001111:key/1"
s3.put_object(**bucket, Key="e", Body=b"a", ServerSideEncryption="aws:kms", SSEKMSKeyId=arn)
assert s3.get_object(**bucket, Key="e")["SSEKMSKeyId"] == arn
assert code(s3.get_object, Bucket="nobody", Key="d") == (404, "NoSuchBucket")
# botocore follows the redirect to the bucket's region by itself.
assert client("us-east-1").get_object(**bucket, Key="d")["Body"].read() == b"whole"

# The bucket in the host: every name below localhost is this machine.
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest: resolve("127.0.0.1" if host.endswith(".localhost") else host, *rest)
endpoint = endpoint.replace("127.0.0.1", "localhost")
hosted = client(style="virtual")
assert hosted.get_object(**bucket, Key="/a")["Body"].read() == b"/a"
assert hosted.list_objects_v2(**bucket, Prefix="a")["KeyCount"] == sum(name.startswith("a") for name in keys)
assert hosted.head_bucket(**bucket)["BucketRegion"] == "eu-west-1"

# The first two writes of "busy" meet SlowDown and a reset connection; botocore gets through by itself.
client(attempts=4).put_object(**bucket, Key="busy", Body=b"a")
