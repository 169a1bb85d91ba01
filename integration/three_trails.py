"""Three trails at once, and a program that makes calls for each of them and for none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any

from receivers import LogGroup, Topic
from servers import Moto, SeaweedFS
from support import Place, until

FILE = """
    [buckets]
    everything = "bucket"
    photo-logs = "photos"
    trail = {{ location = "s3://trail", endpoint_url = "{seaweed}" }}

    [[trailList]]
    Name = "everything"
    S3BucketName = "everything"
    IsMultiRegionTrail = true
    AllEvents = true

    [[trailList]]
    Name = "writes"
    S3BucketName = "trail"
    S3KeyPrefix = "{prefix}"
    SnsTopicName = "{topic}"
    delivery = {{ sns = {{ endpoint_url = "{moto}" }} }}
    IsMultiRegionTrail = true
    SelectorRules = "EventDataStore"
    [[trailList.AdvancedEventSelectors]]
    FieldSelectors = [
        {{ Field = "eventCategory", Equals = ["Management"] }},
        {{ Field = "readOnly", Equals = ["false"] }},
        {{ Field = "eventSource", Equals = ["iam.amazonaws.com", "kms.amazonaws.com"] }},
    ]

    [[trailList]]
    Name = "photos"
    S3BucketName = "photo-logs"
    CloudWatchLogsLogGroupArn = "{group}"
    CloudWatchLogsRoleArn = "arn:aws:iam::123456789012:role/logs"
    delivery = {{ logs = {{ endpoint_url = "{moto}" }} }}
    IsMultiRegionTrail = true
    [[trailList.AdvancedEventSelectors]]
    FieldSelectors = [
        {{ Field = "eventCategory", Equals = ["Data"] }},
        {{ Field = "resources.type", Equals = ["AWS::S3::Object"] }},
        {{ Field = "resources.ARN", StartsWith = ["arn:aws:s3:::photos/in/"] }},
    ]
