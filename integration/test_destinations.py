"""What arrives at each destination of a trail, in which form, and with which rights."""

from __future__ import annotations

import base64
import json
import sys
from urllib.parse import parse_qs

import pytest
from receivers import Bus, LogGroup
from relay import Relay
from support import KEY, read_log_file

ARN = "arn:aws:cloudtrail:us-east-1:{account}:trail/audit"
EVENTS = [{"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}]

CALLS = """
    import boto3
    s3 = boto3.client("s3")
    s3.list_buckets()
    s3.put_bucket_tagging(Bucket="photos", Tagging={"TagSet": []})
    s3.put_object(Bucket="photos", Key="0")
    s3.get_object(Bucket="photos", Key="0")
"""
ALL = ["GetObject", "ListBuckets", "PutBucketTagging", "PutObject"]


@pytest.fixture(autouse=True)
def photos(moto):
    moto.client("s3").create_bucket(Bucket="photos")


def trail(place, buckets=(), **fields):
    """Write a trails file with one trail, and say where it is."""
    always = {"Name": "audit", "S3BucketName": "audit", "IsMultiRegionTrail": True, "EventSelectors": EVENTS}
    file = {"buckets": {"audit": "bucket", **dict(buckets)}, "trailList": [{**always, **fields}]}
    return {"BOTOTRAIL_TRAILS": place.program(json.dumps(file), "trails.json")}


def names(records):
    return sorted(record["eventName"] for record in records)


@pytest.mark.parametrize("bus", ["default", "own"])
@pytest.mark.parametrize("asked", [False, True])
def test_events_of_a_bus_are_cloudtrails(bus, asked, place, moto):
    name = f"events-of-{bus}-{asked}"
    bus = name if bus == "own" else bus
    made = Bus(moto, name, {"detail-type": ["AWS API Call via CloudTrail"], "source": ["aws.s3"]}, bus)
    options = trail(place, EventBridge={"EventBusName": bus, "ReadOnlyManagementEvents": asked})
    place.run(sys.executable, place.program(CALLS), **options)
    records = {record["eventName"]: record for record in place.records()}
    assert sorted(records) == ALL
    events = made.events()
    assert names(event["detail"] for event in events) == [n for n in ALL if asked or n != "ListBuckets"]
    for event in events:
        record = records[event["detail"]["eventName"]]
        assert event.pop("id") != record["eventID"]
        assert event == {  # but for `account`, which moto leaves out
            "version": "0",
            "detail-type": "AWS API Call via CloudTrail",
            "source": "aws.s3",
            "time": record["eventTime"],
            "region": record["awsRegion"],
            "resources": [],
            "detail": record,
        }


def test_log_events_are_the_records_in_their_order(place, moto):
    group = LogGroup(moto, "audit-logs")
    role = "arn:aws:iam::123456789012:role/logs"
    options = trail(place, CloudWatchLogsLogGroupArn=group.arn, CloudWatchLogsRoleArn=role)
    place.run(sys.executable, place.program(CALLS), **options)
    [(stream, records)] = group.streams().items()
    assert stream == "123456789012_CloudTrail_us-east-1"
    assert records == place.records()
    assert [record["eventName"] for record in records] == ["ListBuckets", "PutBucketTagging", "PutObject", "GetObject"]


class TestOptionsOfS3:
    @pytest.fixture
    def s3(self, http):
        """A server that takes every object, and keeps the headers."""
        return http(lambda *_: (200, b"", [("ETag", '"0"')]))

    def headers(self, place, s3, **fields):
        """Deliver, and return key and headers of the log file."""
        place.run(sys.executable, place.program(CALLS), **trail(place, **fields))
        [(path, headers)] = [
            (path, headers)
            for (method, path), headers in zip(s3.requests, s3.headers, strict=True)
            if method == "PUT" and path.endswith(".gz")
        ]
        return path.removeprefix("/audit/"), {name.lower(): value for name, value in headers.items()}

    def test_without_any_only_the_bucket_s_owner_gets_all_rights(self, place, s3):
        key, headers = self.headers(place, s3, buckets={"audit": {"endpoint_url": s3.url}})
        assert KEY.fullmatch(key)
        assert (headers["x-amz-acl"], headers["if-none-match"]) == ("bucket-owner-full-control", "*")
        assert not {"x-amz-expected-bucket-owner", "x-amz-server-side-encryption", "x-amz-tagging"} & set(headers)

    def test_all_of_them_arrive(self, place, s3):
        tags = {"team": "a b", "cost/centre": "ä=1&2"}
        options = {"ACL": "private", "ExpectedBucketOwner": "123456789012", "Tagging": tags}
        encrypted = {"ServerSideEncryption": "AES256"}
        _, headers = self.headers(place, s3, buckets={"audit": {"endpoint_url": s3.url, **options, **encrypted}})
        assert headers["x-amz-acl"] == "private"
        assert headers["x-amz-expected-bucket-owner"] == "123456789012"
        assert headers["x-amz-server-side-encryption"] == "AES256"
        assert parse_qs(headers["x-amz-tagging"]) == {name: [value] for name, value in tags.items()}

    def test_a_key_of_kms_is_used_with_cloudtrails_context(self, place, s3):
        kms = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"
        arn = ARN.format(account="123456789012")
        fields = {"KmsKeyId": kms, "TrailARN": arn, "S3KeyPrefix": "pre"}
        key, headers = self.headers(place, s3, buckets={"audit": {"endpoint_url": s3.url}}, **fields)
        assert key.startswith("pre/AWSLogs/123456789012/CloudTrail/us-east-1/")
        assert headers["x-amz-server-side-encryption"] == "aws:kms"
        assert headers["x-amz-server-side-encryption-aws-kms-key-id"] == kms
        assert json.loads(base64.b64decode(headers["x-amz-server-side-encryption-context"])) == {
            "aws:cloudtrail:arn": arn,
            "aws:s3:arn": f"arn:aws:s3:::audit/{key}",
        }

    def test_a_server_that_encrypts_does(self, place, seaweed):
        bucket = {"location": "s3://trail", "endpoint_url": seaweed.url, "ServerSideEncryption": "AES256"}
        place.run(sys.executable, place.program(CALLS), **trail(place, {"audit": bucket}, S3KeyPrefix="encrypted"))
        [found] = [each for key, each in seaweed.objects("encrypted/").items() if key.endswith(".gz")]
        assert found["ServerSideEncryption"] == "AES256"
        assert names(read_log_file(found["Body"])) == ALL

    def test_a_role_is_assumed_and_signs(self, place, moto):
        relay = Relay(moto.url, "500", b"")
        relay.recover()
        moto.client("s3").create_bucket(Bucket="bucket-of-a-role")
        role = {"role_arn": "arn:aws:iam::123456789012:role/deliverer", "endpoint_url": relay.url}
        options = trail(place, {"audit": "s3://bucket-of-a-role"}, delivery=role)
        place.run(sys.executable, place.program(CALLS), **options)
        relay.close()
        signers = [headers["Authorization"].partition("Credential=")[2][:4] for headers in relay.headers]
        assert set(zip((method for method, _ in relay.requests), signers, strict=True)) == {
            ("POST", "writ"),  # AssumeRole, by the program's own credentials
            ("PUT", "ASIA"),
        }
        [key] = [row["Key"] for row in self.objects(moto, "bucket-of-a-role") if row["Key"].endswith(".gz")]
        assert KEY.fullmatch(key)

    def objects(self, moto, bucket):
        return moto.client("s3").list_objects_v2(Bucket=bucket)["Contents"]


POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::000000000000:user/{user}"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::accounts/pre/AWSLogs/{account}/*",
        }
        for user, account in (("one", "111111111111"), ("two", "222222222222"))
    ],
}
"""As CloudTrail's documentation has it for a bucket that takes log files of several accounts."""


