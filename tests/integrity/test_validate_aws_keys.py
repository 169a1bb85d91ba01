"""Public keys that CloudTrail itself is asked for."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from border import answer
from integrity.made import HOUR, NOON, bucket_folder, public_key

from bototrail.integrity.aws_keys import AwsKeys
from bototrail.integrity.validate import validate
from bototrail.store.folder import FolderStore

KEY = public_key()._replace(start=NOON - 30 * 24 * HOUR, end=NOON + 30 * 24 * HOUR)
DAY = 24 * HOUR


def listed(*keys) -> tuple[int, bytes]:
    """What ListPublicKeys answers."""
    rows = [
        {
            "Value": b64encode(key.value).decode(),
            "ValidityStartTime": key.start,
            "ValidityEndTime": key.end,
            "Fingerprint": key.fingerprint,
        }
        for key in keys
    ]
    return 200, json.dumps({"PublicKeyList": rows}).encode()


@pytest.fixture
def asking(client):
    """Keys that are asked for at clients which answer as told; and the requests that came."""

    def make(*answers, known=None):
        requests = []

        def cloudtrail(region):
            made = client("cloudtrail", region)
            requests.append((region, answer(made, *answers)))
            return made

        return AwsKeys(known or {}, cloudtrail), requests

    return make


def test_a_bucket_is_validated_with_keys_of_cloudtrail(asking, tmp_path):
    bucket_folder(tmp_path)
    keys, requests = asking(listed(KEY))
    assert {v.status for v in validate(FolderStore(tmp_path), keys, now=NOON + 4 * HOUR)} == {"valid"}
    (region, seen) = requests[0]
    assert (region, [json.loads(each.body) for each in seen]) == (
        "eu-central-1",
        [{"StartTime": NOON - NOON % DAY, "EndTime": NOON - NOON % DAY + DAY}],
    )


def test_a_region_and_a_day_are_asked_for_once(asking):
    keys, requests = asking(listed())
    for first in (NOON, NOON + HOUR, NOON + DAY):
        assert keys("eu-central-1", KEY.fingerprint, first, first + 2 * HOUR) is None
    assert keys("us-east-1", KEY.fingerprint, NOON, NOON) is None
    assert [(region, len(seen)) for region, seen in requests] == [("eu-central-1", 2), ("us-east-1", 1)]


def test_a_key_that_is_known_is_not_asked_for(asking):
    keys, requests = asking(listed(), known={KEY.fingerprint: KEY})
    assert (keys("eu-central-1", KEY.fingerprint, NOON, NOON), requests) == (KEY, [])


def test_all_pages_are_read(asking):
    first = json.dumps({"PublicKeyList": [], "NextToken": "more"}).encode()
    keys, _ = asking((200, first), listed(KEY))
    assert keys("eu-central-1", KEY.fingerprint, NOON, NOON) == KEY


DENIED = (400, b'{"__type": "AccessDeniedException", "Message": "no right to that"}')


def test_who_cannot_be_asked_is_noted_and_not_asked_again(asking):
    keys, requests = asking(DENIED, listed(KEY))
    assert [keys("eu-central-1", KEY.fingerprint, NOON + n * DAY, NOON) for n in range(3)] == [None] * 3
    assert [len(seen) for _, seen in requests] == [1]
    assert "no right to that" in keys.failures["eu-central-1"]
