"""Whole records of ordinary clients that are answered on the wire, each written by hand: see `golden/`.

Files are named after the service, and then after what they are about. Each is a list of calls, of answers as they
stand in the service's API reference, and of records as AWS would have written them. What all records have in common is
here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import botocore
import botocore.session
import cbor2
import pytest
from border import Raw
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

import bototrail

ID = "2f6d7a14-90c3-4b5e-8a71-0d4c6e9b3f52"
KEY = "AKIAI44QH8DHBEXAMPLE"
WHO = (
    "<GetCallerIdentityResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><GetCallerIdentityResult>"
    "<Arn>arn:aws:iam::111122223333:user/ann</Arn><UserId>AIDACKCEVSQ6C2EXAMPLE</UserId>"
    "<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
)
COMMON = {
    "eventVersion": "1.11",
    "userIdentity": {
        "type": "IAMUser",
        "principalId": "AIDACKCEVSQ6C2EXAMPLE",
        "arn": "arn:aws:iam::111122223333:user/ann",
        "accountId": "111122223333",
        "accessKeyId": KEY,
        "userName": "ann",
    },
    "sourceIPAddress": "127.0.0.1",  # of a call without a socket
    "userAgent": "golden/1",
    "requestID": ID,
    "eventType": "AwsApiCall",
    "managementEvent": True,
    "recipientAccountId": "111122223333",
    "eventCategory": "Management",
}

FOLDER = Path(__file__).parent / "golden"
GOLDEN: list[tuple[str, dict[str, Any]]] = [
    (path.name.partition(".")[0], entry)
    for path in sorted(FOLDER.glob("*.json"))
    for entry in json.loads(path.read_text("utf-8"))
]
_LOADER = botocore.session.Session().get_component("data_loader")
_clients: dict[tuple[str, str], Wire] = {}

pytestmark = pytest.mark.skipif(
    tuple(map(int, botocore.__version__.split(".")[:2])) < (1, 43), reason="older models lack services and members"
)


class Wire:
    """A client, and what it will be answered."""

    def __init__(self, service: str, region: str) -> None:
        session = botocore.session.Session()
        session.register_component("data_loader", _LOADER)
        session.set_credentials(KEY, "not-a-real-secret")
        config = Config(user_agent="golden/1", retries={"total_max_attempts": 1})
        self.client: Any = session.create_client(service, region_name=region, config=config)
        self.client.meta.events.register("before-send", self._send)
        self.answer: dict[str, Any] = {}

    def call(self, operation: str, arguments: dict[str, Any], answer: dict[str, Any]) -> None:
        self.answer = {"status": 200, "headers": {}, "body": "", **answer}
        method = next(name for name, known in self.client.meta.method_to_api_mapping.items() if known == operation)
        if self.answer["status"] < 300:
            getattr(self.client, method)(**arguments)
        else:
            with pytest.raises(ClientError):
                getattr(self.client, method)(**arguments)

    def _send(self, request: Any, **_: Any) -> AWSResponse:
        name = "x-amz-request-id" if self.client.meta.service_model.service_id.startswith("S3") else "x-amzn-RequestId"
        headers = {name: ID, **self.answer["headers"]}
        if self.client.meta.service_model.resolved_protocol == "smithy-rpc-v2-cbor":
            headers["smithy-protocol"] = "rpc-v2-cbor"
            body = cbor2.dumps(typed(self.answer["body"]), datetime_as_timestamp=True)
        else:
            body = on_the_wire(self.answer["body"])
        return AWSResponse(request.url, self.answer["status"], headers, Raw(body))


def wire(service: str, region: str) -> Wire:
    if (service, region) not in _clients:
        _clients[service, region] = Wire(service, region)
    return _clients[service, region]


def on_the_wire(body: Any) -> bytes:
    """Text as it is, in one piece or in lines; anything else as JSON."""
    if isinstance(body, list) and body and all(isinstance(line, str) for line in body):
        body = "".join(body)
    return (body if isinstance(body, str) else json.dumps(body)).encode()


def typed(value: Any) -> Any:
    """What JSON has no words for: `{"$bytes": text}`, `{"$date": text}`."""
    if isinstance(value, list):
        return [typed(item) for item in value]
    if isinstance(value, dict):
        if value.keys() == {"$bytes"}:
            return value["$bytes"].encode()
        if value.keys() == {"$date"}:
            return datetime.fromisoformat(value["$date"])
        return {key: typed(item) for key, item in value.items()}
    return value


@pytest.fixture
def trail(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A recording that knows already who calls."""
    monkeypatch.setenv("BOTOTRAIL_IDENTITY", "offline")
    with bototrail.recording() as trail:
        wire("sts", "eu-central-1").call("GetCallerIdentity", {}, {"body": WHO})
        yield trail


@pytest.mark.parametrize(("service", "entry"), GOLDEN, ids=lambda x: x if isinstance(x, str) else x["what"])
def test_a_whole_record(trail: Any, service: str, entry: dict[str, Any]) -> None:
    call = entry["call"]
    wire(service, call.get("region", "eu-central-1")).call(
        call["operation"], typed(call.get("arguments", {})), call.get("answer", {})
    )
    _, made = trail.records
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", made.pop("eventTime"))
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made.pop("eventID"))
    expected = {**COMMON, **entry["record"]}
    assert made == expected
    assert json.dumps(made, sort_keys=True) == json.dumps(expected, sort_keys=True)  # 1 is not 1.0, nor true


def test_there_are_records_of_many_services_in_every_protocol() -> None:
    services = {service for service, _ in GOLDEN}
    session = botocore.session.Session()
    protocols = {session.get_service_model(name).resolved_protocol for name in services}
    assert len(GOLDEN) >= 150
    assert len(services) >= 60
    assert protocols == {"ec2", "json", "query", "rest-json", "rest-xml", "smithy-rpc-v2-cbor"}


def test_no_record_is_there_twice() -> None:
    calls = [json.dumps([service, entry["call"]], sort_keys=True) for service, entry in GOLDEN]
    records = [json.dumps(entry["record"], sort_keys=True) for _, entry in GOLDEN]
    titles = [f"{service} {entry['what']}" for service, entry in GOLDEN]
    for values in (calls, records, titles):
        assert [value for value, times in Counter(values).items() if times > 1] == []
