"""The marker `@pytest.mark.bototrail(...)`: what a test may call. It stops no call, it fails the test afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from bototrail.errors import BototrailError
from bototrail.recorder import watching
from bototrail.settings import switched_off
from bototrail.testing import failures
from bototrail.testing.calls import Call
from bototrail.testing.expected import Expected, judged
from bototrail.testing.trail import Trail, expectations

_KINDS = {
    "allow": "a pattern or a list of patterns",
    "deny": "a pattern or a list of patterns",
    "max_calls": "a number of at least 0",
    "readonly": "True or False",
}


def rules_of(item: pytest.Item) -> dict[str, Any]:
    """What the test's markers say: each keyword as the marker nearest to the test has it, None left out.

    Fails the test when a marker cannot be understood.
    """
    __tracebackhide__ = True
    rules: dict[str, Any] = {}
    for marker in item.iter_markers("bototrail"):
        trouble = _trouble(marker)
        if trouble:
            pytest.fail(f"@pytest.mark.bototrail: {trouble}", pytrace=False)
        rules = {**marker.kwargs, **rules}
    return {name: value for name, value in rules.items() if value is not None}


@contextmanager
def held(item: pytest.Item) -> Iterator[None]:
    """Watch the calls made inside; when the test has passed, fail it if they are not what its markers allow."""
    __tracebackhide__ = True
    rules = rules_of(item)
    with watching(Trail) as trail:
        yield
    # unittest's failures are no exceptions here
    if rules and not switched_off() and not getattr(item, "_excinfo", None):
        texts = list(_violations(rules, trail.calls()))
        if texts:
            pytest.fail("\n".join(texts), pytrace=False)


def _trouble(marker: pytest.Mark) -> str:
    takes = f"it takes {', '.join(f'{name} ({kind})' for name, kind in _KINDS.items())}"
    if marker.args:
        return f"expected keywords only; found {marker.args[0]!r}; {takes}"
    for name, value in marker.kwargs.items():
        if name not in _KINDS:
            return f"found {name}=, which it does not know; {takes}"
        text = _wrong(name, value)
        if text:
            return text
    return ""


def _wrong(name: str, value: Any) -> str:
    """What is wrong with the value of a keyword; empty when it can be used."""
    if value is None:
        return ""
    if name in ("allow", "deny"):
        if not isinstance(value, (str, Expected)) and not (
            isinstance(value, Collection) and all(isinstance(each, (str, Expected)) for each in value)
        ):
            return f"expected {_KINDS[name]} for {name}; found {value!r}"
        return _unknown(name, value)
    good = type(value) is bool if name == "readonly" else type(value) is int and value >= 0
    return "" if good else f"expected {_KINDS[name]} for {name}; found {value!r}"


def _unknown(name: str, value: Any) -> str:
    try:
        for expected in expectations(value):
            expected.check([])
    except BototrailError as error:
        return f"{name}: {error}"
    return ""


def _violations(rules: dict[str, Any], calls: Sequence[Call]) -> Iterator[str]:
    """One text for each rule that was broken."""
    for name, value in rules.items():
        troubles: list[failures.Trouble] = []
        if name == "max_calls":
            found = list(calls) if len(calls) > value else []
        elif name == "readonly":
            found = [call for call in calls if value and not call.read_only]
        else:
            patterns = expectations(value)
            verdicts = [(call, *judged(patterns, call)) for call in calls]
            troubles = [(call, trouble) for call, _, trouble in verdicts if trouble]
            found = [call for call, same, trouble in verdicts if same is (name == "deny") and not trouble]
        if found or troubles:
            yield failures.against_marker(f"{name}={_spelt(value)}", _WHAT[name], found, troubles, calls)


_WHAT = {
    "allow": "other calls",
    "deny": "calls of these",
    "max_calls": "calls",
    "readonly": "calls that write",
}


def _spelt(value: Any) -> str:
    if isinstance(value, (str, bool, int)):
        return repr(value)
    if isinstance(value, Expected):
        return str(value)
    return f"[{', '.join(sorted(repr(each) if isinstance(each, str) else str(each) for each in value))}]"
