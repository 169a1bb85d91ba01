"""Colours and widths of a terminal, by rich; text is never read as rich's markup."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TextIO

from bototrail.cli.shown import shown
from bototrail.errors import MissingExtraError

if TYPE_CHECKING:
    from rich.style import Style

_LEFT_TO_RIGHT: Final = "\u200e"  # takes no room; what follows is written from left to right again
_RIGHT_TO_LEFT: Final = ("R", "AL", "AN")
_ESCAPED: Final = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class Painter:
    """Writes to a file, in colours if it is a terminal that has some and NO_COLOR is not set.

    Args:
        out: the file.

    Attributes:
        is_terminal: whether it is one.
        width: its columns.

    Raises:
        MissingExtraError: rich is not installed.
    """

    def __init__(self, out: TextIO) -> None:
        try:
            from rich.console import Console
        except ImportError:
            raise MissingExtraError("a table", "history") from None
        console = Console(file=out)
        self.is_terminal = out.isatty()
        self.width = console.width
        self._on = console.color_system is not None and not console.no_color

    def paint(self, text: str, style: str) -> str:
        """The text in a style of rich's, such as `bold red`; empty is plain."""
        return _style(style).render(text, color_system=_standard()) if style and self._on else text


@cache
def _style(name: str) -> Style:
    from rich.style import Style

    return Style.parse(name)


@cache
def _standard() -> Any:
    from rich.color import ColorSystem

    return ColorSystem.STANDARD


def one_line(text: str) -> str:
    """Text out of a record, as it may stand in a line of a terminal."""
    return shown(text).replace("\n", r"\n")


def json_shown(text: str) -> str:
    """The same JSON, with nothing in it that a terminal obeys."""
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def cells(text: str) -> int:
    """Columns of a terminal that a text takes."""
    from rich.cells import cell_len

    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, width: int) -> str:
    """The text, as far as it goes into a width; an ellipsis tells that there is more."""
    if cells(text) <= width:
        return text
    from rich.cells import set_cell_size

    return set_cell_size(text, max(0, width - 1)).rstrip() + "…" if width else ""


def filled(text: str, width: int) -> str:
    """The text with blanks up to a width; what comes behind stays behind, in whatever direction the text is read."""
    turned = not text.isascii() and any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in text)
    return text + (_LEFT_TO_RIGHT if turned else "") + " " * (width - cells(text))