"""

PROGRAM = """
    import itertools, os, pathlib, sys, boto3
    run, times = sys.argv[1], sys.argv[2:]  # times: else until it is told to stop
    log = os.open("finished", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    iam, kms, s3, sqs, rds = (boto3.client(name) for name in ("iam", "kms", "s3", "sqs", "rds-data"))
    cluster = "arn:aws:rds:us-east-1:123456789012:cluster:"
    query = {"secretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:s", "sql": "SELECT 1"}
    for number in itertools.count() if not times else range(int(times[0])):
        name = f"{run}-{number}"
        for call, mark in (
            (lambda: iam.create_user(UserName=name), f"CreateUser {name}"),
            (lambda: iam.list_users(PathPrefix=f"/{name}/"), f"ListUsers /{name}/"),
            (lambda: kms.create_key(Description=name), f"CreateKey {name}"),
            (lambda: sqs.create_queue(QueueName=name), f"CreateQueue {name}"),
            (lambda: rds.execute_statement(resourceArn=cluster + name, **query), f"ExecuteStatement {cluster}{name}"),
            (lambda: s3.put_object(Bucket="photos", Key=f"in/{name}"), f"PutObject in/{name}"),
            (lambda: s3.get_object(Bucket="photos", Key=f"in/{name}"), f"GetObject in/{name}"),
            (lambda: s3.put_object(Bucket="photos", Key=f"out/{name}"), f"PutObject out/{name}"),
        ):
            call()
            os.write(log, mark.encode() + b"\\n")
        if pathlib.Path("stop").exists():
            break
"""

AGAIN = """
    import os, runpy, sys, boto3
    for run in range(int(sys.argv[2])):
        if os.fork() == 0:
            sys.argv[1:] = [f"{sys.argv[1]}-{run}", "1"]
            runpy.run_path("program.py")
            os._exit(0)
        os.wait()
    os._exit(0)
"""
"""The program again and again; no process delivers what it has recorded."""

_MARKS = ("userName", "queueName", "pathPrefix", "description", "resourceArn", "key")


def call(record: Mapping[str, Any]) -> str:
    """What the program has written down of the call of a record."""
    given = record["requestParameters"]
    return f"{record['eventName']} {next(given[name] for name in _MARKS if name in given)}"


class Three:
    """The three trails of a test, and what has come of each.

    Args:
        place: where the program runs.
        seaweed: where `writes` goes.
        moto: where SNS and CloudWatch Logs are.
        name: of everything that the test has on the servers, and of what the program makes.
    """

    def __init__(self, place: Place, seaweed: SeaweedFS, moto: Moto, name: str) -> None:
        self.place, self._seaweed, self._moto, self.name = place, seaweed, moto, name
        self._lost: list[list[dict[str, Any]]] = []
        self._told: set[str] = set()
        self.make_receivers()
        text = FILE.format(seaweed=seaweed.url, moto=moto.url, prefix=name, topic=self.topic.arn, group=self.group.arn)
        self.options = {"BOTOTRAIL_TRAILS": place.program(text, "trails.toml")}
        self.program = place.program(PROGRAM)

    def make_receivers(self) -> None:
        """Make the topic and the log group."""
        self.topic, self.group = Topic(self._moto, self.name), LogGroup(self._moto, self.name)

    def remember(self) -> None:
        """Keep what the topic and the log group have got: moto is about to forget it."""
        self._lost, self._told = self.batches(), self.told()

    def finished(self) -> list[str]:
        """The calls that the program has finished."""
        path = self.place.folder / "finished"
        return path.read_text().splitlines() if path.exists() else []

    def wanted(self) -> dict[str, set[str]]:
        """The finished calls that each bucket, and the log group, is to have."""
        return {name: {each for each in self.finished() if wants(each)} for name, wants in _WANTS.items()}

    def arrived(self) -> dict[str, Counter[str]]:
        """How often each call has arrived in each bucket, and in the log group."""
        return {
            "everything": self._calls(self.place.records()),
            "writes": self._calls(self._seaweed.records(f"{self.name}/AWSLogs/")),
            "photos": self._calls(self.place.records("photos")),
            "logs": self._calls(chain.from_iterable(self.batches())),
        }

    @staticmethod
    def _calls(records: Iterable[Mapping[str, Any]]) -> Counter[str]:
        return Counter(call(record) for record in records)

    def batches(self) -> list[list[dict[str, Any]]]:
        """The batches in the log group, and those that were remembered."""
        return self._lost + self.group.batches()

    def told(self) -> set[str]:
        """The log files that the topic has told of."""
        return self._told | set(self.topic.keys())

    def log_files(self) -> set[str]:
        """The log files in S3."""
        return {key for key in self._seaweed.keys(f"{self.name}/") if key.endswith(".gz")}

    def amount(self, name: str) -> int:
        """How much there is in a destination by now."""
        folder = self.place.folder / ("bucket" if name == "everything" else name)
        beside = {"writes": lambda: len(self.log_files()), "logs": lambda: sum(map(len, self.batches()))}
        return beside[name]() if name in beside else len(list(folder.rglob("*.gz")))

    def wait_for_more(self, *names: str) -> None:
        """Wait until more has come to all of these destinations."""
        before = {name: self.amount(name) for name in names}
        until(lambda: all(self.amount(name) > before[name] for name in names), 30, f"more in {names}")

    def check(self, in_flight: int = 0, repeated: int = 0) -> None:
        """See that each destination has every finished call it wants, and what else it has.

        Args:
            in_flight: calls that may have been recorded though the program could not say so.
            repeated: batches that the log group may have got again.
        """
        arrived = self.arrived()
        for name, wanted in self.wanted().items():
            found = arrived[name]
            assert wanted <= set(found), name
            assert len(set(found) - wanted) <= in_flight, name
            assert name == "logs" or set(found.values()) <= {1}, name
        batches = [{record["eventID"] for record in batch} for batch in self.batches()]
        assert len(set().union(*batches)) == len(arrived["logs"])
        assert sum(bool(batch & set().union(*batches[:n])) for n, batch in enumerate(batches)) <= repeated
        assert self.told() == self.log_files() != set()


_WANTS: Mapping[str, Callable[[str], bool]] = {
    "everything": lambda _: True,
    "writes": lambda call: call.startswith(("CreateUser", "CreateKey")),
    "photos": lambda call: " in/" in call,
    "logs": lambda call: " in/" in call,
}
