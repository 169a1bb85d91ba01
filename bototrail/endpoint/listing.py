"""ListObjects and ListObjectsV2, a page at a time."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Final, NamedTuple
from urllib.parse import quote

from bototrail.endpoint.answers import XMLNS, elements
from bototrail.errors import ServiceError
from bototrail.store import Entry, Store

PAGE: Final = 1000
"""Keys and common prefixes in a page, at most. [S3: ListObjects, MaxKeys]"""

_LAST: Final = 253_402_300_799.0  # 9999-12-31T23:59:59Z
_BEHIND: Final = "\U0010ffff"  # keys that begin with a text are before that text with this behind it

PARAMETERS: Final = frozenset(
    (
        *("prefix", "delimiter", "encoding-type", "max-keys", "x-id", "marker"),
        *("list-type", "continuation-token", "start-after", "fetch-owner"),
    )
)
"""What a listing may be asked with; anything else asks for something that is not served."""


class Item(NamedTuple):
    """A key, or what several keys have in common: then `entry` is None."""

    name: str
    entry: Entry | None


@dataclass
class Page:
    """One page.

    Attributes:
        items: what is on it.
        truncated: whether more would come.
    """

    items: list[Item] = field(default_factory=list)
    truncated: bool = False


def tag(entry: Entry) -> str:
    """An object's ETag, without quotes; where the store has none, it changes with size and time.

    It ends like that of a multipart upload, so that nobody takes it for the MD5 of the content.
    """
    made = hashlib.md5(f"{entry.size} {entry.modified}".encode(), usedforsecurity=False).hexdigest()
    return entry.tag or f"{made}-1"


def written(entry: Entry) -> float:
    """When an object was last written, within the years that dates can have: file systems take any."""
    return min(max(entry.modified, 0.0), _LAST)


def bucket_listing(store: Store, bucket: str, query: Mapping[str, str]) -> str:
    """The XML of a page.

    Raises:
        ServiceError: InvalidArgument.
        BucketError: the bucket cannot be listed.
    """
    second, size, encoded = query.get("list-type") == "2", _size(query), _is_encoded(query)
    delimiter, prefix = query.get("delimiter", ""), query.get("prefix", "")
    after = _after(query) if second else query.get("marker", "")
    page = _page(store, prefix, after, delimiter, size)

    def shown(text: str) -> str:
        return quote(text, safe="/") if encoded else text

    fields: dict[str, object] = {"Name": bucket, "Prefix": shown(prefix), "MaxKeys": size}
    fields |= {"Delimiter": shown(delimiter)} if delimiter else {}
    fields |= {"EncodingType": "url"} if encoded else {}
    fields |= {"IsTruncated": str(page.truncated).lower()}
    fields |= _second(page, query, shown) if second else _first(page, after, delimiter, shown)
    found = "".join(_element(item, shown(item.name)) for item in page.items)
    return f'<ListBucketResult xmlns="{XMLNS}">{elements(fields)}{found}</ListBucketResult>'


def _first(page: Page, after: str, delimiter: str, shown: Callable[[str], str]) -> dict[str, object]:
    """What ListObjects alone tells: NextMarker with a delimiter only; without one, the last key is it."""
    following = {"NextMarker": shown(page.items[-1].name)} if page.truncated and delimiter else {}
    return {"Marker": shown(after), **following}


def _second(page: Page, query: Mapping[str, str], shown: Callable[[str], str]) -> dict[str, object]:
    """What ListObjectsV2 alone tells."""
    given = {"ContinuationToken": query.get("continuation-token"), "StartAfter": shown(query.get("start-after", ""))}
    following = {"NextContinuationToken": _token(page.items[-1].name)} if page.truncated else {}
    return {"KeyCount": len(page.items), **{name: text for name, text in given.items() if text}, **following}


def _element(item: Item, name: str) -> str:
    if item.entry is None:
        return f"<CommonPrefixes>{elements({'Prefix': name})}</CommonPrefixes>"
    modified = datetime.fromtimestamp(written(item.entry), timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    fields = {"Key": name, "LastModified": modified, "ETag": f'"{tag(item.entry)}"', "Size": item.entry.size}
    return f"<Contents>{elements({**fields, 'StorageClass': 'STANDARD'})}</Contents>"


def _page(store: Store, prefix: str, after: str, delimiter: str, size: int) -> Page:
    page = Page()
    if size:
        for item in _items(store, prefix, after, delimiter):
            if len(page.items) == size:
                page.truncated = True
                break
            page.items.append(item)
    return page


def _items(store: Store, prefix: str, after: str, delimiter: str) -> Iterator[Item]:
    """Keys and common prefixes behind `after`, which may be either."""
    last = _common(after, prefix, delimiter)
    cursor: str | None = after + _BEHIND if last and last == after else after
    while cursor is not None:
        start, cursor = cursor, None
        for entry in _entries(store, prefix, start):
            common = _common(entry.key, prefix, delimiter)
            if not common:
                yield Item(entry.key, entry)
            elif common != last:
                last = common
                yield Item(common, None)
                if delimiter.endswith("/"):  # folders: what lies in one need not be walked through
                    cursor = common + _BEHIND
                    break


def _entries(store: Store, prefix: str, after: str) -> Iterator[Entry]:
    """The store's entries under their keys in S3."""
    own = store.prefix
    if not own:
        yield from store.entries(prefix, after)
        return
    behind = after[len(own) :] if after.startswith(own) else ""
    if (prefix.startswith(own) or own.startswith(prefix)) and (behind or after <= own):
        for entry in store.entries(prefix[len(own) :], behind):
            yield entry._replace(key=own + entry.key)


def _common(key: str, prefix: str, delimiter: str) -> str:
    """What a key has in common with others up to the delimiter, that included; empty when there is no such."""
    if not (delimiter and key.startswith(prefix)):
        return ""
    head, found, _ = key[len(prefix) :].partition(delimiter)
    return prefix + head + found if found else ""


def _is_encoded(query: Mapping[str, str]) -> bool:
    given = query.get("encoding-type", "")
    if given not in ("", "url"):
        raise ServiceError("InvalidArgument", "Invalid Encoding Method specified in Request")
    return given == "url"


def _size(query: Mapping[str, str]) -> int:
    given = query.get("max-keys", "") or str(PAGE)
    if not (given.isascii() and given.isdigit() and len(given) <= 10):
        raise ServiceError("InvalidArgument", "Provided max-keys not an integer or within integer range")
    return min(int(given), PAGE)


def _token(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode()


def _after(query: Mapping[str, str]) -> str:
    token = query.get("continuation-token", "")
    if not token:
        return query.get("start-after", "")
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise ServiceError("InvalidArgument", "The continuation token provided is incorrect") from None
