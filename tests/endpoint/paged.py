"""The page of a bucket, served, and asked."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from endpoint.page_records import deliver

from bototrail.endpoint.library import Place
from bototrail.endpoint.live import Live

TOKEN = "a-token-of-some-length"


class Page:
    """A page that is served, and what it is told."""

    def __init__(self, served: Any, live: Live, bucket: Path) -> None:
        self.served, self.live, self.bucket = served, live, bucket

    def get(self, path: str, headers: dict[str, str] | None = None, **parameters: Any) -> Any:
        """The answer to a request below `/-/`."""
        return self.served.ask("GET", f"/-/{path}?{urlencode(parameters)}", **(headers or {}))

    def told(self, path: str, **parameters: Any) -> Any:
        """What it says, as Python has it."""
        answer = self.get(path, **parameters)
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def refused(self, path: str, **parameters: Any) -> Any:
        """Status, field and the beginning of the message of a refusal."""
        answer = self.get(path, **parameters)
        body = json.loads(answer.body)
        return answer.status, body["field"], body["message"]

    def deliver(self, *records: dict[str, Any], content: bytes | None = None) -> None:
        """A new log file, that is known when this returns."""
        before = self.live.state().files
        deliver(self.bucket, records, content)
        until = time.monotonic() + 20
        while self.live.state().files == before and time.monotonic() < until:
            self.live.catch_up()


@pytest.fixture
def page(serve: Callable[..., Any], tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Serves a bucket with some events."""
    with ExitStack() as stack:

        def start(*records: dict[str, Any], **options: Any) -> Page:
            bucket = tmp_path / "bucket"
            if records:
                deliver(bucket, records)
            place = Place(str(bucket))
            live = stack.enter_context(Live([place], cache=tmp_path / "cache"))
            live.catch_up(20)
            return Page(serve(place, live=live, **options), live, bucket)

        yield start


def names(told: Any) -> list[str]:
    return [each["eventName"] for each in told["events"]]
