"""Signs requests with botocore: a JSON list of cases on standard input, a JSON list of Authorization values out."""

import datetime
import json
import sys

import botocore.auth
import botocore.awsrequest
import botocore.credentials


def sign(case):
    moment = datetime.datetime.fromtimestamp(case["time"], datetime.timezone.utc)
    # The signer asks for the time itself; under one of these names, depending on the version.
    botocore.auth.get_current_datetime = lambda remove_tzinfo=True: moment.replace(tzinfo=None if remove_tzinfo else moment.tzinfo)

    class Frozen(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return moment.replace(tzinfo=None)

        @classmethod
        def now(cls, tz=None):
            return moment

    botocore.auth.datetime = type("datetime", (), {"datetime": Frozen, "timezone": datetime.timezone})
    request = botocore.awsrequest.AWSRequest(
        method=case["method"], url=case["url"], data=case["body"].encode("utf-8")
    )
    for name, value in case["headers"]:
        request.headers[name] = value
    credentials = botocore.credentials.Credentials(
        case["accessKeyID"], case["secretAccessKey"], case.get("sessionToken")
    )
    kind = botocore.auth.S3SigV4Auth if case["service"] == "s3" else botocore.auth.SigV4Auth
    kind(credentials, case["service"], case["region"]).add_auth(request)
    return request.headers["Authorization"]


json.dump([sign(case) for case in json.load(sys.stdin)], sys.stdout)
