"""A call as a test sees it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from bototrail.capture.given import Given
from bototrail.capture.later import Later
from bototrail.capture.seen import Seen
from bototrail.clock import monotonic
from bototrail.record.failures import error_code, error_message
from bototrail.record.identity import Identities
from bototrail.spool import finish

_NOTHING = Given(0, {}, "", 0, "", 0.0)


class CallError(NamedTuple):
    """How a call failed.

    Attributes:
        code: the code that the program saw in `error.response["Error"]["Code"]`; the exception's class when no answer
            came.
        message: the message, empty when there is none.
        logged: errorCode in the record, which some services spell differently.
    """

    code: str
    message: str
    logged: str


class Call:
    """One call that the program made, with what its record does not show.

    Attributes:
        service: botocore's name of the service, such as `s3`.
        operation: the operation in the model's spelling, such as `PutObject`.
        arguments: the program's arguments by their names in boto3, as they were when the call was made. They may hold
            secrets; they are nowhere but in memory.
        error: how it failed, None when it did not.
        region: the region that the request was signed for.
        labels: what `labelled` said there.
        duration: seconds from the program's call to the answer, retries included.
        number: counts the calls of the process in the order in which they began.
        thread: name of the thread that made it.
        file: path of the source file that made it, empty when none of the program's own is on the stack.
        line: the line in it.
        read_only: whether it changes nothing, as CloudTrail sees it.
        event_name: eventName, which for some operations differs from `operation`.
    """

    def __init__(self, later: Later, seen: Seen, identities: Identities) -> None:
        began = seen.given or _NOTHING
        plan = seen.plan
        self.service, self.operation = plan.service_name, plan.operation_name
        self.event_name, self.event_source, self.read_only = plan.event_name, plan.event_source, plan.read_only
        self.arguments = began.arguments
        self.region = seen.region
        self.labels: Mapping[str, str] = dict(seen.labels or {})
        self.error = _error(seen)
        self.duration = monotonic() - began.began if began.number else 0.0
        self.number, self.thread, self.file, self.line = began.number, began.thread, began.file, began.line
        self.service_model = seen.facts.service_model
        self.access_key_id = seen.access_key_id
        self._later, self._identities = later, identities

    @property
    def name(self) -> str:
        """Such as `s3:PutObject`."""
        return f"{self.service}:{self.operation}"

    @property
    def place(self) -> str:
        """`file.py:12`, the file as seen from the working directory; the thread's name when there is none."""
        if not self.file:
            return f"thread {self.thread}"
        path = Path(self.file)
        with suppress(OSError, ValueError):  # the directory is gone; the file is elsewhere
            path = path.relative_to(Path.cwd())
        return f"{path}:{self.line}"

    @cached_property
    def record(self) -> dict[str, Any]:
        """The CloudTrail record; who made the call as far as that is known now."""
        return self._resolved()

    def resolve(self) -> dict[str, Any]:
        """The record anew: more may be known by now of who made the call."""
        record = self.__dict__["record"] = self._resolved()
        return record

    def _resolved(self) -> dict[str, Any]:
        record: dict[str, Any] = orjson.loads(finish(self._later.entry(), self._identities)[1])
        return record

    def __repr__(self) -> str:
        from bototrail.testing.shown import line

        return f"<{line(self)}>"


def _error(seen: Seen) -> CallError | None:
    logged = error_code(seen)
    if logged is None:
        return None
    answer = seen.parsed.get("Error")
    code = answer.get("Code") if isinstance(answer, Mapping) else None
    return CallError(str(code or seen.error_code), error_message(seen) or "", logged)
