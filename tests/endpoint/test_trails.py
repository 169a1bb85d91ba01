"""ListPublicKeys, DescribeTrails, GetTrail and GetTrailStatus, as boto3 sees them."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
from botocore.exceptions import ClientError
from integrity.made import ACCOUNT, CHAIN, HOUR, NOON, bucket_folder, chain_of, hours, public_key, write

from bototrail.clock import now
from bototrail.deliver.destination import Attempt
from bototrail.deliver.totals import note_attempts, note_logging
from bototrail.endpoint.library import NO_ACCOUNT, Place
from bototrail.integrity.public import PublicKey
from bototrail.integrity.public_keys import PublicKeys
from bototrail.trails import Trail, default_trail
from bototrail.trails.file import load_trails

TOLD = {
    "Name": "audit",
    "S3BucketName": "my-trail-bucket",
    "IncludeGlobalServiceEvents": True,
    "IsMultiRegionTrail": False,
    "HomeRegion": "eu-central-1",
    "TrailARN": "arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit",
    "LogFileValidationEnabled": True,
    "HasCustomEventSelectors": False,
    "HasInsightSelectors": False,
    "IsOrganizationTrail": False,
}


def at(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc)


def described(client, **options):
    return client.describe_trails(**options)["trailList"]


def code_of(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]["Code"]


# ---- keys
OLD = PublicKey(public_key(0).value, NOON - 90 * HOUR, NOON)
NEW = PublicKey(public_key(1).value, NOON - HOUR, now() + 1000 * HOUR)
ALWAYS = PublicKey(public_key(2).value)

RANGES = [
    # StartTime, EndTime, which keys
    (None, None, [ALWAYS, NEW]),
    (NOON, NOON + HOUR, [ALWAYS, OLD, NEW]),
    (NOON + 1, NOON + HOUR, [ALWAYS, NEW]),
    (NOON - 200 * HOUR, NOON - 100 * HOUR, [ALWAYS]),
    (NOON - 200 * HOUR, NOON - 90 * HOUR, [ALWAYS, OLD]),
    (NOON - 2 * HOUR, None, [ALWAYS, OLD, NEW]),
]


@pytest.mark.parametrize(("start", "end", "expected"), RANGES)
def test_keys_of_a_range_come_in_one_page(start, end, expected, serve, tmp_path):
    client = serve(tmp_path, keys=PublicKeys([NEW, OLD, ALWAYS])).client("cloudtrail")
    range_ = {name: at(time) for name, time in (("StartTime", start), ("EndTime", end)) if time is not None}
    answer = client.list_public_keys(**range_)
    assert [row["Value"] for row in answer["PublicKeyList"]] == [key.value for key in expected]
    assert "NextToken" not in answer


def test_a_key_is_told_as_the_service_does(serve, tmp_path):
    client = serve(tmp_path, keys=PublicKeys([OLD])).client("cloudtrail")
    assert client.list_public_keys(StartTime=at(NOON), EndTime=at(NOON))["PublicKeyList"] == [
        {
            "Value": OLD.value,
            "Fingerprint": OLD.fingerprint,
            "ValidityStartTime": at(OLD.start),
            "ValidityEndTime": at(OLD.end),
        }
    ]


def test_ranges_and_tokens_that_are_none(serve, tmp_path):
    call = serve(tmp_path).client("cloudtrail").list_public_keys
    assert code_of(call, StartTime=at(NOON), EndTime=at(NOON - 1)) == "InvalidTimeRangeException"
    assert code_of(call, StartTime=at(now() + HOUR)) == "InvalidTimeRangeException"
    assert code_of(call, NextToken="more") == "InvalidTokenException"


# ---- trails of digest files
def test_digest_files_tell_the_trail(serve, tmp_path):
    bucket_folder(tmp_path / "b")
    client = serve(tmp_path / "b").client("cloudtrail")
    assert described(client) == [TOLD]
    assert client.get_trail(Name="audit")["Trail"] == TOLD
    assert client.get_trail(Name=TOLD["TrailARN"])["Trail"] == TOLD


def test_several_trails_regions_and_prefixes(serve, tmp_path):
    bucket_folder(tmp_path / "b", 2)
    bucket_folder(tmp_path / "b", 2, chain=CHAIN._replace(region="us-east-1"))
    bucket_folder(tmp_path / "b", 2, chain=CHAIN._replace(trail="other", prefix="a/b", account="444455556666"))
    (tmp_path / "b" / "left" / "AWSLogs" / "no-account").mkdir(parents=True)
    found = described(serve(tmp_path / "b").client("cloudtrail"))
    other = "arn:aws:cloudtrail:eu-central-1:444455556666:trail/other"
    assert found == [
        {**TOLD, "IsMultiRegionTrail": True},
        {**TOLD, "Name": "other", "S3KeyPrefix": "a/b", "TrailARN": other},
    ]


def test_a_trail_whose_prefix_has_changed_is_where_its_newest_digest_file_is(serve, tmp_path):
    bucket_folder(tmp_path / "b", 4)
    bucket_folder(tmp_path / "b", 2, chain=CHAIN._replace(prefix="old"))
    assert described(serve(tmp_path / "b").client("cloudtrail")) == [TOLD]


def test_a_new_trail_is_seen_without_a_restart(serve, tmp_path):
    bucket_folder(tmp_path / "b", 1)
    client = serve(tmp_path / "b").client("cloudtrail")
    described(client)
    bucket_folder(tmp_path / "b", 2, chain=CHAIN._replace(trail="later"))
    assert [trail["Name"] for trail in described(client)] == ["audit", "later"]


def test_a_trail_that_ended_long_ago_is_seen(serve, tmp_path):
    bucket_folder(tmp_path / "b", 1)
    for made in chain_of(hours(1, first=NOON + 99 * HOUR), chain=CHAIN._replace(trail="later")):
        write(tmp_path / "b", made.key, made.body)
    assert [trail["Name"] for trail in described(serve(tmp_path / "b").client("cloudtrail"))] == ["audit", "later"]


def test_an_organization(serve, tmp_path):
    for account in (ACCOUNT, "444455556666"):
        bucket_folder(tmp_path / "b", 1, chain=CHAIN._replace(account=account, organization="o-exampleorgid"))
    served = serve(tmp_path / "b")
    assert described(served.client("cloudtrail")) == [{**TOLD, "IsOrganizationTrail": True}]
    assert served.client("organizations").describe_organization()["Organization"] == {"Id": "o-exampleorgid"}


def test_no_organization(serve, tmp_path):
    client = serve(tmp_path).client("organizations")
    assert code_of(client.describe_organization) == "AWSOrganizationsNotInUseException"


@pytest.mark.parametrize("body", [b"", b"no gzip", b"\x1f\x8b\x08\x00"])
def test_a_broken_digest_file_still_tells_its_name(body, serve, tmp_path):
    made = bucket_folder(tmp_path / "b", 1)
    write(tmp_path / "b", made[-1].key, body)
    assert described(serve(tmp_path / "b").client("cloudtrail")) == [{**TOLD, "S3BucketName": "b"}]


# ---- trails of a trails file
FILE = """
[buckets]
audit = "./b"
elsewhere = {{ location = "s3://real-name/below", region_name = "eu-central-1" }}

