"""Events as a table that is printed while it is read, and fits the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple, TextIO

from bototrail.cli.lookup_columns import FAILED, QUIET, Column, time_of
from bototrail.cli.painting import Painter, cells, cut, filled, one_line
from bototrail.history.event import Event

_FIRST: Final = 200
_GAP: Final = "  "
_LEAST: Final = 6
_INSIGHT: Final = "Insight"
_SOURCE: Final = ".amazonaws.com"


class _Shape(NamedTuple):
    """A column as the table has it.

    Attributes:
        name: its heading.
        text: what stands in it.
        style: how that is painted.
        least: what it can be cut down to.
        roomy: how wide it likes to be, where later rows are not known yet.
    """

    name: str
    text: Callable[[Event], str]
    style: Callable[[Event], str]
    least: int = _LEAST
    roomy: int = 0


def _event(event: Event) -> str:
    return f"{event.event_source.removesuffix(_SOURCE)} {event.event_name}".strip()


def _user(event: Event) -> str:
    return f"{event.role}/{event.session}" if event.role and event.session != event.role else event.user_name


def _resources(event: Event) -> str:
    if event.category == _INSIGHT:
        details = event.parsed().get("insightDetails")
        found = (details.get("insightType"), details.get("state")) if isinstance(details, dict) else ()
        return " ".join(each for each in found if isinstance(each, str))
    names = event.resource_name.split("\n")[1:-1]
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    return f"{_short(names[0])}{more}" if names else ""


def _short(name: str) -> str:
    """What tells an ARN from others."""
    return name.split(":", 5)[5] if name.startswith("arn:") and name.count(":") >= 5 else name


def _plain(_: Event) -> str:
    return ""


def _bold_insight(event: Event) -> str:
    return "bold" if event.category == _INSIGHT else ""


_SHAPES: Final = (
    _Shape("time", time_of, _plain, 20),
    _Shape("event", _event, _bold_insight, 16, 32),
    _Shape("user", _user, _plain, 8, 20),
    _Shape("resource", _resources, _plain, 10, 36),
    _Shape("region", lambda event: event.region, _plain, 9, 12),
    _Shape("error", lambda event: event.error_code, lambda _: FAILED, 12, 24),
)
# What is left out first where there is no room.
_LESS: Final = ("region", "resource", "user")


class Table:
    """A table of events.

    The first of them say how wide its columns are. On a terminal it is as wide as that, else as wide as it comes.

    Args:
        out: where it goes.
        columns: what is shown; None is what most want to see.
        follows: whether most of the rows come later.
    """

    only_records = False

    def __init__(self, out: TextIO, columns: Sequence[Column] | None = None, *, follows: bool = False) -> None:
        self._out, self._follows = out, follows
        self._painter = Painter(out)
        self._optional = columns is None
        self._shapes = (
            _SHAPES if columns is None else tuple(_Shape(column.name, column.text, column.style) for column in columns)
        )
        self._widths: list[int] = []

    def rows(self, events: Iterable[Event]) -> None:
        """Print some events."""
        rest = iter(events)
        first = list(islice(rest, _FIRST))
        if first and not self._widths:
            self._begin(first)
        for event in chain(first, rest):
            quiet = event.read_only is True and not event.error_code
            self._line([(shape.text(event), shape.style(event) or QUIET * quiet) for shape in self._shapes])

    def end(self) -> None:
        """Nothing stands below."""

    def _begin(self, first: Sequence[Event]) -> None:
        natural = [
            max(cells(shape.name), *(cells(one_line(shape.text(event))) for event in first)) for shape in self._shapes
        ]
        if not self._painter.is_terminal:
            self._widths = natural
        else:
            self._fit(natural)
            if self._follows:
                self._stretch()
        self._line([(shape.name, "bold") for shape in self._shapes])

    def _fit(self, natural: list[int]) -> None:
        """Make columns narrower until they go into the terminal's width; if that is not enough, have fewer."""
        shapes, total = self._shapes, self._painter.width
        for name in ("", *_LESS) if self._optional else ("",):
            kept = [number for number, shape in enumerate(shapes) if shape.name != name]
            shapes, natural = tuple(shapes[at] for at in kept), [natural[at] for at in kept]
            least = [min(shape.least, width) for shape, width in zip(shapes, natural, strict=True)]
            room = total - len(_GAP) * (len(shapes) - 1)
            if sum(least) <= room:
                break
        else:
            least = [min(_LEAST, width) for width in natural]
        self._shapes, self._widths = shapes, _shrunk(natural, least, room)

    def _stretch(self) -> None:
        """Give columns more of the room that is left, for rows to come."""
        left = self._painter.width - sum(self._widths) - len(_GAP) * (len(self._widths) - 1)
        for number, shape in enumerate(self._shapes):
            more = max(0, min(left, shape.roomy - self._widths[number]))
            self._widths[number] += more
            left -= more

    def _line(self, row: Sequence[tuple[str, str]]) -> None:
        last = len(row) - 1
        parts = []
        for number, ((text, style), width) in enumerate(zip(row, self._widths, strict=True)):
            whole = one_line(text)
            fitting = cut(whole, width) if self._painter.is_terminal else whole
            blanks = "" if number == last else filled(fitting, width)[len(fitting) :] + _GAP
            parts.append(self._painter.paint(fitting, style) + blanks)
        self._out.write("".join(parts).rstrip() + "\n")


def _shrunk(widths: list[int], least: list[int], room: int) -> list[int]:
    """Widths that go into a room together: the widest give way first."""
    found = list(widths)
    while sum(found) > room:
        able = [number for number in range(len(found)) if found[number] > least[number]]
        if not able:
            break
        widest = max(able, key=lambda number: found[number])
        found[widest] -= 1
    return found
