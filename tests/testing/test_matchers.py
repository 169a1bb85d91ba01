"""Expected values: `matching`, `containing`, `absent`, predicates, and whatever else has `==`."""

from __future__ import annotations

import io
from functools import partial
from unittest.mock import ANY

import pytest
from hostile import Broken, Loud, Untouchable

from bototrail import testing
from bototrail.testing import absent, containing, matching
from bototrail.testing.matchers import MISSING, equal

SAME = [
    (1, 1),
    (ANY, None),
    (matching("b+"), "abc"),
    (matching("^b"), b"bc"),
    (matching("ü"), bytearray("ü".encode())),
    (containing("b"), "abc"),
    (containing(b"b"), bytearray(b"abc")),
    (containing("b"), b"abc"),
    (containing({"a": 1, "c": absent}), {"a": 1, "b": 2}),
    (containing({"a": containing({"b": matching("x")})}), {"a": {"b": "xy", "c": 1}}),
    (containing([1, ANY]), [3, 1]),
    (containing([{"a": ANY}]), [{"b": 1}, {"a": 1}]),
    ({"a": matching("x"), "b": ANY}, {"a": "x", "b": None}),
    ([containing({"a": 1})], [{"a": 1, "b": 2}]),
    (pytest.approx(0.3), 0.1 + 0.2),
    (lambda value: value > 1, 2),
    (str.isdigit, "12"),
    (partial(isinstance, "x"), str),
    (absent, MISSING),
    (set("ab"), set("ba")),
]
OTHER = [
    (1, 2),
    (1, MISSING),
    (None, MISSING),
    (ANY, MISSING),
    (lambda _: True, MISSING),
    (matching("^b"), "abc"),
    (matching("1"), 1),
    (containing("x"), "abc"),
    (containing("x"), ["x"]),
    (containing({"a": 1}), {"a": 2}),
    (containing({"a": None}), {}),
    (containing({"a": 1, "b": absent}), {"a": 1, "b": 2}),
    (containing({"a": 1}), "a"),
    (containing([1]), [2]),
    (containing(["a"]), "abc"),
    (containing([1]), 1),
    (absent, None),
    (lambda value: value > 1, 1),
    ("b", b"b"),
]


@pytest.mark.parametrize(("expected", "got"), SAME)
def test_same(expected, got):
    assert equal(expected, got)


@pytest.mark.parametrize(("expected", "got"), OTHER)
def test_other(expected, got):
    assert not equal(expected, got)


def test_matchers_show_what_they_are():
    shown = repr([matching("a+"), containing({"a": 1}), absent, MISSING])
    assert shown == "[matching('a+'), containing({'a': 1}), absent, nothing]"


def test_a_comparison_that_raises_is_a_difference_and_is_told(trail, s3, fails):
    s3.put_object(Bucket="reports", Key="k", Body=b"")
    told = fails(trail.assert_called, "s3:PutObject", Key=Loud(), Bucket=lambda value: value.nonsense)
    assert told.splitlines()[2:] == [
        "       Key: expected <Loud that cannot be shown>, got 'k' (RuntimeError while comparing)",
        f"       Bucket: expected {told.splitlines()[3].split('expected ')[1]}",
    ]
    assert told.endswith("got 'reports' (AttributeError while comparing)")
    trail.assert_not_called("s3:PutObject", Key=Loud())


def test_the_programs_own_objects_are_compared_but_not_read(trail, s3, fails):
    body = io.BytesIO(b"body")
    s3.put_object(Bucket="reports", Key="k", Body=body)
    body.seek(0)
    trail.assert_called("s3:PutObject", Body=body)
    told = fails(trail.assert_called, "s3:PutObject", Body=b"body")
    assert "Body: expected b'body', got <_io.BytesIO object at " in told
    assert body.tell() == 0


def test_hostile_expected_values_only_fail(trail, s3):
    s3.put_object(Bucket="reports", Key="k", Body=b"", Metadata={"a": "b"})
    for value in (Broken(a=1), Untouchable(), object, {"a": Loud()}, [Loud()], float("nan")):
        with pytest.raises(AssertionError):
            trail.assert_called("s3:PutObject", Metadata=value)


def test_the_names_are_loaded_when_they_are_used():
    for name in testing.__all__:
        assert getattr(testing, name).__class__ is not None
    with pytest.raises(AttributeError, match="nonsense"):
        _ = testing.nonsense
