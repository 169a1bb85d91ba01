r"""One line of a segment: a record and what delivery needs to know of it, so that log files are made without parsing.

A line is `LENGTH HEADER RECORD\\n`: LENGTH is the number of bytes of RECORD in decimal, HEADER a JSON object without
blanks, RECORD the finished CloudTrail record. A line whose parts do not add up was torn by a crash.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from bototrail.clock import event_id
from bototrail.model import Owner
from bototrail.record.identity import Identities, Identity, from_access_key, is_account

NO_ACCOUNT = "000000000000"
"""The account of callers of whom nothing is known; also what S3 servers without accounts answer."""

IDENTITY = "identity"
"""Kind of a line that holds no record but what was learned of a caller."""


@dataclass(frozen=True)
class Header:
    """What a line's header says.

    Attributes:
        trails: names of the trails that want the record.
        kind: `CloudTrail` and so on, the folder of the log file; or `identity`.
        region: awsRegion.
        account: recipientAccountId, None while the caller is not known.
        caller: key of the caller in `Identities`, for a record whose caller was not known yet.
        mark: the placeholder that stands in such a record.
        maybe: names of trails that want the record or not, depending on who the caller is; they are asked again when
            that is known.
    """

    trails: tuple[str, ...] = ()
    kind: str = "CloudTrail"
    region: str = "us-east-1"
    account: str | None = None
    caller: str | None = None
    mark: str | None = None
    maybe: tuple[str, ...] = ()

    def encode(self) -> bytes:
        """Compact JSON; fields that are not set are left out."""
        return orjson.dumps({k: v for k, v in self.__dict__.items() if v is not None and (v or k == "trails")})


class Entry(NamedTuple):
    """One line: its header, encoded, and its record."""

    header: bytes
    record: bytes

    def line(self) -> bytes:
        """The bytes that go to the segment."""
        return b"%d %b %b\n" % (len(self.record), self.header, self.record)


def parse(line: bytes) -> Entry | None:
    """The entry of a line (with or without its newline), None for a torn or foreign one."""
    length, blank, rest = line.rstrip(b"\n").partition(b" ")
    if not blank or not length.isdigit() or len(length) > 12:
        return None
    start = len(rest) - int(length)
    if start < 3 or rest[start - 1 : start] != b" " or rest[start : start + 1] != b"{" or rest[-1:] != b"}":
        return None
    if b"\0" in rest:  # what a file system leaves after a power cut; JSON has none
        return None
    header = rest[: start - 1]
    return Entry(header, rest[start:]) if decode_header(header) else None


@lru_cache(maxsize=4096)
def decode_header(header: bytes) -> Header | None:
    """The header, None when it is none of ours."""
    try:
        value: dict[str, Any] = orjson.loads(header)
        for name in ("trails", "maybe"):
            value[name] = tuple(map(str, value.get(name, ())))
        return Header(**value)
    except (orjson.JSONDecodeError, TypeError, AttributeError):
        return None


_from_access_key = lru_cache(maxsize=1024)(from_access_key)


def new_mark() -> str:
    """A placeholder that no program can have in its arguments by accident: 32 random hexadecimal digits."""
    return event_id().replace("-", "")


@lru_cache(maxsize=256)
def unknown_owner(mark: str) -> Owner:
    """The owner written into records whose caller is not known yet."""
    return Owner(b'"%b:identity"' % mark.encode(), b"%b:account" % mark.encode())


def finish(entry: Entry, identities: Identities) -> tuple[str, bytes]:
    """The account that `entry` belongs to and its record with everything filled in."""
    header = decode_header(entry.header) or Header()
    if header.mark is None:
        return header.account or NO_ACCOUNT, entry.record
    identity = resolve(header.caller, identities)
    account = identity.account_id or ""
    if not is_account(account):  # some emulators answer other things
        account = header.account or NO_ACCOUNT
    marks = unknown_owner(header.mark)
    return account, entry.record.replace(marks.identity, identity.json(), 1).replace(marks.account, account.encode())


def resolve(caller: str | None, identities: Identities) -> Identity:
    """Who `caller` is: what was learned, else what the access key id itself tells."""
    known = identities.get(caller) if caller else None
    return known or _from_access_key((caller or "").partition("@")[0])
