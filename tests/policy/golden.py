"""The golden records as policies are made of: 95 services, each a few operations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ACCOUNT = "111122223333"
WHOLE = {
    "eventType": "AwsApiCall",
    "recipientAccountId": ACCOUNT,
    "userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/alice", "accessKeyId": "AKIAEXAMPLE"},
}


def records() -> list[dict[str, Any]]:
    folder = Path(__file__).parent.parent / "record" / "golden"
    rows = [row for path in sorted(folder.glob("*.json")) for row in json.loads(path.read_text())]
    return [{**WHOLE, **row["record"]} for row in rows]


def record(head: str, name: str, parameters: Any = None, **more: Any) -> dict[str, Any]:
    """A record of one call."""
    return {
        **WHOLE,
        "eventSource": f"{head}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-central-1",
        "requestParameters": parameters,
        **more,
    }
