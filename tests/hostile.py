"""Values that no service was made for and a program may pass nevertheless, and how to see whether they were touched."""

from __future__ import annotations

import enum
import inspect
import io
from collections import OrderedDict, UserDict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from unittest.mock import MagicMock

from hypothesis import strategies as st


class Text(str):
    def __str__(self) -> str:
        raise RuntimeError("no")


class Number(int):
    def __int__(self) -> int:
        raise RuntimeError("no")


class Colour(enum.Enum):
    RED = "red"


class Size(enum.IntEnum):
    BIG = 3


class Loud:
    """Nothing about it can be asked."""

    def __str__(self) -> str:
        raise RuntimeError("no")

    __repr__ = __str__

    def __bool__(self) -> bool:
        raise RuntimeError("no")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    def __len__(self) -> int:
        raise RuntimeError("no")

    __hash__ = object.__hash__


class Broken(dict[Any, Any]):
    """A mapping that cannot be read."""

    def items(self) -> Any:
        raise RuntimeError("no")

    keys = values = __iter__ = __getitem__ = get = items  # type: ignore[assignment]


class Crooked(Mapping[Any, Any]):
    """A mapping whose parts do not fit together."""

    def __getitem__(self, key: Any) -> Any:
        raise KeyError(key)

    def __iter__(self) -> Iterator[Any]:
        return iter(["UserName", 7])

    def __len__(self) -> int:
        return 1


class Items(list[Any]):
    def __iter__(self) -> Any:
        raise RuntimeError("no")


class Zone(tzinfo):
    def __init__(self, offset: Any) -> None:
        self.offset = offset

    def utcoffset(self, _: Any) -> Any:
        if isinstance(self.offset, Exception):
            raise self.offset
        return self.offset

    def dst(self, _: Any) -> Any:
        return None


class Untouchable(io.RawIOBase):
    """A stream or an iterator that remembers whether somebody read from it: a failure would be swallowed."""

    touched = False

    def read(self, *_: Any) -> Any:
        self.touched = True
        raise AssertionError("read")

    readinto = readline = readlines = readall = seek = tell = __iter__ = __next__ = read  # type: ignore[assignment]


def generator() -> Iterator[int]:
    yield 1


def nested(depth: int, as_list: bool) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value] if as_list else {"Statement": value}
    return value


def cyclic(fan: int) -> Any:
    value: list[Any] = []
    value += [value] * fan
    return value


def cyclic_mapping() -> Any:
    value: dict[str, Any] = {}
    value["NotStatement"] = value["Statement"] = value
    return value


texts = st.text(st.characters(), max_size=8) | st.sampled_from(["\ud800", "\x00", "a\udfffb", "\u2028", "a" * 2000])
huge = st.builds(pow, st.just(10), st.sampled_from([20, 400, 4999]))  # not as values: Python refuses to print them
numbers = st.integers() | st.floats() | huge | st.sampled_from([float("nan"), float("inf")])
moments = st.datetimes() | st.builds(
    datetime,
    st.sampled_from([1, 1969, 2026, 9999]),
    st.just(12),
    st.just(31),
    tzinfo=st.sampled_from(
        [
            timezone.utc,
            timezone(timedelta(hours=23, minutes=59)),
            timezone(-timedelta(hours=23, minutes=59)),
            Zone(RuntimeError("no")),
            Zone(timedelta(microseconds=1)),
            Zone(timedelta(days=3)),
            Zone("2h"),
        ]
    ),
)
odd = st.one_of(
    huge,
    moments,
    st.binary(max_size=8),
    st.binary(max_size=8).map(bytearray),
    st.binary(min_size=4, max_size=8).map(lambda data: memoryview(data)[::2]),
    st.decimals(),
    st.fractions(),
    st.complex_numbers(),
    st.sets(st.integers(), max_size=2),
    st.builds(Text, st.just("t")),
    st.builds(Number, st.just(5)),
    st.sampled_from([Colour.RED, Size.BIG, Colour, object, len, ..., NotImplemented, range(3)]),
    st.builds(object),
    st.builds(MagicMock),
    st.builds(Loud),
    st.builds(Untouchable),
    st.builds(generator),
    st.builds(lambda: iter([1])),
    st.builds(lambda: map(str, [1])),
    st.builds(lambda: io.BytesIO(b"body")),
    st.builds(lambda: Broken(UserName="u")),
    st.builds(Crooked),
    st.builds(lambda: Items([1])),
    st.builds(lambda: UserDict(UserName="u")),
    st.builds(lambda: OrderedDict(UserName="u")),
    st.builds(nested, st.sampled_from([90, 300, 1200]), st.booleans()),
    st.builds(cyclic, st.sampled_from([1, 2, 3])),
    st.builds(cyclic_mapping),
)
keys = st.text(max_size=4) | st.none() | st.integers() | st.binary(max_size=2) | st.just((1, 2)) | st.builds(Loud)
anything = st.recursive(
    st.none() | st.booleans() | texts | numbers | odd,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(keys, inner, max_size=3)
        | st.tuples(inner)
        | st.just({}).map(dict)
    ),
    max_leaves=6,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def snapshot(value: Any, above: tuple[int, ...] = ()) -> Any:
    """What a value is made of, without asking it: equal before and after if nobody changed it."""
    if id(value) in above or len(above) > 400:
        return "above"
    inside = (*above, id(value))
    if isinstance(value, dict):
        return type(value), [(snapshot(k, inside), snapshot(v, inside)) for k, v in dict.items(value)]
    if isinstance(value, (list, tuple)):
        own = list.__iter__(value) if isinstance(value, list) else tuple.__iter__(value)
        return type(value), [snapshot(item, inside) for item in own]
    if isinstance(value, (bytearray, set)):
        return type(value), repr(value)
    if isinstance(value, io.BytesIO):
        return "unread" if value.tell() == 0 else "read"
    if isinstance(value, Untouchable):
        return value.touched
    if inspect.isgenerator(value):
        return inspect.getgeneratorstate(value)
    if hasattr(type(value), "__length_hint__"):  # an iterator over a list
        return type(value).__length_hint__(value)
    return type(value), id(value)
