"""What is delivered at a time: a sealed segment, or entries that never reached the disk.

A parcel goes to several destinations, and each has its own cursor in it, so that one that is down neither holds up nor
repeats the others:

    00000002-20261121T0931Z.sealed       the entries
    00000002-20261121T0931Z.callers      who the callers are that were not known when they called
    00000002-20261121T0931Z.cursors      how far each destination has come
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Final

from bototrail.clock import event_id, minute, now
from bototrail.deliver.logfile import Read, read
from bototrail.record.identity import Identities, Identity
from bototrail.spool import Entry, Folder, Segment
from bototrail.spool.entry import resolve

DONE: Final = "done"
NOTHING: Final = "nothing"  # was in it for a destination
Cursor = Any  # as JSON: a number, a list of numbers, or one of the two above


class Parcel:
    """Entries on their way, kept in memory.

    Args:
        entries: the entries.

    Attributes:
        unique: what tells this parcel from every other one; names of log files are derived from it.
        sealed: when it was closed, `YYYYMMDDTHHmmZ`.
        torn: lines that a crash had cut short, None until it was read.
        entries: how many records it holds, known when it was read.
        trails: names of the trails that want something of it, known when it was read.
    """

    def __init__(self, entries: list[Entry]) -> None:
        self.unique, self.sealed = event_id(), minute(now())
        self._in_memory = entries
        self._start()
        self.entries = len(entries)

    def _start(self) -> None:
        self.torn: int | None = None
        self.entries = 0
        self.trails: set[str] = set()
        self._wanted: Counter[tuple[str, ...]] = Counter()
        self._lock = threading.RLock()
        self._callers: dict[str, Any] = {}
        self._cursors: dict[str, Cursor] = {}
        self._senders = 0
        self._tried = False

    def _contents(self) -> Iterable[Entry | None]:
        return self._in_memory

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return sum(len(entry.record) for entry in self._in_memory)

    def read(self, identities: Identities) -> Read:
        """Its entries, sorted; what they say of callers goes into the book."""
        found = read(self._contents(), identities)
        self._wanted = Counter((*header.trails, *header.maybe) for header, _ in found.entries)
        self.trails = {name for names in self._wanted for name in names}
        self.torn, self.entries = found.torn, len(found.entries)  # last: others look whether it was read
        return found

    def lacks(self, trail: str) -> bool:
        """Whether it is known that the trail wants nothing of it."""
        return self.torn is not None and trail not in self.trails

    def count(self, trails: Collection[str]) -> int:
        """How many of its records are for one of these trails, known when it was read."""
        return sum(number for names, number in self._wanted.items() if not set(names).isdisjoint(trails))

    # ---- who called
    def pinned(self, found: Read, identities: Identities) -> Identities:
        """The book of this parcel's delivery, the same one from the first try to the last; to be unpinned after each.

        Accounts are part of the log files' names: what is learned of a caller between two tries must not make others.
        """
        with self._lock:
            self._senders += 1
            if not self._callers:
                wanted = {h.caller for h in found.headers if h.mark is not None and h.caller is not None}
                self._callers = {caller: resolve(caller, identities).to_dict() for caller in sorted(wanted)}
                self._save_callers()
            callers = dict(self._callers)
        book = Identities()
        for caller, identity in callers.items():
            book.put(caller, Identity.from_dict(identity))
        return book

    def unpin(self, *, perhaps: bool) -> None:
        """A try has ended; let the callers become known after all, if certainly nothing is anywhere yet.

        Others may be at it side by side, with the same book, and may have put what they have not noted yet.

        Args:
            perhaps: whether something may be there now.
        """
        with self._lock:
            self._senders -= 1
            self._tried |= perhaps
            begun = any(cursor != NOTHING for cursor in self._cursors.values())
            if self._callers and not begun and not self._tried and not self._senders:
                self._callers = {}
                self._save_callers()

    def _save_callers(self) -> None:
        """Write them down, where that is needed."""

    # ---- how far it is
    def at(self, destination: str) -> Cursor:
        """How far a destination has come, 0 at first."""
        return self._cursors.get(destination, 0)

    def advance(self, destination: str, cursor: Cursor) -> None:
        """What comes before `cursor` is delivered; it will not be sent again."""
        with self._lock:
            self._cursors[destination] = cursor
            self._save_cursors()

    def _save_cursors(self) -> None:
        """Write them down, where that is needed."""


class SegmentParcel(Parcel):
    """A sealed segment of the spool.

    Args:
        folder: the process's folder that it is in, which we own.
        segment: the segment.
    """

    def __init__(self, folder: Folder, segment: Segment) -> None:
        self.folder, self.segment = folder, segment
        self.unique, self.sealed = segment.unique, segment.sealed
        self._start()
        self._callers = folder.read_json(self._beside("callers").name, dict)
        self._cursors = folder.read_json(self._beside("cursors").name, dict)
        self._tried = bool(self._callers)  # by somebody who may have come further than he could write down

    def _beside(self, kind: str) -> Path:
        return self.segment.path.with_suffix(f".{kind}")

    def _contents(self) -> Iterable[Entry | None]:
        return self.segment.entries()

    # On a full disk both may fail; what matters then is that delivery goes on, which makes room.
    def _save_callers(self) -> None:
        with contextlib.suppress(OSError):
            if self._callers:
                self.folder.write_json(self._beside("callers").name, self._callers)
            else:
                self._beside("callers").unlink(missing_ok=True)

    def _save_cursors(self) -> None:
        with contextlib.suppress(OSError):
            self.folder.write_json(self._beside("cursors").name, self._cursors)

    @property
    def age(self) -> float:
        """Seconds since the last entry was written."""
        return now() - self.segment.path.stat().st_mtime

    @property
    def size(self) -> int:
        """See `Parcel`; on disk."""
        return self.segment.path.stat().st_size

    def give_up(self) -> None:
        """Remove it: all of it is delivered, or it has waited too long."""
        self.segment.path.unlink()
        self._clean()

    def set_aside(self) -> Path:
        """Move it out of the way, because not all of it can be read."""
        kept = self.folder.set_aside(self.segment)
        self._clean()
        return kept

    def _clean(self) -> None:
        for kind in ("callers", "cursors"):
            with contextlib.suppress(OSError):  # without their segment they mean nothing
                self._beside(kind).unlink(missing_ok=True)
