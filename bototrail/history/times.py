"""Moments as people write them: `2026-11-21`, `2026-11-21T10:20:00Z`, `2h`, `yesterday`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Final

from bototrail.errors import ConfigError

_AGO: Final = re.compile(r"(\d{1,6})\s*(s|m|h|d|w)(?:ago)?", re.IGNORECASE)
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DAYS: Final = {"today": 0, "yesterday": 1}


def moment(text: str, now: datetime) -> datetime:
    """The moment that a text names, in UTC unless it says otherwise.

    Args:
        text: a date or time in ISO 8601, `now`, `today`, `yesterday`, or how long ago: `30m`, `2h`, `7d`, `1w`.
        now: what such words are counted from, aware of its time zone.

    Raises:
        ConfigError: it is none of these.
    """
    word = text.strip().lower()
    if word == "now":
        return now
    if word in _DAYS:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight - timedelta(days=_DAYS[word])
    try:
        if ago := _AGO.fullmatch(word.replace(" ", "")):
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        found = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text.strip()))
    except (ValueError, OverflowError):
        expected = "a moment such as 2026-11-21, 2026-11-21T10:20:00Z, 2h, 7d or yesterday"
        raise ConfigError(expected, repr(text), "correct it or leave it out") from None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
