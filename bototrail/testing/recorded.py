"""Recording a whole run of pytest into a bucket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bototrail import recorder
from bototrail.capture.scope import paused
from bototrail.deliver.buckets import open_bucket
from bototrail.errors import ConfigError
from bototrail.testing.shown import counted

FLUSH_SECONDS = 1e8
"""Between deliveries: none before the end, for inside a test that mocks S3 they would go to the mock."""

STOP_SECONDS = 60.0


class Recorded:
    """The recorder of one process of the run, and what it delivered together with those of other processes.

    Args:
        bucket: absolute path or URL.
    """

    def __init__(self, bucket: str) -> None:
        self.bucket = bucket
        self._started = False
        self._records, self._files = 0, 0
        self._errors: list[str] = []

    def check(self) -> None:
        """See whether the bucket can be written.

        Raises:
            BototrailError: it cannot.
        """
        with paused():
            open_bucket(self.bucket).check()

    def start(self) -> None:
        """Start the recorder of this process.

        Raises:
            BototrailError: a setting cannot be used, or the process records elsewhere already.
        """
        now = recorder.status()
        if now["recording"] and now["bucket"] != self.bucket:
            raise ConfigError(self.bucket, f"that BOTOTRAIL records into {now['bucket']} already", "unset one of them")
        if not now["recording"]:
            recorder.start(self.bucket, flush_seconds=FLUSH_SECONDS)
            self._started = True

    def stop(self) -> None:
        """Deliver; end the recorder if it was us who started it."""
        done = recorder.stop(STOP_SECONDS) if self._started else recorder.flush(STOP_SECONDS)
        self._records, self._files = self._records + done.records, self._files + len(done.files)
        self._errors += done.errors
        self._started = False

    def to_json(self) -> dict[str, Any]:
        """What was delivered."""
        return {"records": self._records, "files": self._files, "errors": self._errors}

    def merge_json(self, found: dict[str, Any]) -> None:
        """Take in what another process delivered."""
        self._records += found["records"]
        self._files += found["files"]
        self._errors += found["errors"]

    def lines(self) -> Iterator[str]:
        """What to say at the end."""
        yield f"{counted(self._records, 'record')} in {counted(self._files, 'log file')} in {self.bucket}"
        for error in dict.fromkeys(self._errors):
            yield f"not everything is delivered: {error}; what waits is delivered by `bototrail flush`"
