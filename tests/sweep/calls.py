"""Calls of every operation of a service on a real client, answered where its bytes would go to the network."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import botocore
import botocore.session
from border import Raw
from botocore.awsrequest import AWSConnection, AWSResponse
from botocore.config import Config
from botocore.eventstream import EventStream
from botocore.response import StreamingBody
from botocore.tokens import FrozenAuthToken
from sweep.values import MARK, Values
from sweep.wire import Answer, failure, success

from bototrail.record.rules import Service

# One attempt, whatever the answer looks like. What S3 sends is no checksum of what it sends.
_CONFIG = Config(retries={"total_max_attempts": 1}, response_checksum_validation="when_required")


class Needs(NamedTuple):
    """What botocore insists on: arguments by name (ABSENT leaves one out), and whether it can sign here."""

    arguments: Mapping[str, Any] = MappingProxyType({})
    signed: bool = True


class Plan(NamedTuple):
    """One call: what is asked, and what will be answered."""

    operation: str
    method: str
    turn: int
    answer: Answer
    fails: bool


class Outcome(NamedTuple):
    """What a program sees of a call, and the service of its request."""

    result: Any
    error: Any
    requests: list[tuple[str, str, bytes]]
    reads: dict[str, list[int | None]]
    arguments: dict[str, Any]


class _Socket:
    """An encrypted connection, as far as it is looked at."""

    def getsockname(self) -> tuple[str, int]:
        return "192.0.2.7", 50000

    def version(self) -> str:
        return "TLSv1.3"

    def cipher(self) -> tuple[str, str, int]:
        return "TLS_AES_128_GCM_SHA256", "TLSv1.3", 128


class _Network:
    response_class = None

    def request(self, method: str, url: str, body: Any, headers: Any, *_: Any, **__: Any) -> None:
        pass


class _Connection(AWSConnection, _Network):  # type: ignore[misc] # botocore has no types
    sock = _Socket()


class Caller:
    """A client of a service, whose requests are answered here.

    Args:
        session: botocore's, shared for its loader.
        service: botocore's name of the service.
        rules: what bototrail's tables say of it.
        needs: what botocore insists on for this service.
    """

    def __init__(self, session: botocore.session.Session, service: str, rules: Service, needs: Needs) -> None:
        config = _CONFIG if needs.signed else _CONFIG.merge(Config(signature_version=botocore.UNSIGNED))
        self.client = session.create_client(service, region_name="us-east-1", config=config)
        self.client.meta.events.register("before-send", self._answer)
        self.model = self.client.meta.service_model
        # Not every operation has a method, whatever this table says.
        methods = self.client.meta.method_to_api_mapping.items()
        self.methods = {name: method for method, name in methods if hasattr(self.client, method)}
        self.rules, self._needs = rules, needs
        self._connection = _Connection()
        self._plan: Plan | None = None
        self._requests: list[tuple[str, str, bytes]] = []

    def plans(self) -> Iterator[Plan]:
        """Two calls of each operation: one that succeeds and one that fails."""
        for name, method in self.methods.items():
            operation = self.model.operation_model(name)
            answer = success(operation, Values(self.rules).of(operation.output_shape))
            yield Plan(name, method, 0, answer, fails=False)
            shape, values = _most_secret(operation.error_shapes)
            yield Plan(name, method, 1, failure(operation, shape, values), fails=True)

    def arguments(self, plan: Plan) -> dict[str, Any]:
        """The arguments of a call, new ones that are equal every time."""
        shape = self.model.operation_model(plan.operation).input_shape
        return Values(self.rules, plan.turn, self._needs.arguments).of(shape)

    def call(self, plan: Plan) -> Outcome:
        """Make a call. What botocore refuses to send comes out as it does for a program."""
        arguments = self.arguments(plan)
        self._plan, self._requests = plan, []
        result, error = None, None
        try:
            result = _readable(getattr(self.client, plan.method)(**arguments))
        except self.client.exceptions.ClientError as raised:
            error = type(raised).__name__, str(raised), _readable(raised.response)
        reads = {name: value.reads for name, value in arguments.items() if hasattr(value, "reads")}
        return Outcome(result, error, self._requests, reads, arguments)

    def _answer(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        body = request.body.read() if hasattr(request.body, "read") else request.body or b""
        self._connection.request(request.method, request.url, b"", request.headers)
        operation, plan = event_name.rpartition(".")[2], self._plan
        if plan is None or operation != plan.operation:  # botocore asks for an endpoint first
            model = self.model.operation_model(operation)
            status, headers, content = success(model, Values(self.rules).of(model.output_shape))
        else:
            self._requests.append((request.method, request.url, _unsigned(body)))
            status, headers, content = plan.answer
        length = {"content-length": str(len(content))}
        return AWSResponse(request.url, status, {**headers, **length}, Raw(content))


def session_with_token() -> botocore.session.Session:
    """A session with both kinds of credentials."""

    class Tokens:
        def load_token(self, signing_name: str | None = None) -> FrozenAuthToken | None:
            return None if signing_name else FrozenAuthToken("token")  # a service's own would win over signatures

    session = botocore.session.Session()
    session.register_component("token_provider", Tokens())
    return session


def _unsigned(body: str | bytes) -> bytes:
    """The body without the moment of a signature of version 2, which is part of it."""
    return re.sub(rb"&(Signature|Timestamp)=[^&]*", b"", body.encode() if isinstance(body, str) else body)


def _most_secret(shapes: list[Any]) -> tuple[Any, dict[str, Any]]:
    """An error with a mark, if there is one. Our tables speak of arguments and results."""
    made = [(shape, Values(Service()).of(shape)) for shape in shapes]
    return max(made, key=lambda one: MARK in str(one[1]), default=(None, {}))


def _readable(value: Any) -> Any:
    """A result with what it streams read to its end, so that two can be compared."""
    if isinstance(value, dict):
        return {key: _readable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_readable(one) for one in value]
    if isinstance(value, StreamingBody):
        return "stream", value.read()
    if isinstance(value, EventStream):
        return "events", list(value)
    if isinstance(value, io.IOBase):
        return "file", value.read()
    return value if not hasattr(value, "itertext") else "".join(value.itertext())
