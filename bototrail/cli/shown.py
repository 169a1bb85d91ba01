"""Text out of records, as it may go to a terminal."""

from __future__ import annotations

import re
from typing import Final

# C0 and C1 control characters but the line feed, separators of lines, and what turns the direction of writing.
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """The text with control characters spelt out: a record may hold whatever its caller sent."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
