"""Which bucket a location means, however it is spelt."""

from __future__ import annotations

import hashlib
import os
from urllib.parse import parse_qsl

from bototrail.trails import Trail


def plain(location: str) -> str:
    """A folder as it really is, or a URL without its options; neither ends in `/`.

    Args:
        location: as `bucket_location` gives it.
    """
    return location.partition("?")[0].rstrip("/") if "://" in location else os.path.realpath(location)


def name_of(location: str) -> str:
    """What tells the bucket of a location, read with these options, from all others: 16 hexadecimal digits."""
    options = sorted(_options(location).items())
    return hashlib.sha256(repr((plain(location), options)).encode(errors="surrogateescape")).hexdigest()[:16]


def goes_to(trail: Trail, location: str) -> bool:
    """Whether a trail's log files are among those that are read at a location."""
    place = f"{plain(trail.bucket)}/{trail.S3KeyPrefix}".rstrip("/")
    servers = {options.get("endpoint_url") for options in (_options(trail.bucket), _options(location))} - {None}
    return f"{place}/".startswith(f"{plain(location)}/") and len(servers) < 2


def _options(location: str) -> dict[str, str]:
    return dict(parse_qsl(location.partition("?")[2])) if "://" in location else {}
