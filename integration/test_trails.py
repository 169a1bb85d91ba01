"""Several trails at once: the right records in each destination and only those."""

from __future__ import annotations

import json
import re
import sys

import pytest
from support import ACCOUNT, names, read_log_file, script
from three_trails import Three


@pytest.fixture(autouse=True)
def photos(moto):
    moto.client("s3").create_bucket(Bucket="photos")


def keys(records):
    return sorted(int(record["requestParameters"]["key"]) for record in records)


def test_three_trails_get_the_right_records_and_only_those(place, seaweed, moto):
    three = Three(place, seaweed, moto, "three-at-once")
    place.run(sys.executable, three.program, three.name, 3, **three.options)
    assert len(three.finished()) == 24
    three.check()


class TestWithinOneProgram:
    START = """
        import json, pathlib, boto3, bototrail
        s3, file = boto3.client("s3"), pathlib.Path("trails.json")
        DATA = [{"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}]

        def use(**folders):
            always = {"IsMultiRegionTrail": True, "EventSelectors": DATA}
            trails = [{"Name": f"trail-{name}", "S3BucketName": f"bucket-{name}", **always} for name in folders]
            buckets = {f"bucket-{name}": folder for name, folder in folders.items()}
            file.write_text(json.dumps({"buckets": buckets, "trailList": trails}))

        def call(number):
            s3.put_object(Bucket="photos", Key=str(number))
            assert bototrail.flush().complete

        use(a="a")
        bototrail.start(trails=file)
        call(0)
    """

    def run(self, place, *statements):
        program = place.program(self.START)
        program.write_text("\n".join([program.read_text(), *statements]))
        return place.run(sys.executable, program)

    def test_a_new_trail_is_used_from_the_next_flush_on(self, place):
        self.run(place, "use(a='a', b='b')", "call(1)", "call(2)")
        assert [keys(place.records(folder)) for folder in "ab"] == [[0, 1, 2], [2]]

    def test_a_trail_that_is_gone_gets_what_it_still_has_to_get(self, place):
        self.run(place, "use(b='b')", "call(1)", "call(2)")
        assert [keys(place.records(folder)) for folder in "ab"] == [[0, 1], [2]]

    def test_a_bucket_that_has_moved_is_used(self, place):
        self.run(place, "use(a='elsewhere')", "call(1)", "call(2)")
        assert [keys(place.records(folder)) for folder in ("a", "elsewhere")] == [[0], [1, 2]]

    def test_a_broken_file_changes_nothing_and_is_told_until_it_is_mended(self, place):
        told = "print(bototrail.status()['last_error']['trails'])"
        statements = ["file.write_text('{\\n\"trailList\": [}')", "call(1)", told, "use(b='b')", "call(2)", "call(3)"]
        done = self.run(place, *statements)
        assert [keys(place.records(folder)) for folder in "ab"] == [[0, 1, 2], [3]]
        [line] = done.stderr.splitlines()
        for text in (line, done.stdout):
            assert "goes on with the trails it has: " in text
            assert "trails.json:2" in text
        [row] = [row for row in place.status()["trails"] if row["Name"] == "trail-b"]
        assert row["LatestDeliveryError"] is None

    def test_each_change_is_told_once(self, place):
        done = self.run(place, "file.unlink()", "call(1)", "call(2)", "file.write_text('[]')", "call(3)", "call(4)")
        assert [re.search("no file|TrailNotProvided", line)[0] for line in done.stderr.splitlines()] == [
            "no file",
            "TrailNotProvided",
        ]
        assert keys(place.records("a")) == [0, 1, 2, 3, 4]


def test_trails_of_one_region_of_all_and_of_an_organization(place):
    one = {"IsMultiRegionTrail": False, "HomeRegion": "eu-west-1"}
    home = {"IsMultiRegionTrail": False, "HomeRegion": "us-east-1"}
    trails = {
        "all-regions": {"IsMultiRegionTrail": True},
        "one-region": one,
        "home-region": home,
        "not-global": {**home, "IncludeGlobalServiceEvents": False},
        "organization": {"IsMultiRegionTrail": True, "IsOrganizationTrail": True, "OrganizationId": "o-exampleorg"},
    }
    rows = [{"Name": name, "S3BucketName": name, **fields} for name, fields in trails.items()]
    place.program(json.dumps({"buckets": {name: name for name in trails}, "trailList": rows}), "trails.json")
    source = """
        import boto3
        for region in ("eu-west-1", "us-east-1"):
            boto3.client("ec2", region_name=region).describe_vpcs()
        boto3.client("iam", region_name="eu-west-1").list_users()
    """
    place.run(sys.executable, place.program(source), BOTOTRAIL_TRAILS="trails.json")
    ireland, virginia, iam = "eu-west-1 DescribeVpcs", "us-east-1 DescribeVpcs", "us-east-1 ListUsers"
    found = {name: seen(place.records(name)) for name in trails if name != "organization"}
    assert found == {
        "all-regions": [ireland, virginia, iam],
        "one-region": [ireland],
        "home-region": [virginia, iam],
        "not-global": [virginia],
    }
    files = {str(path.relative_to(place.folder)): path for path in place.folder.rglob("organization/AWSLogs/**/*.gz")}
    assert (
        seen(record for path in files.values() for record in read_log_file(path.read_bytes())) == found["all-regions"]
    )
    for key in files:
        assert key.startswith(f"organization/AWSLogs/o-exampleorg/{ACCOUNT}/CloudTrail/")
        assert f"/{ACCOUNT}_CloudTrail_" in key


def seen(records):
    return sorted(f"{record['awsRegion']} {record['eventName']}" for record in records)


class TestSwitchingOn:
    CALL = "import boto3; boto3.client('sts').get_caller_identity()"

    @pytest.fixture(autouse=True)
    def file(self, place):
        trail = {"Name": "all", "S3BucketName": "audit", "IsMultiRegionTrail": True}
        return place.program(json.dumps({"buckets": {"audit": "audit"}, "trailList": [trail]}), "trails.json")

    def test_by_the_environment(self, place):
        place.run(sys.executable, "-c", self.CALL, BOTOTRAIL_TRAILS="trails.json")
        assert names(place.records("audit")) == {"GetCallerIdentity": 1}

    def test_by_run(self, place):
        done = place.run(script("bototrail"), "run", "--trails", "trails.json", "--", sys.executable, "-c", self.CALL)
        assert done.stderr == f"bototrail: 1 record delivered to {place.folder / 'audit'}\n"
        assert names(place.records("audit")) == {"GetCallerIdentity": 1}

    def test_not_when_everything_is_switched_off(self, place):
        place.run(sys.executable, "-c", self.CALL, BOTOTRAIL="off", BOTOTRAIL_TRAILS="trails.json")
        assert not (place.folder / "audit").exists()

    def test_a_file_that_cannot_be_used_is_said_once_and_the_program_runs_on(self, place, file):
        file.write_text('{"trailList": [{"Name": "x", "S3BucketName": "audit"}]}')
        done = place.run(sys.executable, "-c", f"{self.CALL}; print('done')", BOTOTRAIL_TRAILS="trails.json")
        assert done.stdout == "done\n"
        assert done.stderr.startswith("bototrail: not recording: ")
        assert "trails.json:1" in done.stderr
        assert "InvalidTrailNameException" in done.stderr

    def test_run_refuses_such_a_file_before_it_runs_anything(self, place, file):
        file.write_text("[]")
        done = place.run(script("bototrail"), "run", "--trails", "trails.json", "--", "touch", "ran", code=2)
        assert "TrailNotProvidedException" in done.stderr
        assert not (place.folder / "ran").exists()
