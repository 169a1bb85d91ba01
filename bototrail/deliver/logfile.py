"""From a sealed segment to the log files it becomes."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import orjson

from bototrail.deliver.layout import log_file_key, unique_string
from bototrail.record.identity import Identities, Identity
from bototrail.settings import MIB
from bototrail.spool.entry import IDENTITY, NO_ACCOUNT, Entry, Header, decode_header, finish

MAX_BYTES = 45 * MIB
"""Weight at which a log file is full; CloudTrail's limit is 50 MB uncompressed."""

MARK_WEIGHT = 2048
"""Bytes allowed for what a placeholder grows to."""


@dataclass(frozen=True)
class LogFile:
    """A log file that is ready to be put into its bucket.

    Attributes:
        trail: name of its trail.
        key: its key below the trail's prefix.
        body: the gzip file, one member.
        count: number of records in it.
    """

    trail: str
    key: str
    body: bytes
    count: int


@dataclass(eq=False, repr=False)
class Read:
    """What a segment holds."""

    groups: dict[tuple[str, Header], list[Entry]] = field(default_factory=dict)
    entries: int = 0
    torn: int = 0


def read(entries: Iterable[Entry | None], identities: Identities) -> Read:
    """Sort the entries of a segment by trail and header, and take in what it says about callers."""
    found = Read()
    for entry in entries:
        header = decode_header(entry.header) if entry else None
        if entry is None or header is None:
            found.torn += 1
        elif header.kind == IDENTITY:
            with contextlib.suppress(orjson.JSONDecodeError):
                identities.put(header.caller or "", Identity.from_dict(orjson.loads(entry.record)))
        else:
            found.entries += 1
            for trail in header.trails:
                found.groups.setdefault((trail, header), []).append(entry)
    return found


def log_files(found: Read, unique: str, sealed: str, identities: Identities) -> Iterator[LogFile]:
    """The log files of a segment: one for each trail, account, region and kind, more when it would be too large.

    What goes into which file depends on the segment alone, not on what is known of the callers by now, so that a
    repeated delivery makes the same files under the same names.
    """
    merged: dict[tuple[str, ...], list[Entry]] = {}
    for (trail, header), entries in found.groups.items():
        # Of a caller who is not known yet the account may turn out to be another one than the key id tells.
        owner = header.caller if header.mark else header.account
        merged.setdefault((trail, owner or NO_ACCOUNT, header.region, header.kind), []).extend(entries)
    for (trail, owner, region, kind), entries in merged.items():
        for part, chunk in enumerate(_parts(entries)):
            finished = [finish(entry, identities) for entry in chunk]
            name = unique_string(unique, trail, owner, region, kind, str(part))
            key = log_file_key(finished[0][0], kind, region, sealed, name)
            yield LogFile(trail, key, compress(b'{"Records":[%b]}' % b",".join(r for _, r in finished)), len(chunk))


def _parts(entries: list[Entry]) -> Iterator[list[Entry]]:
    chunk: list[Entry] = []
    weight = 0
    for entry in entries:
        size = len(entry.record) + MARK_WEIGHT
        if chunk and weight + size > MAX_BYTES:
            yield chunk
            chunk, weight = [], 0
        chunk.append(entry)
        weight += size
    yield chunk


def compress(data: bytes) -> bytes:
    """One gzip member without a name or time in it, so that the same records give the same bytes."""
    packer = zlib.compressobj(4, zlib.DEFLATED, 31)  # 5 % larger than with 6, in half the time
    return packer.compress(data) + packer.flush()
