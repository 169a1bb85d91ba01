"""What of a call's arguments, answer and failure goes into its record, and that they themselves stay as they are."""

from __future__ import annotations

import copy
import io

import botocore.exceptions
import pytest
from border import answer
from botocore.config import Config
from botocore.stub import Stubber
from moto import mock_aws

import bototrail


def test_bodies_are_not_touched(client):
    class Body(io.BytesIO):
        reads = 0

        def read(self, *args):
            Body.reads += 1
            return super().read(*args)

    with mock_aws():
        s3 = client("s3")
        s3.create_bucket(Bucket="bodies")
        s3.put_object(Bucket="bodies", Key="k", Body=Body(b"hello"))
        plain = Body.reads
        with bototrail.recording() as trail:
            s3.put_object(Bucket="bodies", Key="k", Body=Body(b"hello"))
            assert s3.get_object(Bucket="bodies", Key="k")["Body"].read() == b"hello"
    assert Body.reads == 2 * plain
    assert "hello" not in str(trail.records)


def test_arguments_and_results_are_neither_changed_nor_kept(client):
    item = {"id": {"S": "1"}, "tags": {"L": [{"S": "a"}]}}
    before = copy.deepcopy(item)
    with mock_aws():
        table = client("dynamodb")
        table.create_table(
            TableName="t",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        plain = table.describe_table(TableName="t")["Table"]
        tags = [{"Key": "a", "Value": "1"}]
        with bototrail.recording() as trail:
            table.put_item(TableName="t", Item=item)
            recorded = table.describe_table(TableName="t")["Table"]
            table.tag_resource(ResourceArn=plain["TableArn"], Tags=tags)
            tags[0]["Value"] = "changed later"
    assert item == before
    assert recorded.keys() == plain.keys()
    assert trail.records[2]["requestParameters"]["tags"] == [{"key": "a", "value": "1"}]


CREATED = (
    b'<CreateSessionResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Credentials>'
    b"<SessionToken>s3cret-token</SessionToken><SecretAccessKey>s3cret-key</SecretAccessKey>"
    b"<AccessKeyId>ASIASESSION</AccessKeyId><Expiration>2123-07-09T12:05:03Z</Expiration>"
    b"</Credentials></CreateSessionResult>"
)


def test_directory_buckets_are_a_service_of_their_own(client):
    """Requests of the S3 client that are signed for S3 Express One Zone, with the session that the SDK makes first."""
    s3 = client("s3")
    answer(s3, (200, CREATED), (200, b""))
    with bototrail.recording() as trail:
        s3.put_object(Bucket="logs--use1-az4--x-s3", Key="k", Body=b"x")
        s3.put_object(Bucket="logs", Key="k", Body=b"x")
    session, put, plain = trail.records
    assert [r["eventName"] for r in trail.records] == ["CreateSession", "PutObject", "PutObject"]
    assert [r["eventSource"] for r in trail.records] == ["s3express.amazonaws.com"] * 2 + ["s3.amazonaws.com"]
    assert session["readOnly"] is True
    assert session["responseElements"]["credentials"] == {
        "sessionToken": "HIDDEN_DUE_TO_SECURITY_REASONS",
        "accessKeyId": "ASIASESSION",
        "expiration": "Jul 9, 2123, 12:05:03 PM",
    }
    assert put["additionalEventData"]["availabilityZone"] == "use1-az4"
    assert put["resources"][1]["type"] == "AWS::S3Express::DirectoryBucket"
    assert put["resources"][1]["ARN"].endswith(":bucket/logs--use1-az4--x-s3")
    assert plain["resources"][0]["type"] == "AWS::S3::Object"
    assert "s3cret" not in str(trail.records)


def test_an_exception_says_where_a_call_went_and_not_what_it_said(client):
    """URLs in messages carry signatures, session tokens and sensitive arguments."""
    chime = client("chime", endpoint_url="http://127.0.0.1:1", config=Config(retries={"total_max_attempts": 1}))
    with bototrail.recording() as trail, pytest.raises(botocore.exceptions.EndpointConnectionError):
        chime.list_users(AccountId="a", UserEmail="private@example.com")
    assert trail.records[0]["errorMessage"] == 'Could not connect to the endpoint URL: "http://127.0.0.1:1"'
    assert "private" not in str(trail.records)


@pytest.mark.parametrize("headers", [[1], "x", {"x-amz-server-side-encryption": ["l"]}, {"content-length": object()}])
def test_odd_headers_of_a_mock_lose_no_record(client, headers):
    s3 = client("s3")
    with Stubber(s3) as stub, bototrail.recording() as trail:
        stub.add_response("list_buckets", {"ResponseMetadata": {"HTTPHeaders": headers, "HTTPStatusCode": 200}})
        s3.list_buckets()
    assert [r["eventName"] for r in trail.records] == ["ListBuckets"]
