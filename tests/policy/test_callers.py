"""Choosing the calls of one role or user."""

from __future__ import annotations

import pytest

from bototrail.errors import ConfigError
from bototrail.policy.callers import Caller

SESSION = {
    "type": "AssumedRole",
    "arn": "arn:aws:sts::111122223333:assumed-role/worker/nightly",
    "sessionContext": {"sessionIssuer": {"arn": "arn:aws:iam::111122223333:role/service/worker"}},
}
USER = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/devices/worker"}


@pytest.mark.parametrize(
    ("asked", "identity", "expected"),
    [
        ("arn:aws:iam::111122223333:role/service/worker", SESSION, True),
        ("arn:aws:iam::111122223333:role/worker", SESSION, True),
        ("arn:aws:iam::111122223333:role/worker", {"arn": SESSION["arn"]}, True),
        ("arn:aws:iam::999988887777:role/worker", SESSION, False),
        ("arn:aws:iam::111122223333:role/other", SESSION, False),
        ("arn:aws:iam::111122223333:role/worker", USER, False),
        ("arn:aws:iam::111122223333:user/worker", USER, True),
        ("worker", SESSION, True),
        ("worker", USER, True),
        ("nightly", SESSION, False),
        ("arn:aws:sts::111122223333:assumed-role/worker/nightly", SESSION, True),
        ("arn:aws:sts::111122223333:assumed-role/worker/daily", SESSION, False),
        ("arn:aws:iam::111122223333:root", {"arn": "arn:aws:iam::111122223333:root"}, True),
        ("worker", None, False),
        ("worker", {"sessionContext": None, "arn": 7}, False),
        ("worker", {"sessionContext": 3}, False),
        ("worker", {"sessionContext": {"sessionIssuer": []}}, False),
    ],
)
def test_a_caller_is_known_by_arn_or_name(asked, identity, expected):
    assert Caller(asked).made({"userIdentity": identity}) is expected


@pytest.mark.parametrize("text", ["", "arn:aws:s3:::bucket", "two words", "arn:aws:iam::1:role/x"])
def test_what_is_no_caller_is_said(text):
    with pytest.raises(ConfigError, match="expected the ARN or name of a role or user"):
        Caller(text)
