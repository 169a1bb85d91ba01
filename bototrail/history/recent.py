"""What waits for its delivery, as a part that a reader has for itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from bototrail.history.catalogue import KINDS, Part
from bototrail.history.event import Row
from bototrail.history.parts import BrokenPartError, rows_of, write_part
from bototrail.history.waiting import Mark, Waiting


class Recent:
    """The events of the spool that are not in the index yet.

    Args:
        waiting: what waits, None when it is left out.
        folder: for its part.

    Attributes:
        part: the part, None when it has no events.
        folders: where its parts are that readers may ask, by their names.
    """

    def __init__(self, waiting: Waiting | None, folder: Path) -> None:
        self._waiting, self.folder = waiting, folder
        self.folders: dict[str, Path] = {}
        self.part: Part | None = None
        self._mark: Mark | None = None
        self._rows: list[Row] | None = None
        self._before: Part | None = None
        self._index = ""
        self._owner = os.getpid()

    def look(self) -> None:
        """See what waits, before it is seen what is delivered: what moves in between is then found twice."""
        if self._waiting is None:
            return
        mark = self._waiting.mark()
        if mark != self._mark:
            self._rows, self._mark = self._waiting.rows(mark), mark

    def settle(self, index: str, known: Callable[[Sequence[str]], set[str]], *, complete: bool) -> bool:
        """Show what was seen, without what is in the index by now; gives whether the part is another one.

        Args:
            index: another text whenever the index is another one.
            known: tells which of some eventIDs are in it.
            complete: whether what was delivered is in it; else what was shown before still is.

        Raises:
            OSError: it cannot be written.
        """
        is_new = self._rows is not None
        if not is_new and (self.part is None or index == self._index):
            return False
        rows = {row[:2]: row for row in (*([] if is_new and complete else self._shown()), *(self._rows or ()))}
        found = known([str(event_id) for _, event_id in rows])
        fresh = [row for row in rows.values() if row[1] not in found]
        self._rows, self._index = None, index
        if not is_new and len(fresh) == len(rows):
            return False
        self._show(write_part(self.folder, fresh) if fresh else None)
        return True

    def _shown(self) -> list[Row]:
        try:
            return rows_of(self.folder, self.part) if self.part is not None else []
        except BrokenPartError:
            self._mark = None
            return []

    def _show(self, part: Part | None) -> None:
        self._remove(self._before)  # and not the last one: a reader may just have begun with it
        if part is not None:
            self.folders[part.name] = self.folder
        self._before, self.part = self.part, part

    def is_there(self) -> bool:
        """Whether the part can be read, or there is none."""
        return self.part is None or len(self._shown()) == self.part.rows

    def forget(self) -> None:
        """The part is broken, or gone: it is made anew when somebody looks next."""
        self._show(None)
        self._mark = None

    def close(self) -> None:
        """Remove what is its own."""
        if os.getpid() == self._owner:  # and not a child's of the one who made it
            self._remove(self.part)
            self._remove(self._before)

    def _remove(self, part: Part | None) -> None:
        if part is not None:
            for kind in KINDS:
                (self.folder / f"{part.name}{kind}").unlink(missing_ok=True)
            self.folders.pop(part.name, None)
