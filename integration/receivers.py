"""Who receives what trails send, on moto: queues behind topics and rules, and log groups."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from servers import Moto
from support import ACCOUNT


class Queue:
    """An SQS queue, and everything that has come out of it so far."""

    def __init__(self, moto: Moto, name: str) -> None:
        self._sqs = moto.client("sqs")
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        self._bodies: list[Any] = []
        self.arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"

    def bodies(self) -> list[Any]:
        """The bodies of all messages so far."""
        while messages := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                self._bodies.append(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return self._bodies


class Topic:
    """An SNS topic with a queue."""

    def __init__(self, moto: Moto, name: str) -> None:
        sns = moto.client("sns")
        self.arn = sns.create_topic(Name=name)["TopicArn"]
        self._queue = Queue(moto, name)
        sns.subscribe(TopicArn=self.arn, Protocol="sqs", Endpoint=self._queue.arn)

    def messages(self) -> list[Any]:
        """What was published, as JSON."""
        return [json.loads(body["Message"]) for body in self._queue.bodies()]

    def keys(self) -> list[str]:
        """The keys that were told of."""
        return [key for message in self.messages() for key in message["s3ObjectKey"]]


class Bus:
    """An event bus with a rule whose target is a queue; `default` is there already."""

    def __init__(self, moto: Moto, name: str, pattern: Mapping[str, Any], bus: str = "default") -> None:
        events = moto.client("events")
        self._queue = Queue(moto, name)
        if bus != "default":
            events.create_event_bus(Name=bus)
        events.put_rule(Name=name, EventPattern=json.dumps(pattern), EventBusName=bus)
        events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "queue", "Arn": self._queue.arn}])

    def events(self) -> list[dict[str, Any]]:
        """The events that the rule has passed on."""
        return self._queue.bodies()


class LogGroup:
    """A CloudWatch Logs log group."""

    def __init__(self, moto: Moto, name: str) -> None:
        self._logs, self._name = moto.client("logs"), name
        self._logs.create_log_group(logGroupName=name)
        self.arn = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{name}:*"

    def streams(self) -> dict[str, list[dict[str, Any]]]:
        """The records by the name of their stream, in the order in which they came."""
        return {name: [json.loads(e["message"]) for e in events] for name, events in self._events().items()}

    def batches(self) -> list[list[dict[str, Any]]]:
        """The records, as many at a time as were put together: they have one timestamp."""
        made: dict[int, list[dict[str, Any]]] = {}
        for event in chain.from_iterable(self._events().values()):
            made.setdefault(event["timestamp"], []).append(json.loads(event["message"]))
        return [made[moment] for moment in sorted(made)]

    def _events(self) -> dict[str, list[dict[str, Any]]]:
        pages = self._logs.get_paginator("describe_log_streams").paginate(logGroupName=self._name)
        streams = [stream["logStreamName"] for page in pages for stream in page["logStreams"]]
        return {stream: list(self._events_of(stream)) for stream in streams}

    def _events_of(self, stream: str) -> Iterator[dict[str, Any]]:
        where: dict[str, Any] = {"logGroupName": self._name, "logStreamName": stream, "startFromHead": True}
        while (answer := self._logs.get_log_events(**where))["events"]:
            yield from answer["events"]
            where["nextToken"] = answer["nextForwardToken"]
