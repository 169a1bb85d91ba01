"""An entry that is made when somebody asks for it: those who watch calls seldom want the record of every one."""

from __future__ import annotations

from bototrail.capture.seen import Seen
from bototrail.model import NOTHING, Owner
from bototrail.record import assemble
from bototrail.spool.entry import Entry


class Later:
    """The entry of a call that has ended; what it will say is settled already.

    Args:
        header: encoded header of the entry.
        seen: the call. Objects that it shares with the program are let go of.
        event_id: eventID.
        owner: whose record it is.
        source_ip: as for `assemble`.
    """

    __slots__ = ("_entry", "_parts", "_seen")

    def __init__(self, header: bytes, seen: Seen, event_id: str, owner: Owner, source_ip: str | None) -> None:
        self._parts = (header, event_id, owner, source_ip)
        self._seen: Seen | None = seen
        self._entry: Entry | None = None

    def entry(self) -> Entry:
        """The entry, the same one every time."""
        seen, entry = self._seen, self._entry  # in this order: another thread may be making it
        if entry is None:
            header, event_id, owner, source_ip = self._parts
            assert seen is not None
            entry = self._entry = Entry(header, assemble(seen, event_id, owner, source_ip))
            self._seen = None
        return entry

    def let_go(self) -> None:
        """Keep nothing of the program's: neither would it be right to keep it alive, nor to see it change."""
        seen = self._seen
        if seen is None:
            return
        if seen.plan.reads_answer:
            self.entry()
            return
        seen.response_headers = dict(seen.response_headers)
        seen.client = seen.given = seen.request = None
        seen.params = seen.context = seen.parsed = NOTHING
