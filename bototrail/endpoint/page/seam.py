"""What the page shows of a library's first bucket."""

from __future__ import annotations

import threading
import time
from typing import Any

from bototrail.endpoint.library import Library
from bototrail.errors import BototrailError
from bototrail.history.history import History
from bototrail.history.updating import Progress


class Seam:
    """A history that is kept fresh by a thread."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.history: History | None = None
        self._progress: Progress | None = None
        self._error = ""
        threading.Thread(target=self._run, daemon=True).start()

    def state(self) -> dict[str, Any]:
        """How far it is."""
        of = self._progress
        return {
            "buckets": [place.location for place in self._library.places],
            "ready": self.history is not None,
            "indexing": of and {"files": of.files, "of": of.of, "records": of.records},
            "error": self._error,
        }

    def _run(self) -> None:
        while True:
            try:
                if self.history is None:
                    place = self._library.places[0]
                    self.history = History(place._full, state=self._library.state)
                self.history.refresh(self._report)
                self._error = ""
            except BototrailError as error:
                self._error = str(error)
            self._progress = None
            time.sleep(1)

    def _report(self, progress: Progress) -> None:
        self._progress = progress
