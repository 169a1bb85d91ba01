"""What a test expects of a call, and in what a call differs from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from bototrail.errors import BototrailError, UnknownNameError
from bototrail.operations import bare, suggestion
from bototrail.testing.calls import Call
from bototrail.testing.matchers import MISSING, Absent, Matcher, equal
from bototrail.testing.patterns import Pattern
from bototrail.testing.shown import brief, shown
from bototrail.testing.veil import Veil, input_shapes, veil_of


class Difference(NamedTuple):
    """One argument that is not what was expected.

    Attributes:
        name: its name; for a part of it with the path to it, such as `Item.id` or `Entries[0].Id`.
        expected: the value that was expected, its secrets hidden.
        got: the program's value, its secrets hidden, or `MISSING`.
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
        ConfigError: the pattern is no text.
        UnknownNameError: the pattern is none.
    """

    def __init__(self, pattern: str, arguments: Mapping[str, Any] | None, named: Mapping[str, Any]) -> None:
        self.pattern = Pattern(pattern)
        self.arguments: dict[str, Any] = {**(arguments or {}), **named}
        self._met: dict[str, tuple[Any, str]] = {}  # operations: what is secret is for them to say

    def __str__(self) -> str:
        if not self.arguments:
            return self.pattern.text
        veil = self._veil()
        values = ((name, veil.member(name).over(value)) for name, value in self.arguments.items())
        return f"{self.pattern}({', '.join(f'{name}={shown(value)}' for name, value in values)})"

    @property
    def asks_for_absence(self) -> bool:
        """Whether an argument must not be given: a name that is mistyped never is."""
        return any(isinstance(value, Absent) for value in self.arguments.values())

    def matches(self, call: Call) -> bool:
        """Whether `call` is what is expected."""
        return self.verdict(call)[0]

    def verdict(self, call: Call) -> tuple[bool, str]:
        """Whether `call` is what is expected; beside it, when nothing but an exception says no, that exception."""
        if not self.pattern.matches(call):
            return False, ""
        self._met.setdefault(call.name, (call.service_model, call.operation))
        trouble = ""
        for name, value in self.arguments.items():
            got = lookup(call, name)
            same, error = _compared(value, got)
            if not same and error is None:
                return False, ""
            if error is not None and not trouble:
                veil = veil_of(call.service_model, call.operation).member(name)
                secret = veil.hides(value) or veil.hides(got)  # which the message may quote
                trouble = f"{brief(error, named_only=secret)} while comparing {name} of {call.name}"
        return not trouble, trouble

    def differences(self, call: Call) -> list[Difference]:
        """In which arguments `call` differs, its secrets hidden."""
        found: list[Difference] = []
        veil = veil_of(call.service_model, call.operation)
        for name, value in self.arguments.items():
            got = lookup(call, name)
            if _differs(value, got):
                found += _narrowed(name, value, got, veil.member(name))
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

    def _veil(self) -> Veil:
        """By all operations that are meant or were met; where none is known, by name."""
        shapes: list[Any] = []
        try:
            for model, operation in (*self.pattern.models(), *self._met.values()):
                shapes += input_shapes(model, operation)
        except BototrailError:  # there is no such operation
            return Veil()
        except Exception:  # noqa: BLE001 a model of somebody's own
            return Veil(hidden=True)
        return Veil(shapes)

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


def judged(expectations: Iterable[Expected], call: Call) -> tuple[bool, str]:
    """Whether a call is one of those expected; beside it, when an exception says no and no other yes, the first."""
    first = ""
    for expected in expectations:
        same, trouble = expected.verdict(call)
        if same:
            return True, ""
        first = first or trouble
    return False, first


def lookup(call: Call, name: str) -> Any:
    """The value of an argument, by its name in boto3 or else in the record; `MISSING` when it was not given."""
    if name in call.arguments:
        return call.arguments[name]
    return parameters(call).get(name, MISSING)


def parameters(call: Call) -> Mapping[str, Any]:
    """RequestParameters of the record."""
    found = call.record.get("requestParameters")
    return found if isinstance(found, dict) else {}


def _compared(expected: Any, got: Any) -> tuple[bool, Exception | None]:
    try:
        return equal(expected, got), None
    except Exception as error:  # noqa: BLE001 a comparison of the program's own
        return False, error


def _differs(expected: Any, got: Any) -> bool:
    return expected is MISSING or not _compared(expected, got)[0]


def _narrowed(name: str, expected: Any, got: Any, veil: Veil) -> list[Difference]:
    """The parts of two dicts or lists that differ."""
    if veil.hidden or isinstance(expected, Matcher):
        return [_difference(name, expected, got, veil)]
    if type(expected) is dict and isinstance(got, dict):
        keys = (*expected, *(key for key in got if key not in expected))
        parts = [(f"{name}.{key}", expected.get(key, MISSING), got.get(key, MISSING), veil.member(key)) for key in keys]
    elif type(expected) is list and isinstance(got, list) and len(expected) == len(got):
        parts = [(f"{name}[{n}]", *each, veil.item()) for n, each in enumerate(zip(expected, got, strict=True))]
    else:
        return [_difference(name, expected, got, veil)]
    return [d for path, want, has, over in parts if _differs(want, has) for d in _narrowed(path, want, has, over)]


def _difference(name: str, expected: Any, got: Any, veil: Veil) -> Difference:
    error = None if expected is MISSING else _compared(expected, got)[1]
    trouble = f"{type(error).__name__} while comparing" if error is not None else ""
    return Difference(name, veil.over(expected), veil.over(got), trouble)


@lru_cache(maxsize=1024)
def logged_names(model: Any, operation: str) -> frozenset[str]:
    """The names that an operation's requestParameters may have in a record."""
    from bototrail.record.explain import explain

    found = explain(model, model.operation_model(operation), 1).to_dict()["requestParameters"]["skeleton"]
    return frozenset(found)


def _listed(names: Iterable[str]) -> str:
    found = sorted(names, key=lambda name: (bare(name), name))
    return f"it has {', '.join(found)}" if found else "it has none"
