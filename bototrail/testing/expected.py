"""What a test expects of a call, and in what a call differs from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from bototrail.catalogue import bare, suggestion
from bototrail.errors import UnknownNameError
from bototrail.testing.calls import Call
from bototrail.testing.matchers import MISSING, Absent, Matcher, equal
from bototrail.testing.patterns import Pattern
from bototrail.testing.shown import HIDDEN, arguments_of, shown


class Difference(NamedTuple):
    """One argument that is not what was expected.

    Attributes:
        name: its name; for a part of it with the path to it, such as `Item.id` or `Entries[0].Id`.
        expected: the value that was expected.
        got: the program's value, or `MISSING`.
        trouble: what the comparison raised, empty when it raised nothing.
    """

    name: str
    expected: Any
    got: Any
    trouble: str = ""


class Expected:
    """Calls by their operation and arguments: what `call("s3:PutObject", Bucket="b")` makes.

    Args:
        pattern: `service:Operation`, with wildcards.
        arguments: expected values by names that Python has no keywords for, such as `x-amz-acl`.
        named: expected values by name, in boto3's spelling or in that of the record's requestParameters.

    Raises:
        UnknownNameError: the pattern is none.
    """

    def __init__(self, pattern: str, arguments: Mapping[str, Any] | None, named: Mapping[str, Any]) -> None:
        self.pattern = Pattern(pattern)
        self.arguments: dict[str, Any] = {**(arguments or {}), **named}

    def __str__(self) -> str:
        if not self.arguments:
            return self.pattern.text
        return f"{self.pattern}({', '.join(f'{name}={shown(value)}' for name, value in self.arguments.items())})"

    @property
    def asks_for_absence(self) -> bool:
        """Whether an argument must not be given: a name that is mistyped never is."""
        return any(isinstance(value, Absent) for value in self.arguments.values())

    def matches(self, call: Call) -> bool:
        """Whether `call` is what is expected."""
        return self.pattern.matches(call) and not any(
            _differs(value, lookup(call, name)) for name, value in self.arguments.items()
        )

    def differences(self, call: Call) -> list[Difference]:
        """In which arguments `call` differs, its secrets hidden."""
        found: list[Difference] = []
        veiled = arguments_of(call)
        for name, value in self.arguments.items():
            got = lookup(call, name)
            if _differs(value, got):
                found += _narrowed(name, value, got, veiled.get(name, got))
        return found

    def check(self, calls: Iterable[Call]) -> None:
        """See whether there can be such a call at all.

        Args:
            calls: those that the test made; names in their records are known, too.

        Raises:
            UnknownNameError: botocore knows no such operation, or the operation no such argument.
        """
        self.pattern.check()
        met = {name for call in calls if self.pattern.matches(call) for name in (*call.arguments, *parameters(call))}
        for name in self.arguments:
            if name not in met:
                self._check_name(name)

    def _check_name(self, name: str) -> None:
        known: set[str] = set()
        for model, operation in self.pattern.models():
            shape = model.operation_model(operation).input_shape
            known |= set(shape.members) if shape is not None else set()
            if not self.pattern.any_operation:
                known |= logged_names(model, operation)
        lenient = self.pattern.any_service or (self.pattern.any_operation and name[:1].islower())
        if name not in known and not lenient:
            what = f"an argument of {self.pattern}, as boto3 or the record spells it"
            raise UnknownNameError("argument", what, name, suggestion(name, known, _listed(known)))


def call(pattern: str, arguments: Mapping[str, Any] | None = None, /, **named: Any) -> Expected:
    """A call with its arguments, for `assert_order`, `assert_calls` and `assert_only`.

    Args:
        pattern: such as `s3:PutObject`, with wildcards.
        arguments: expected values by names that Python has no keywords for.
        **named: expected values by name.

    Raises:
        UnknownNameError: the pattern is none.
    """
    return Expected(pattern, arguments, named)


def lookup(call: Call, name: str) -> Any:
    """The value of an argument, by its name in boto3 or else in the record; `MISSING` when it was not given."""
    if name in call.arguments:
        return call.arguments[name]
    return parameters(call).get(name, MISSING)


def parameters(call: Call) -> Mapping[str, Any]:
    """RequestParameters of the record."""
    found = call.record.get("requestParameters")
    return found if isinstance(found, dict) else {}


def _differs(expected: Any, got: Any) -> bool:
    try:
        return not equal(expected, got)
    except Exception:  # noqa: BLE001 a comparison of the program's own, which is told by `_narrowed`
        return True


def _narrowed(name: str, expected: Any, got: Any, veiled: Any) -> list[Difference]:
    """The parts of two dicts or lists that differ."""
    if veiled is HIDDEN or isinstance(expected, Matcher):
        return [Difference(name, expected, veiled if got is not MISSING else MISSING)]
    if type(expected) is dict and isinstance(got, dict) and isinstance(veiled, dict):
        keys = [(f"{name}.{key}", key) for key in (*expected, *(key for key in got if key not in expected))]
        parts = [(path, *(side.get(key, MISSING) for side in (expected, got, veiled))) for path, key in keys]
    elif type(expected) is list and isinstance(got, list) and len(expected) == len(got):
        parts = [(f"{name}[{n}]", *each) for n, each in enumerate(zip(expected, got, veiled, strict=True))]
    else:
        return [Difference(name, expected, veiled, _trouble(expected, got))]
    return [d for path, want, has, veil in parts if _unlike(want, has) for d in _narrowed(path, want, has, veil)]


def _unlike(expected: Any, got: Any) -> bool:
    return expected is MISSING or _differs(expected, got)


def _trouble(expected: Any, got: Any) -> str:
    try:
        equal(expected, got)
    except Exception as error:  # noqa: BLE001 as above
        return f"{type(error).__name__} while comparing"
    return ""


@lru_cache(maxsize=1024)
def logged_names(model: Any, operation: str) -> frozenset[str]:
    """The names that an operation's requestParameters may have in a record."""
    from bototrail.record.explain import explain

    found = explain(model, model.operation_model(operation), 1).to_dict()["requestParameters"]["skeleton"]
    return frozenset(found)


def _listed(names: Iterable[str]) -> str:
    found = sorted(names, key=lambda name: (bare(name), name))
    return f"it has {', '.join(found)}" if found else "it has none"
