"""Expected values: `matching`, `containing`, `absent`, predicates, and whatever else has `==`."""

from __future__ import annotations

import io
from functools import partial
from unittest.mock import ANY

import pytest
from border import answer
from hostile import Broken, Loud, Untouchable

from bototrail import testing
from bototrail.testing import absent, call, containing, matching
from bototrail.testing.matchers import MISSING, equal


class Longer:
    """A predicate with a state."""

    def __init__(self, length):
        self.length = length

    def __call__(self, value):
        return len(value) > self.length


class Same(Longer):
    """Can be called, but has its own idea of what is equal."""

    def __eq__(self, other):
        return other == "same"

    __hash__ = None


SAME = [
    (1, 1),
    (Longer(2), "abc"),
    (Same(10), "same"),
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
    (Longer(3), "abc"),
    (Same(0), "other"),
    (dict, {}),
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


class Startwith:
    """A predicate with a typo, as an object."""

    def __call__(self, value):
        return value.startwith("x")


WHY = "AttributeError: 'str' object has no attribute 'startwith' while comparing Key of s3:PutObject"
TYPOS = [lambda key: key.startwith("x"), Startwith()]
HOLDS_BY_ACCIDENT = [
    lambda trail, typo: trail.assert_not_called("s3:PutObject", Key=typo),
    lambda trail, typo: trail.calls("s3:PutObject", Key=typo),
    lambda trail, typo: trail.assert_called("s3:PutObject", Key=typo, times=1),
    lambda trail, typo: trail.assert_called_once("s3:*", Key=typo),
    lambda trail, typo: trail.assert_called("s3:*", at_most=3, Key=typo),
    lambda trail, typo: trail.assert_only([call("s3:PutObject", Key=typo), "s3:ListBuckets"]),
    lambda trail, typo: trail.assert_order("s3:ListBuckets", call("s3:PutObject", Key=typo)),
    lambda trail, typo: trail.assert_calls(["s3:ListBuckets", call("s3:PutObject", Key=typo), "s3:PutObject"]),
]


@pytest.mark.parametrize("assertion", HOLDS_BY_ACCIDENT)
@pytest.mark.parametrize("typo", TYPOS)
def test_nothing_holds_because_a_comparison_raised(trail, s3, fails, assertion, typo):
    s3.list_buckets()
    for key in "xy":
        s3.put_object(Bucket="reports", Key=key, Body=b"")
    told = fails(assertion, trail, typo)
    assert "\nCalls of which it cannot be told (" in told
    assert f"\n  2. {WHY}  @" in told


def test_a_comparison_that_raises_does_not_count_where_something_else_tells(trail, s3, fails):
    def typo_for_y(key):
        return key == "x" or key.startwith("x")

    for key in "xy":
        s3.put_object(Bucket="reports", Key=key, Body=b"")
    trail.assert_not_called("s3:PutObject", Key=typo_for_y, Bucket="other")
    trail.assert_not_called("s3:PutObject", Bucket="other", Key=typo_for_y)
    trail.assert_called("s3:PutObject", Key=typo_for_y)
    trail.assert_called("s3:PutObject", at_least=1, Key=typo_for_y)
    trail.assert_only([call("s3:PutObject", Key=typo_for_y), "s3:*"])
    assert WHY in fails(trail.assert_called_once, "s3:PutObject", Key=typo_for_y)
    skips = call("s3:PutObject", Key=lambda key: key == "y" or key.startwith("x"))
    assert fails(trail.assert_order, skips).startswith("expected s3:PutObject(Key=<function ")
    assert fails(trail.assert_not_called, "s3:PutObject", Key=Loud()) == (
        "expected no call s3:PutObject(Key=<Loud that cannot be shown>); comparing raised an exception.\n"
        "Calls of which it cannot be told (2):\n"
        "  1. RuntimeError: no while comparing Key of s3:PutObject  @\n"
        "  2. RuntimeError: no while comparing Key of s3:PutObject  @"
    )


def test_what_an_exception_says_of_a_secret_is_not_told(trail, client, fails):
    secrets = client("secretsmanager")
    answer(secrets, (200, b"{}"))
    secrets.create_secret(Name="n", SecretString="hunter2")
    told = fails(trail.assert_not_called, "secretsmanager:*", SecretString=lambda s: int(s) > 1)
    assert told.endswith("  1. ValueError while comparing SecretString of secretsmanager:CreateSecret  @")


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