[[trailList]]
Name = "audit"
S3BucketName = "audit"
HomeRegion = "eu-central-1"
S3KeyPrefix = "logs"
EnableLogFileValidation = true
TagsList = [{{ Key = "team", Value = "x" }}]
{more}
"""
ELSEWHERE = """
[[trailList]]
Name = "second"
S3BucketName = "elsewhere"
S3KeyPrefix = "deep"
HomeRegion = "us-east-1"
TrailARN = "arn:aws:cloudtrail:us-east-1:444455556666:trail/second"
"""


def places(folder, more=""):
    (folder / "trails.toml").write_text(FILE.format(more=more))
    trails = load_trails(folder / "trails.toml").trails
    return [Place(trail.bucket, [trail]) for trail in trails]


def test_the_trails_file_tells_trails(serve, tmp_path):
    bucket_folder(tmp_path / "b", 1, chain=CHAIN._replace(prefix="logs"), bucket="audit")
    client = serve(*places(tmp_path)).client("cloudtrail")
    assert described(client) == [{**TOLD, "S3BucketName": "audit", "S3KeyPrefix": "logs", "RecursiveLogging": True}]


def test_the_account_comes_from_what_is_there(serve, tmp_path):
    client = serve(*places(tmp_path)).client("cloudtrail")
    arn = "arn:aws:cloudtrail:eu-central-1:{}:trail/audit"
    (tmp_path / "b" / "logs" / "AWSLogs").mkdir(parents=True)
    assert described(client)[0]["TrailARN"] == arn.format(NO_ACCOUNT)
    (tmp_path / "b" / "logs" / "AWSLogs" / "777788889999").mkdir()
    assert described(client)[0]["TrailARN"] == arn.format("777788889999")


def test_names_arns_and_regions_choose_trails(serve, tmp_path):
    (tmp_path / "b").mkdir()
    client = serve(*places(tmp_path, ELSEWHERE.replace('"elsewhere"', '"audit"'))).client("cloudtrail")

    def named(**options):
        return [trail["Name"] for trail in described(client, **options)]

    assert named() == ["audit", "second"]
    assert named(trailNameList=["second", "nobody"]) == ["second"]
    assert named(trailNameList=["arn:aws:cloudtrail:us-east-1:444455556666:trail/second", "audit"]) == [
        "audit",
        "second",
    ]
    assert named(includeShadowTrails=False) == ["audit"]


def test_a_folder_that_is_not_there_yet_hides_no_other(serve, tmp_path):
    bucket_folder(tmp_path / "b", 1)
    second = Trail("second", str(tmp_path / "none"), "nothing", TrailARN=f"{TOLD['TrailARN'][:-5]}second")
    served = serve(Place(second.bucket, [second]), Place(str(tmp_path / "b")))
    assert [trail["Name"] for trail in described(served.client("cloudtrail"))] == ["second", "audit"]
    assert served.client("s3").list_objects(Bucket="my-trail-bucket")["Contents"]
    assert code_of(served.client("s3").list_objects, Bucket="nothing") == "NoSuchBucket"


# ---- names
NAMES = [
    ("nobody", "TrailNotFoundException", "Unknown trail: nobody for the user: 111122223333"),
    ("ab", "InvalidTrailNameException", "Trail name too short. Minimum allowed length: 3 characters. Specified"),
    ("", "InvalidTrailNameException", "Trail name cannot be blank!"),
    ("a" * 129, "InvalidTrailNameException", "Trail name too long."),
    ("a__b", "InvalidTrailNameException", "expected no two of '.', '_' and '-' side by side"),
    ("../../etc", "InvalidTrailNameException", "Trail name or ARN can only contain"),
    ("abc\0", "InvalidTrailNameException", "Trail name or ARN can only contain"),
    ("arn:aws:cloudtrail:x", "CloudTrailARNInvalidException", "expected the ARN of a trail"),
]


@pytest.mark.parametrize(("name", "code", "message"), NAMES)
def test_names_that_no_trail_has(name, code, message, serve, tmp_path):
    bucket_folder(tmp_path / "b", 1)
    client = serve(tmp_path / "b").client("cloudtrail")
    with pytest.raises(getattr(client.exceptions, code)) as caught:
        client.get_trail(Name=name)
    assert caught.value.response["Error"]["Message"].startswith(message)
    assert code_of(client.get_trail_status, Name=name) == code
    if code != "TrailNotFoundException":
        assert code_of(client.describe_trails, trailNameList=["audit", name]) == code


def test_status_names_an_unknown_trail_by_its_arn(serve, tmp_path):
    client = serve(tmp_path).client("cloudtrail")
    with pytest.raises(client.exceptions.TrailNotFoundException, match=f"central-1:{NO_ACCOUNT}:trail/nobody for the"):
        client.get_trail_status(Name="nobody")


# ---- status
def status(client, name="audit"):
    return {k: v for k, v in client.get_trail_status(Name=name).items() if k != "ResponseMetadata"}


def test_status_of_what_never_recorded_here(serve, tmp_path):
    bucket_folder(tmp_path / "b", 2)
    client = serve(tmp_path / "b").client("cloudtrail")
    assert status(client) == {"IsLogging": False, "LatestDigestDeliveryTime": at(NOON + HOUR)}


def test_status_of_a_trail_that_recorded_here(serve, tmp_path):
    trail = Trail("audit", str(tmp_path / "b"))
    note_logging(tmp_path / "state", [trail], "StartLoggingTime", NOON)
    note_attempts(
        tmp_path / "state",
        [
            Attempt(trail, "Delivery", NOON + 1, None),
            Attempt(trail, "Notification", NOON + 2, ValueError("no")),
            Attempt(trail, "EventBridgeDelivery", NOON + 3, None),
            Attempt(default_trail(str(tmp_path / "b")), "Delivery", NOON + 99, None),
        ],
    )
    bucket_folder(tmp_path / "b", 1)
    assert status(serve(tmp_path / "b").client("cloudtrail")) == {
        "IsLogging": False,
        "LatestDeliveryTime": at(NOON + 1),
        "LatestDeliveryAttemptTime": "2026-09-21T12:00:01Z",
        "LatestDeliveryAttemptSucceeded": "2026-09-21T12:00:01Z",
        "LatestNotificationError": "ValueError",
        "LatestNotificationAttemptTime": "2026-09-21T12:00:02Z",
        "LatestDigestDeliveryTime": at(NOON),
        "StartLoggingTime": at(NOON),
        "TimeLoggingStarted": "2026-09-21T12:00:00Z",
    }


def test_a_broken_state_is_no_failure(serve, tmp_path):
    bucket_folder(tmp_path / "b", 1)
    (tmp_path / "state").mkdir()
    row = {"Name": "audit", "bucket": str(tmp_path / "b")}
    row |= {"LatestDeliveryTime": "2026-13-99T99:00:00Z", "LatestDeliveryError": 7}
    (tmp_path / "state" / "trails.json").write_text(json.dumps({"x": row}))
    client = serve(tmp_path / "b").client("cloudtrail")
    assert status(client) == {"IsLogging": False, "LatestDigestDeliveryTime": at(NOON)}
