"""The AWS CLI (version 1, from PyPI): recorded, it prints and returns what it prints and returns unrecorded."""

from __future__ import annotations

import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest
from support import script

pytestmark = [
    pytest.mark.newest,
    # Only looked for: importing it puts its own copy of botocore in the place of botocore.
    pytest.mark.skipif(not find_spec("awscli"), reason="the AWS CLI is not installed, see the extra `integration`"),
]

COMMANDS = {
    "s3 ls": ({"ListBuckets": 1}, 0),
    "s3 ls s3://cli-photos": ({"ListObjects": 1}, 0),
    "sts get-caller-identity": ({"GetCallerIdentity": 1}, 0),
    "s3api head-object --bucket cli-photos --key missing": ({"HeadObject": 1}, None),
    "s3api get-object --bucket cli-photos --key missing out": ({"GetObject": 1}, None),
    "dynamodb describe-table --table-name missing": ({"DescribeTable": 1}, None),
    "dynamodb list-tables --page-size 1": ({"ListTables": 1}, 0),
    "iam list-users --query Users --output text": ({"ListUsers": 1}, 0),
    "s3 presign s3://cli-photos/a --expires-in 60 --debug-no-such-option": ({}, None),
    "s3api put-object": ({}, None),
}


@pytest.fixture(autouse=True)
def photos(moto):
    moto.client("s3").create_bucket(Bucket="cli-photos")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command(command, place):
    calls, code = COMMANDS[command]
    words = [script("aws"), *command.split()]
    plain = place.run(*words, code=code)
    recorded = place.run(*words, code=code, BOTOTRAIL=place.bucket)
    assert (recorded.returncode, recorded.stdout, recorded.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    assert place.names() == calls
    for record in place.records():
        assert "aws-cli/1." in record["userAgent"]
        assert ("errorCode" in record) == (plain.returncode != 0)


def test_an_upload_and_a_download_in_parts(place):
    film = place.folder / "film"
    film.write_bytes(bytes(20 << 20))
    options = ["--no-progress"]
    for words in (["film", "s3://cli-photos/film"], ["s3://cli-photos/film", "back"]):
        plain = place.run(sys.executable, "-m", "awscli", "s3", "cp", *options, *words)
        recorded = place.run(sys.executable, "-m", "awscli", "s3", "cp", *options, *words, BOTOTRAIL=place.bucket)
        assert (recorded.stdout, recorded.stderr) == (plain.stdout, plain.stderr)
    assert Path(place.folder / "back").read_bytes() == film.read_bytes()
    records = place.records()
    assert Counter(r["eventName"] for r in records) == {
        "CreateMultipartUpload": 1,
        "UploadPart": 3,
        "CompleteMultipartUpload": 1,
        "HeadObject": 1,
        "GetObject": 3,
    }
    parts = sorted(int(r["requestParameters"]["partNumber"]) for r in records if r["eventName"] == "UploadPart")
    assert parts == [1, 2, 3]


def test_through_run(place):
    done = place.run(script("bototrail"), "run", "--bucket", "bucket", "--", "aws", "sts", "get-caller-identity")
    assert done.stderr == f"bototrail: 1 record delivered to {place.bucket}\n"
    assert place.names() == {"GetCallerIdentity": 1}
