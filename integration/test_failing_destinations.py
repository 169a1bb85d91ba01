"""A destination that fails in every way: others and the program go on, and when it is well again it gets everything."""

from __future__ import annotations

import json
import sys
import time
from abc import ABC, abstractmethod
from collections import Counter

import pytest
from receivers import Bus, LogGroup, Topic
from relay import WAYS, Relay
from support import read_log_file, script, until

CALLS = 20
EXIT_SECONDS = 2
MARGIN = 6
"""Seconds that a busy machine may take for what should take none."""

PROGRAM = """
    import sys, time, boto3
    s3 = boto3.client("s3")
    begin = time.monotonic()
    for number in range(int(sys.argv[1])):
        s3.put_object(Bucket="photos", Key=str(number))
    print(time.monotonic() - begin, time.monotonic())
"""

OBJECTS = [{"ReadWriteType": "All", "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}]
ROLE = "arn:aws:iam::123456789012:role/logs"


class Faulty(ABC):
    """A destination behind a relay, of a trail named `faulty`."""

    error: str
    """The field of GetTrailStatus."""
    denied: bytes
    code = "AccessDenied"
    """What the service says when it refuses."""

    def __init__(self, place, servers, name, how):
        self.place, self.name = place, name
        self.servers = servers
        self.relay = Relay(self.behind(), how, self.denied)

    def behind(self):
        return self.servers["moto"].url

    @abstractmethod
    def fields(self):
        """Fields of the trail."""

    @abstractmethod
    def keys(self):
        """What has arrived: the objects' keys."""


class Bucket(Faulty):
    error = "LatestDeliveryError"
    denied = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"

    def behind(self):
        return self.servers["seaweed"].url

    def fields(self):
        return {"S3BucketName": "trail", "S3KeyPrefix": self.name}

    def keys(self):
        return keys(self.servers["seaweed"].records(f"{self.name}/AWSLogs/"))


class Notification(Faulty):
    error = "LatestNotificationError"
    denied = (
        b'<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>'
        b"<Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>"
    )
    code = "AuthorizationError"

    def fields(self):
        self.topic = Topic(self.servers["moto"], self.name)
        return {
            "S3BucketName": "aside",
            "SnsTopicName": self.topic.arn,
            "delivery": {"sns": {"endpoint_url": self.relay.url}},
        }

    def keys(self):
        told = self.topic.keys()
        assert len(set(told)) == len(told)
        return keys(
            record for key in told for record in read_log_file((self.place.folder / "aside" / key).read_bytes())
        )


class Logs(Faulty):
    error = "LatestCloudWatchLogsDeliveryError"
    denied = b'{"__type": "AccessDeniedException", "message": "no"}'
    code = "AccessDeniedException"

    def fields(self):
        self.group = LogGroup(self.servers["moto"], self.name)
        return {
            "S3BucketName": "aside",
            "CloudWatchLogsLogGroupArn": self.group.arn,
            "CloudWatchLogsRoleArn": ROLE,
            "delivery": {"logs": {"endpoint_url": self.relay.url}},
        }

    def keys(self):
        return keys(record for batch in self.group.batches() for record in batch)


class Events(Faulty):
    error = "LatestEventBridgeDeliveryError"
    denied = Logs.denied
    code = "AccessDeniedException"

    def fields(self):
        self.bus = Bus(self.servers["moto"], self.name, {"source": ["aws.s3"]}, self.name)
        return {
            "S3BucketName": "aside",
            "EventBridge": {"EventBusName": self.name},
            "delivery": {"events": {"endpoint_url": self.relay.url}},
        }

    def keys(self):
        return keys(event["detail"] for event in self.bus.events())


def keys(records):
    """How often there is a record of each object."""
    return Counter(int(record["requestParameters"]["key"]) for record in records)


EACH = Counter(range(CALLS))
KINDS = {"S3": Bucket, "SNS": Notification, "Logs": Logs, "EventBridge": Events}


@pytest.fixture
def faulty(request, place, moto, seaweed):
    """A destination that fails as the test's parameters say, and the trails file that names it."""
    moto.client("s3").create_bucket(Bucket="photos")
    kind, how = request.param
    name = f"{request.function.__name__[5:18]}-{kind}-{how}".lower().replace(" ", "-")
    made = KINDS[kind](place, {"moto": moto, "seaweed": seaweed}, name, how)
    trails = [{"Name": "faulty", **made.fields()}, {"Name": "plain", "S3BucketName": "plain"}]
    buckets = {"plain": "bucket", "aside": "aside", "trail": {"endpoint_url": made.relay.url}}
    file = {"buckets": buckets, "trailList": [{"EventSelectors": OBJECTS, **trail} for trail in trails]}
    place.program(json.dumps(file), "trails.json")
    yield made
    made.relay.hung_up.set()
    made.relay.close()


def status(place, name):
    """What GetTrailStatus would say of a trail."""
    [row] = [row for row in place.status()["trails"] if row["Name"] == name]
    return row


@pytest.mark.parametrize("faulty", [(kind, how) for kind in KINDS for how in WAYS], indirect=True, ids="-".join)
def test_others_and_the_program_go_on_and_it_gets_everything_when_it_is_well(faulty, place, request):
    _, how = request.node.callspec.params["faulty"]
    seconds = 30 if how == "slow" else EXIT_SECONDS
    options = {"BOTOTRAIL_TRAILS": "trails.json", "BOTOTRAIL_EXIT_SECONDS": seconds}
    done = place.run(sys.executable, place.program(PROGRAM), str(CALLS), **options)
    calls, end = map(float, done.stdout.split())
    assert time.monotonic() - end < seconds + MARGIN
    assert calls < MARGIN
    assert keys(place.records()) == EACH
    assert status(place, "plain").items() >= {"LatestDeliveryError": None, "IsLogging": False}.items()
    if how != "slow":
        assert tried_again(place, faulty.relay, how).startswith("delivered 0 records in 0 log files\nnot delivered: ")
        assert status(place, "faulty")[faulty.error] in code(faulty, how)
        assert faulty.keys() == {}
    faulty.relay.recover()
    place.flush()
    assert faulty.keys() == EACH
    assert keys(place.records()) == EACH
    assert status(place, "faulty")[faulty.error] is None


def tried_again(place, relay, how):
    """What a flush says; one that hangs hangs up in the midst of it."""
    before = len(relay.requests)
    flushing = place.start(script("bototrail"), "flush")
    if how == "hanging":
        until(lambda: len(relay.requests) > before, what="a request")
        relay.hung_up.set()
    _, stderr = flushing.communicate(timeout=60)
    assert flushing.returncode == 1
    return stderr


def code(faulty, how):
    return {
        "refused": ["EndpointConnectionError"],
        "403": [faulty.code],
        "500": ["500"],
        "hanging": ["ConnectionClosedError"],
        "a page": ["ResponseParserError", "KeyError"],
        "nonsense": ["ConnectionClosedError"],
    }[how]


@pytest.mark.parametrize("faulty", [("Logs", "hanging")], indirect=True, ids="-".join)
def test_one_that_hangs_is_given_up_after_a_while(faulty, place):
    place.run(sys.executable, place.program(PROGRAM), "1", BOTOTRAIL_TRAILS="trails.json", BOTOTRAIL_EXIT_SECONDS=0)
    place.flush(code=1)
    assert status(place, "faulty")[faulty.error] == "ReadTimeoutError"


@pytest.mark.parametrize("faulty", [(kind, "hanging") for kind in KINDS], indirect=True, ids="-".join)
def test_no_call_waits_while_one_hangs(faulty, place):
    source = """
        import pathlib, time, boto3
        s3, number, longest = boto3.client("s3"), 0, 0
        while number < 20 or not pathlib.Path("hangs").exists():
            begin = time.monotonic()
            s3.put_object(Bucket="photos", Key=str(number))
            longest, number = max(longest, time.monotonic() - begin), number + 1
        print(number, longest)
    """
    options = {"BOTOTRAIL_FLUSH_SECONDS": 0.05, "BOTOTRAIL_EXIT_SECONDS": 0.1}
    process = place.start(sys.executable, place.program(source), BOTOTRAIL_TRAILS="trails.json", **options)
    until(lambda: faulty.relay.requests, what="a request")
    (place.folder / "hangs").touch()
    number, longest = process.communicate(timeout=60)[0].split()
    assert float(longest) < MARGIN
    faulty.relay.recover()
    place.flush()
    assert keys(place.records()) == faulty.keys() == Counter(range(int(number)))


def log_files(place):
    """How many log files are in the bucket, while more are put there."""
    return sum(not path.name.startswith(".") for path in place.bucket.rglob("*.json.gz"))


@pytest.mark.parametrize("faulty", [(kind, "hanging") for kind in KINDS], indirect=True, ids="-".join)
def test_others_get_theirs_round_after_round_while_one_hangs(faulty, place):
    source = """
        import itertools, pathlib, time, boto3
        s3 = boto3.client("s3")
        for number in itertools.count():
            s3.put_object(Bucket="photos", Key=str(number))
            if pathlib.Path("end").exists():
                break
            time.sleep(0.02)
        print(number + 1)
    """
    options = {"BOTOTRAIL_FLUSH_SECONDS": 0.1, "BOTOTRAIL_EXIT_SECONDS": 0.5}
    process = place.start(sys.executable, place.program(source), BOTOTRAIL_TRAILS="trails.json", **options)
    until(lambda: faulty.relay.requests, what="a request")
    made = log_files(place)
    until(lambda: log_files(place) > made + 1, 8, "two more rounds")
    assert faulty.keys() == {}  # it hangs still
    (place.folder / "end").touch()
    number = int(process.communicate(timeout=60)[0])
    faulty.relay.recover()
    place.flush()
    assert keys(place.records()) == faulty.keys() == Counter(range(number))
