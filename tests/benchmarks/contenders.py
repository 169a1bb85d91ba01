"""What is measured against bare botocore. Each is on inside its `with` block and leaves botocore as it was."""

from __future__ import annotations

import contextlib
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import botocore.client
import botocore.endpoint

import bototrail

_ORIGINALS = [
    (owner, name, owner.__dict__[name])
    for owner, name in (
        (botocore.client.BaseClient, "_make_api_call"),
        (botocore.endpoint.Endpoint, "prepare_request"),
    )
]
"""What contenders wrap, as botocore defines it."""

Settle = Callable[[], object]
"""Has everything finished that runs in the background."""


@dataclass(frozen=True)
class Contender:
    """Something that watches botocore.

    Attributes:
        name: what the tables call it.
        version: of the package.
        switched_on: context manager that gives a `Settle`.
        variables: configuration variables that its clients need.
    """

    name: str
    version: str
    switched_on: Callable[[], contextlib.AbstractContextManager[Settle]]
    variables: dict[str, Any] = field(default_factory=dict)


def _nothing() -> None:
    """Nothing runs in the background."""


def _flush() -> None:
    flushed = bototrail.flush()
    if not (flushed.complete and flushed.records):
        sys.exit(f"bototrail did not record and deliver: {flushed}, {bototrail.status()}")


@contextlib.contextmanager
def _bare() -> Iterator[Settle]:
    changed = [
        f"{owner.__name__}.{name}" for owner, name, original in _ORIGINALS if owner.__dict__[name] is not original
    ]
    if changed:
        sys.exit(f"a contender left its wrap on {', '.join(changed)}")
    yield _nothing


@contextlib.contextmanager
def _bototrail() -> Iterator[Settle]:
    with tempfile.TemporaryDirectory() as bucket, tempfile.TemporaryDirectory() as state:
        bototrail.start(bucket, state=state, identity="offline")
        try:
            yield _flush
        finally:
            bototrail.stop()


def _opentelemetry() -> Contender:
    from opentelemetry.instrumentation.botocore import BotocoreInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

    class Nowhere(SpanExporter):
        def export(self, spans: Any) -> SpanExportResult:
            return SpanExportResult.SUCCESS

    @contextlib.contextmanager
    def switched_on() -> Iterator[Settle]:
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(BatchSpanProcessor(Nowhere()))
        BotocoreInstrumentor().instrument(tracer_provider=provider, skip_dep_check=True)
        try:
            yield provider.force_flush
        finally:
            BotocoreInstrumentor().uninstrument()
            provider.shutdown()

    return Contender("opentelemetry", version("opentelemetry-instrumentation-botocore"), switched_on)


def _csm() -> Contender:
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # nobody reads it
    listener.bind(("127.0.0.1", 0))

    @contextlib.contextmanager
    def switched_on() -> Iterator[Settle]:
        with contextlib.suppress(BlockingIOError):
            while listener.recv(65536, socket.MSG_DONTWAIT):
                pass
        yield _nothing

    variables = {"csm_enabled": True, "csm_host": "127.0.0.1", "csm_port": listener.getsockname()[1]}
    return Contender("botocore CSM", version("botocore"), switched_on, variables)


def _xray() -> Contender:
    from aws_xray_sdk.core import xray_recorder
    from aws_xray_sdk.core.emitters.udp_emitter import UDPEmitter
    from aws_xray_sdk.ext.botocore.patch import patch

    class ThrowsAway(UDPEmitter):
        def _send_data(self, data: str) -> None:
            pass  # serialized like every segment, in the calling thread

    xray_recorder.configure(sampling=False, emitter=ThrowsAway(), service="overhead")

    @contextlib.contextmanager
    def switched_on() -> Iterator[Settle]:
        patch()
        xray_recorder.begin_segment("overhead")
        try:
            yield _nothing
        finally:
            xray_recorder.end_segment()
            for owner, name, original in _ORIGINALS:
                setattr(owner, name, original)
            del botocore.client._xray_enabled

    return Contender("aws-xray-sdk", version("aws-xray-sdk"), switched_on)


def contenders() -> tuple[list[Contender], list[str]]:
    """Those whose packages are installed, bare botocore first, and notes on those that are left out."""
    found = [
        Contender("bare", version("botocore"), _bare),
        Contender("bototrail", bototrail.__version__, _bototrail),
    ]
    notes = []
    for name, make in (("opentelemetry", _opentelemetry), ("botocore CSM", _csm), ("aws-xray-sdk", _xray)):
        try:
            found.append(make())
        except ImportError as error:
            notes.append(f"{name} is left out: {error}")
    return found, notes
