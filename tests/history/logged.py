"""Log files with events, for those who read them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from uuid import uuid4

ALWAYS = ("--days", "36500")
"""Options of commands that are to see events of any age."""


def event(name="GetObject", time="2026-09-21T12:00:00Z", event_id=None, source="s3.amazonaws.com", **fields):
    """A record of a user's call."""
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": "AIDAEXAMPLE",
            "arn": "arn:aws:iam::111122223333:user/ana",
            "accountId": "111122223333",
            "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
            "userName": "ana",
        },
        "eventTime": time,
        "eventSource": source,
        "eventName": name,
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "192.0.2.7",
        "userAgent": "Boto3/1.40",
        "requestParameters": {"bucketName": "reports", "key": "a.csv"},
        "responseElements": None,
        "requestID": "REQUEST",
        "eventID": event_id or str(uuid4()),
        "readOnly": name.startswith(("Get", "List", "Describe")),
        "resources": [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::reports/a.csv"}],
        "eventType": "AwsApiCall",
        "managementEvent": False,
        "recipientAccountId": "111122223333",
        "eventCategory": "Data",
        **fields,
    }


def role(name="worker", session="job-1"):
    """UserIdentity of a role's session."""
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{session}",
        "arn": f"arn:aws:sts::111122223333:assumed-role/{name}/{session}",
        "accountId": "111122223333",
        "accessKeyId": "ASIAEXAMPLE",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAEXAMPLE",
                "arn": f"arn:aws:iam::111122223333:role/jobs/{name}",
                "accountId": "111122223333",
                "userName": name,
            },
            "attributes": {"creationDate": "2026-09-21T11:00:00Z", "mfaAuthenticated": "true"},
        },
    }


def put(bucket: Path, *records, name=None, day="2026/09/21") -> Path:
    """Deliver a log file."""
    folder = bucket / f"AWSLogs/111122223333/CloudTrail/eu-central-1/{day}"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = day.replace("/", "")
    path = folder / (name or f"111122223333_CloudTrail_eu-central-1_{stamp}T1220Z_{uuid4().hex[:16]}.json.gz")
    path.write_bytes(gzip.compress(json.dumps({"Records": list(records)}).encode()))
    return path
