"""An index that is asked: what is broken in it is made anew, and what goes on meanwhile is waited for."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from bototrail.errors import BucketError, ConfigError
from bototrail.history.catalogue import Catalogue, Part
from bototrail.history.columns import COLUMNS
from bototrail.history.engine import Engine
from bototrail.history.event import event_of
from bototrail.history.parts import FACTS, NAME, NAMES, PLACE, RECORD, RECORDS, BrokenPartError, is_part, rows_of
from bototrail.history.recent import Recent
from bototrail.history.waiting import Waiting

_TRIES: Final = 8
_COLUMNS: Final = {FACTS: [column.name for column in COLUMNS], RECORDS: [*PLACE, RECORD], NAMES: [NAME]}
_Result = TypeVar("_Result")


class Index:
    """The index of one bucket.

    Args:
        folder: where it is.
        waiting: what waits for the bucket, None to leave that out.

    Attributes:
        catalogue: what it consists of.
        engine: who reads it.
        recent: what waits.

    Raises:
        ConfigError: it cannot be made there.
        MissingExtraError: a package is not installed.
    """

    def __init__(self, folder: Path, waiting: Waiting | None) -> None:
        self.catalogue = Catalogue(folder)
        self.used(self.catalogue.prepare)
        self.engine = Engine(folder / "spilled")
        self.recent = Recent(waiting, self.catalogue.waiting_folder)
        self.used(self.catalogue.parts)

    def used(self, use: Callable[[], _Result]) -> _Result:
        """What a use of the catalogue gives; one that is broken is made anew.

        Raises:
            ConfigError: it cannot be used.
        """
        try:
            try:
                return use()
            except sqlite3.OperationalError as error:
                if "malformed" not in str(error) and "no such" not in str(error):
                    raise
            except sqlite3.DatabaseError:
                pass
            with self.catalogue.writing(wait=True):
                if not self.catalogue.is_sound():  # somebody else may have been faster
                    self.catalogue.wipe()
            return use()
        except (OSError, sqlite3.Error, UnicodeError) as error:
            found = f"{self.catalogue.folder}: {getattr(error, 'strerror', None) or error}"
            todo = "correct its permissions, make room, or name another one with BOTOTRAIL_CACHE"
            raise ConfigError("a cache directory that can be written", ascii(found)[1:-1], todo) from None

    def asked(self, ask: Callable[[list[Part]], _Result], update: Callable[[], object], *, own: bool = True) -> _Result:
        """What a question gives; parts that are broken, or merged meanwhile, are seen to.

        Args:
            ask: asks about parts.
            update: takes in anew what was lost.
            own: whether what waits is asked, too.

        Raises:
            BucketError: there is no answer.
        """
        last = ""
        for _ in range(_TRIES):
            newest = self.recent.part if own else None  # before the others: events move from it to them
            parts = [*self.used(self.catalogue.parts), *([newest] if newest is not None else [])]
            try:
                return ask(parts)
            except (self.engine.failure, UnicodeError, ValueError) as error:  # the last two of what is garbled
                last = str(error)
                self.engine.revive(error)
                if not self._is_hopeful(parts, update):
                    break
        raise BucketError(self.catalogue.folder.as_posix(), f"the index cannot be read: {last}")

    def _is_hopeful(self, parts: Sequence[Part], update: Callable[[], object]) -> bool:
        """Whether the same question may be answered now."""
        there = self.used(self.catalogue.parts)
        if not {*there, self.recent.part}.issuperset(parts):
            return True
        asked = [part for part in there if part in parts]
        broken = [part for part in asked if not self._is_whole(part)] or [
            part for part in asked if not self._is_true(part)
        ]
        if broken:
            with self.catalogue.writing(wait=True):
                self.catalogue.forget_parts([part.name for part in broken])
            update()
        if not self.recent.is_there():
            self.recent.forget()
            return True
        return bool(broken)

    def _is_whole(self, part: Part) -> bool:
        paths = {kind: self.catalogue.parts_folder / f"{part.name}{kind}" for kind in _COLUMNS}
        try:
            rows = {kind: self.engine.rows_of(path, _COLUMNS[kind]) for kind, path in paths.items() if is_part(path)}
            return rows.get(FACTS) == rows.get(RECORDS) == part.rows and rows.get(NAMES, 0) > 0
        except (self.engine.failure, UnicodeError):
            return False

    def _is_true(self, part: Part) -> bool:
        """Whether what stands in a part is what follows from its records, which takes long to find out."""
        try:
            return all(event_of(row[-1]) == row for row in rows_of(self.catalogue.parts_folder, part))  # type: ignore[arg-type]
        except (BrokenPartError, ValueError, TypeError):
            return False