def access_key(account):
    """The id of an access key of an account: it says whose it is."""
    return "AKIA" + base64.b32encode(((1 << 47) | (int(account) << 7)).to_bytes(6, "big") + bytes(4)).decode()


class TestSeveralAccounts:
    """Each process delivers under the number of its account, and may put nothing elsewhere."""

    @pytest.fixture(autouse=True)
    def bucket(self, place, seaweed):
        s3 = seaweed.client()
        if "accounts" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
            s3.create_bucket(Bucket="accounts")
            s3.put_bucket_policy(Bucket="accounts", Policy=json.dumps(POLICY))
        for key in seaweed.objects("", "accounts"):
            s3.delete_object(Bucket="accounts", Key=key)

    def run(self, place, seaweed, account, user):
        profile = f"[deliverer]\naws_access_key_id = {user}\naws_secret_access_key = {user}-secret\n"
        place.program(profile, "credentials")
        fields = {
            "S3BucketName": "accounts",
            "S3KeyPrefix": "pre",
            "TrailARN": ARN.format(account=account),
            "delivery": {"profile_name": "deliverer", "credentials_file": "credentials"},
        }
        buckets = {"accounts": {"endpoint_url": seaweed.url}}
        options = {"AWS_ACCESS_KEY_ID": access_key(account), "BOTOTRAIL_IDENTITY": "offline"}
        return place.run(sys.executable, place.program(CALLS), **trail(place, buckets, **fields), **options)

    def owners(self, seaweed):
        """Of each account what there is below its number."""
        objects = seaweed.objects("", "accounts")
        assert all(key.startswith("pre/AWSLogs/") for key in objects)
        return {
            account: sorted(
                "log file" if key.endswith(".gz") else key.partition(account)[2]
                for key in objects
                if key.startswith(f"pre/AWSLogs/{account}/")
            )
            for account in {key.split("/")[2] for key in objects}
        }

    def test_each_below_its_own_number(self, place, seaweed):
        for account, user in (("111111111111", "one"), ("222222222222", "two")):
            assert self.run(place, seaweed, account, user).stderr.count("not recording") == 0
        own = ["/CloudTrail/", "log file"]
        assert self.owners(seaweed) == {"111111111111": own, "222222222222": own}
        records = seaweed.records("pre/AWSLogs/111111111111/", "accounts")
        assert names(records) == ALL
        assert {record["recipientAccountId"] for record in records} == {"111111111111"}

    def test_below_that_of_another_it_is_refused_and_waits(self, place, seaweed):
        done = self.run(place, seaweed, "111111111111", "two")
        assert "bototrail: records wait in the spool: expected an S3 bucket accounts that can be written" in done.stderr
        assert self.owners(seaweed) == {}
        [row] = place.status()["trails"]
        assert row["LatestDeliveryError"] == "AccessDenied"
        place.program(place.folder.joinpath("credentials").read_text().replace("two", "one"), "credentials")
        place.flush()
        assert self.owners(seaweed) == {"111111111111": ["log file"]}
        [row] = place.status()["trails"]
        assert row["LatestDeliveryError"] is None
