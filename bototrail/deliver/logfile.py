"""From the entries of a parcel to the log files they become."""

from __future__ import annotations

import contextlib
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import orjson

from bototrail.deliver.layout import log_file_key, unique_string
from bototrail.record.identity import Identities, Identity
from bototrail.settings import MIB
from bototrail.spool.entry import IDENTITY, NO_ACCOUNT, Entry, Header, decode_header, finish
from bototrail.trails import Trail
from bototrail.trails.selectors import takes

MAX_BYTES = 45 * MIB
"""Bytes at which a log file is full; CloudTrail's limit is 50 MB uncompressed."""

# The record's own comes first: only userIdentity stands before it, and has no such key.
_TIME: Final = re.compile(rb'"eventTime":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"')


@dataclass(frozen=True)
class LogFile:
    """A log file of one trail, made of a parcel.

    Attributes:
        account: whose records they are, 12 digits.
        region: the region of its records.
        key: its key in the bucket.
        records: the finished records; none when the trail takes none of those that it might: then there is no file.
    """

    account: str
    region: str
    key: str
    records: list[bytes]

    @property
    def content(self) -> bytes:
        """Its JSON."""
        return b'{"Records":[%b]}' % b",".join(self.records)

    def body(self) -> bytes:
        """The gzip file, one member."""
        return compress(self.content)

    @property
    def hash(self) -> str:
        """SHA-256 of its content, lower-case hex."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def times(self) -> tuple[str, str] | None:
        """The earliest and the latest eventTime, None when no record has one."""
        found = [match[1].decode() for match in map(_TIME.search, self.records) if match]
        return (min(found), max(found)) if found else None


@dataclass(eq=False, repr=False)
class Read:
    """What a parcel holds: headers and entries in the order in which they were written."""

    entries: list[tuple[Header, Entry]] = field(default_factory=list)
    torn: int = 0

    @property
    def headers(self) -> set[Header]:
        """The headers that occur."""
        return {header for header, _ in self.entries}


def read(entries: Iterable[Entry | None], identities: Identities) -> Read:
    """The entries of a parcel; what it says about callers goes into the book."""
    found = Read()
    for entry in entries:
        header = decode_header(entry.header) if entry else None
        if entry is None or header is None:
            found.torn += 1
        elif header.kind == IDENTITY:
            with contextlib.suppress(orjson.JSONDecodeError):
                identities.put(header.caller or "", Identity.from_dict(orjson.loads(entry.record)))
        else:
            found.entries.append((header, entry))
    return found


class Finished(NamedTuple):
    """A finished record.

    Attributes:
        header: what its header says.
        account: whose it is.
        record: the record.
        taken: whether the trail takes it.
    """

    header: Header
    account: str
    record: bytes
    taken: bool


def records_of(trail: Trail, found: Read, book: Identities) -> Iterator[Finished]:
    """What may be for the trail, in the order of the entries.

    What it does not take is among it, for cursors to count: its selectors may be others in the next round.
    """
    for header, entry in found.entries:
        if trail.Name in header.trails:
            yield Finished(header, *finish(entry, book), taken=True)
        elif trail.Name in header.maybe:
            account, record = finish(entry, book)
            yield Finished(header, account, record, _taken(trail, record))


def _taken(trail: Trail, record: bytes) -> bool:
    """What could not be decided while the caller was not known; what cannot be read is kept rather than lost."""
    try:
        return takes(trail, orjson.loads(record))
    except orjson.JSONDecodeError:
        return True


def log_files(trail: Trail, found: Read, unique: str, sealed: str, book: Identities) -> Iterator[LogFile]:
    """A trail's log files of a parcel: one for each account, region and kind, more when it would be too large.

    What goes into which file depends on the parcel and the pinned `book` alone, not on what is known of the callers
    by now, so that a repeated delivery makes the same files under the same names.
    """
    merged: dict[tuple[str, str, str], list[Finished]] = {}
    for each in records_of(trail, found, book):
        header = each.header
        # Of a caller who is not known yet the account may turn out to be another one than the key id tells.
        owner = (header.caller if header.mark else header.account) or NO_ACCOUNT
        merged.setdefault((owner, header.region, header.kind), []).append(each)
    for (owner, region, kind), finished in merged.items():
        for part, chunk in enumerate(_parts(finished)):
            name = unique_string(unique, trail.Name, owner, region, kind, str(part))
            account = chunk[0].account
            folder = f"{trail.OrganizationId}/{account}" if trail.OrganizationId else account
            key = log_file_key(folder, kind, region, sealed, name, prefix=trail.S3KeyPrefix)
            yield LogFile(account, region, key, [each.record for each in chunk if each.taken])


def _parts(finished: list[Finished]) -> Iterator[list[Finished]]:
    chunk: list[Finished] = []
    weight = 0
    for each in finished:
        size = len(each.record) + 1
        if chunk and weight + size > MAX_BYTES:
            yield chunk
            chunk, weight = [], 0
        chunk.append(each)
        weight += size
    if chunk:
        yield chunk


def compress(data: bytes) -> bytes:
    """One gzip member without a name or time in it, so that the same records give the same bytes."""
    packer = zlib.compressobj(4, zlib.DEFLATED, 31)  # 5 % larger than with 6, in half the time
    return packer.compress(data) + packer.flush()
