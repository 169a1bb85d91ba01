"""`aws cloudtrail validate-logs` finds valid what bototrail signs: in a folder, in SeaweedFS and in moto's S3."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import ACCOUNT, Place, script
from validating import START, aws, needs_the_aws_cli, ours, well

pytestmark = needs_the_aws_cli

CALLS = """
    import sys, boto3
    for region in ("us-east-1", "eu-central-1"):
        boto3.client("sqs", region_name=region).list_queues(QueueNamePrefix=sys.argv[1])
"""


def test_what_is_recorded_with_the_setting_alone_is_proven(place, bucket, by_aws):
    place.record(CALLS, "one", BOTOTRAIL=bucket.location, BOTOTRAIL_LOG_FILE_VALIDATION=1)
    place.run(script("bototrail"), "digest", "--now")
    arn = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/default"
    said = [by_aws(bucket, arn, region=region) for region in ("us-east-1", "eu-central-1")]
    n = bucket.digests() // 2  # 1 each, or 2 when the hour ended meanwhile
    assert said == [well(n, 1)] * 2
    assert ours(place, bucket.location) == well(2 * n, 2)


TRAILS = """
    [buckets]
    there = {bucket}
    [[trailList]]
    Name = "audit.of-all"
    S3BucketName = "there"
    S3KeyPrefix = "mine/of all"
    HomeRegion = "eu-central-1"
    IsMultiRegionTrail = true
    AllEvents = true
    EnableLogFileValidation = true
    {more}
"""


def trails_file(place: Place, location: str, more: str = "") -> Path:
    """A trails file with one trail that has digest files."""
    path, query = location.partition("?")[::2]
    bucket = f'{{ location = "{path}", {query.replace("=", " = ", 1).replace("= ", "= " + chr(34), 1)}" }}'
    text = TRAILS.format(bucket=bucket if query else f'"{location}"', more=more)
    return place.program(text, "trails.toml")


def test_what_a_trail_of_a_trails_file_records_is_proven(place, bucket, by_aws):
    file = trails_file(place, bucket.location)
    place.record(CALLS, "one", BOTOTRAIL="", BOTOTRAIL_TRAILS=file)
    place.run(script("bototrail"), "digest", "--now")
    arn = f"arn:aws:cloudtrail:eu-central-1:{ACCOUNT}:trail/audit.of-all"
    n = bucket.digests() // 2
    assert by_aws(bucket, arn, "mine/of all") == well(n, 1)
    assert ours(place, bucket.location, "--trail", arn) == well(2 * n, 2)


@pytest.mark.parametrize("kind", ["seaweed", "moto"])
def test_encrypted_objects_are_proven(kind, place, buckets, by_aws):
    bucket = buckets(kind)
    location = f"{bucket.location}&ServerSideEncryption=AES256"
    place.record(CALLS, "one", BOTOTRAIL=location, BOTOTRAIL_LOG_FILE_VALIDATION=1)
    place.run(script("bototrail"), "digest", "--now")
    arn = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/default"
    assert by_aws(bucket, arn) == well(bucket.digests() // 2, 1)


def test_what_a_key_in_kms_signs_is_proven(place, buckets, by_aws, moto):
    bucket, kms = buckets("moto"), moto.client("kms")
    key = kms.create_key(KeySpec="RSA_3072", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    place.environ["BOTOTRAIL_SIGNING_KEY"] = key
    place.record(CALLS, "one", BOTOTRAIL=bucket.location, BOTOTRAIL_LOG_FILE_VALIDATION=1)
    place.run(script("bototrail"), "digest", "--now")
    assert not list(place.state.rglob("*.pem"))
    arn = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/default"
    assert by_aws(bucket, arn) == well(bucket.digests() // 2, 1)
    assert ours(place, bucket.location) == well(bucket.digests(), 2)


def test_an_organizations_trail_is_proven_account_by_account(place, buckets, serve):
    # Not with --s3-bucket: the CLI would look for it without the organization's id.
    bucket = buckets("folder")
    file = trails_file(place, bucket.location, 'IsOrganizationTrail = true\nOrganizationId = "o-abcdefghij"')
    place.record(CALLS, "one", BOTOTRAIL="", BOTOTRAIL_TRAILS=file)
    place.run(script("bototrail"), "digest", "--now")
    assert all(f"AWSLogs/o-abcdefghij/{ACCOUNT}/" in key for key in bucket.keys("_CloudTrail"))
    arn = f"arn:aws:cloudtrail:eu-central-1:{ACCOUNT}:trail/audit.of-all"
    n = bucket.digests() // 2
    url = serve(bucket).url
    assert aws(place, url, arn, "--account-id", ACCOUNT, region="us-east-1", start=START) == well(n, 1)
    assert ours(place, bucket.location) == well(2 * n, 2)
