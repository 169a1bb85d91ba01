"""The fixture's object: the calls of one test, and what can be said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from bototrail.capture.capture import Capture
from bototrail.capture.later import Later
from bototrail.capture.scope import labelled, paused
from bototrail.capture.seen import Seen
from bototrail.errors import BototrailError, ConfigError, UnknownNameError
from bototrail.results import Recording
from bototrail.settings import switched_off
from bototrail.testing import failures
from bototrail.testing.calls import Call
from bototrail.testing.expected import Expected, judged
from bototrail.testing.shown import counted, shown

if TYPE_CHECKING:
    from bototrail.testing.snapshot import Snapshots

Patterns = str | Expected | Iterable[str | Expected]


class Trail(Recording):
    """The calls that the program makes while a test uses the fixture `bototrail`, by any thread or task.

    A `pattern` is `service:Operation` with `*` and `?` as wildcards: `s3:PutObject`, `s3:put_object`, `*:Delete*`.
    `arguments` are expected values by name, for names that Python has no keywords for; all others go by keyword.
    Names are boto3's (`Bucket`) or those of the record's requestParameters (`bucketName`). A value is compared by `==`;
    a function is asked; `matching`, `containing` and `absent` are there for more. Where only an exception says that a
    call is not meant, nothing that depends on it holds.

    A pattern or a name that botocore does not know raises `UnknownNameError`, so that no assertion holds by a typo.
    """

    def __init__(self, capture: Capture, snapshots: Snapshots | None = None) -> None:
        super().__init__(capture)
        self._calls: list[Call] = []
        self._snapshots = snapshots

    def see(self, later: Later, seen: Seen) -> None:
        """Take in a call that has ended."""
        self._calls.append(Call(later, seen, self._capture.identities))

    # ---- what was called
    def calls(self, pattern: str = "*", arguments: Mapping[str, Any] | None = None, /, **named: Any) -> list[Call]:
        """The calls that match, in the order in which they began; all of them without a pattern.

        Raises:
            AssertionError: comparing one of the others raised an exception, so that it cannot be told.
        """
        __tracebackhide__ = True
        expected = _expected(pattern, arguments, named)
        found, troubles = self._sifted(expected)
        if troubles:
            raise AssertionError(failures.doubtful(f"calls {expected}", troubles, self._all()))
        return found

    @property
    def records(self) -> list[dict[str, Any]]:
        """The CloudTrail records, in the order in which the calls ended. Who made them is asked for now."""
        self._capture.asker.ask()
        return [call.resolve() for call in list(self._calls)]

    def __iter__(self) -> Iterator[Call]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return f"<Trail of {counted(len(self._calls), 'call')}>"

    def clear(self) -> None:
        """Forget what was called so far, such as what prepared the test."""
        self._calls = []

    @staticmethod
    def paused() -> AbstractContextManager[None]:
        """Record nothing inside; as `bototrail.paused()`, which the fixture's name hides."""
        return paused()

    @staticmethod
    def labelled(**labels: object) -> AbstractContextManager[None]:
        """Label what is called inside; as `bototrail.labelled()`, which the fixture's name hides."""
        return labelled(**labels)

    # ---- assertions
    def assert_called(
        self,
        pattern: str,
        arguments: Mapping[str, Any] | None = None,
        /,
        *,
        times: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
        **named: Any,
    ) -> Call:
        """There is such a call; returns the first.

        Args:
            pattern: which operations.
            arguments: expected values by names that Python has no keywords for.
            times: exactly so many calls.
            at_least: so many calls or more.
            at_most: so many calls or fewer, but one.
            **named: expected values by name.

        Raises:
            AssertionError: there is none, or not as many.
            ConfigError: a number is none, or less than 1, or there are too many of them.
        """
        __tracebackhide__ = True
        wanted = _wanted(times=times, at_least=at_least, at_most=at_most)
        expected = _expected(pattern, arguments, named)
        found, troubles = self._sifted(expected)
        if not found and not wanted:
            raise AssertionError(failures.not_called(expected, self._all()))
        most = times or at_most
        if (most and troubles) or not (times or at_least or 1) <= len(found) <= (most or len(found)):
            text = failures.miscounted(expected, wanted, found, self._all())
            raise AssertionError(text + failures.untold(troubles, self._all()))
        return found[0]

    def assert_called_once(self, pattern: str, arguments: Mapping[str, Any] | None = None, /, **named: Any) -> Call:
        """There is exactly one such call; returns it."""
        __tracebackhide__ = True
        return self.assert_called(pattern, {**(arguments or {}), **named}, times=1)

    def assert_not_called(
        self, pattern: str = "*", arguments: Mapping[str, Any] | None = None, /, **named: Any
    ) -> None:
        """There is no such call; without a pattern, no call at all."""
        __tracebackhide__ = True
        expected = _expected(pattern, arguments, named)
        found, troubles = self._sifted(expected)
        if found:
            raise AssertionError(failures.called(expected, found, self._all()) + failures.untold(troubles, self._all()))
        if troubles:
            raise AssertionError(failures.doubtful(f"no call {expected}", troubles, self._all()))

    def assert_only(self, patterns: Patterns) -> None:
        """There is no call beside those of these patterns. They need not all have been called."""
        __tracebackhide__ = True
        allowed, calls = expectations(patterns), self._all()
        for expected in allowed:
            self._sifted(expected)
        verdicts = [(call, *judged(allowed, call)) for call in calls]
        found = [call for call, same, _ in verdicts if not same]
        if found:
            troubles = [(call, trouble) for call, _, trouble in verdicts if trouble]
            raise AssertionError(failures.others(allowed, found, calls) + failures.untold(troubles, calls))

    def assert_no_errors(self, pattern: str = "*", /, *, except_: str | Iterable[str] = ()) -> None:
        """No call has failed.

        Args:
            pattern: which operations.
            except_: error codes that may be, as the program sees them or as the record has them.
        """
        __tracebackhide__ = True
        codes = _names("error codes for except_", except_)
        found = [c for c in self.calls(pattern) if c.error and not codes & {c.error.code, c.error.logged}]
        if found:
            raise AssertionError(failures.failed(found, self._all()))

    def assert_order(self, *steps: str | Expected) -> list[Call]:
        """There are such calls, each began after the one before it; others may be between them. Returns them."""
        __tracebackhide__ = True
        wanted, calls, found = expectations(steps), self._all(), list[Call]()
        rest, troubles = iter(calls), list[failures.Trouble]()
        for number, step in enumerate(wanted):
            self._sifted(step)
            call = _next(step, rest, troubles)
            if call is None:
                last = found[-1] if found else None
                text = failures.out_of_order(wanted, number, last, calls)
                raise AssertionError(text + failures.untold(troubles, calls))
            found.append(call)
        if troubles:
            raise AssertionError(failures.doubtful(failures.in_order(wanted), troubles, calls))
        return found

    def assert_calls(self, steps: Iterable[str | Expected]) -> None:
        """The calls are these, in the order in which they began, and there are no others."""
        __tracebackhide__ = True
        wanted, calls = expectations(steps), self._all()
        for step in wanted:
            self._sifted(step)
        verdicts = [(call, *step.verdict(call)) for step, call in zip(wanted, calls, strict=False)]
        if len(wanted) != len(calls) or not all(same for _, same, _ in verdicts):
            troubles = [(call, trouble) for call, _, trouble in verdicts if trouble]
            raise AssertionError(failures.not_exactly(wanted, calls) + failures.untold(troubles, calls))

    def assert_matches_snapshot(
        self, name: str | None = None, *, mask: str | Iterable[str] = (), ordered: bool = True
    ) -> None:
        """The records are those in the snapshot file of this test, but for what differs from run to run.

        Args:
            name: for a test with several snapshots.
            mask: names of members whose values are left out of the comparison, such as `uploadId`, wherever they stand.
            ordered: whether the calls must have begun in the same order.

        Raises:
            AssertionError: they differ, or there is no snapshot yet.
            ConfigError: the file is no snapshot, there are two of one name in the test, or a name is no text.
        """
        __tracebackhide__ = True
        masks = _names("names of members for mask", mask)
        if name is not None and not isinstance(name, str):
            raise ConfigError("a text for the name of a snapshot", shown(name), "give it a name such as 'first'")
        if self._snapshots is None:
            raise ConfigError("the fixture `bototrail`", "a trail outside of a test", "use the fixture")
        text = self._snapshots.compare(self._all(), name, mask=masks, ordered=ordered)
        if text:
            raise AssertionError(text)

    # ---- inside
    def _all(self) -> list[Call]:
        __tracebackhide__ = True
        if switched_off():
            raise ConfigError("BOTOTRAIL to be unset or a bucket", "that it is off", "nothing was recorded to assert")
        return sorted(self._calls, key=lambda call: call.number)

    def _sifted(self, expected: Expected) -> tuple[list[Call], list[failures.Trouble]]:
        """The calls that match, and those of which it cannot be told.

        When none match, there must at least be such an operation and such arguments.
        """
        __tracebackhide__ = True
        calls = self._all()
        verdicts = [(call, *expected.verdict(call)) for call in calls]
        found = [call for call, same, _ in verdicts if same]
        if not found or expected.asks_for_absence:
            try:
                expected.check(calls)
            except UnknownNameError as error:
                raise error.with_traceback(None) from None  # the report is to show the test's line
        return found, [(call, trouble) for call, _, trouble in verdicts if trouble]


def _expected(pattern: str, arguments: Mapping[str, Any] | None, named: Mapping[str, Any]) -> Expected:
    __tracebackhide__ = True
    try:
        return Expected(pattern, arguments, named)
    except BototrailError as error:
        raise error.with_traceback(None) from None


def _next(step: Expected, rest: Iterator[Call], troubles: list[failures.Trouble]) -> Call | None:
    """The next call that matches; adds those before it of which it cannot be told."""
    for call in rest:
        same, trouble = step.verdict(call)
        if same:
            return call
        if trouble:
            troubles.append((call, trouble))
    return None


def _names(what: str, given: str | Iterable[str]) -> frozenset[str]:
    """One name or many."""
    __tracebackhide__ = True
    several = [given] if isinstance(given, str) else given
    if isinstance(several, Iterable):
        names = list(several)
        if all(isinstance(name, str) for name in names):
            return frozenset(names)
    raise ConfigError(what, shown(given), "give one text, or several in a list")


def expectations(patterns: Patterns) -> list[Expected]:
    """Each of one or many patterns, or calls with arguments, as `Expected`."""
    __tracebackhide__ = True
    if not isinstance(patterns, (str, Expected, Iterable)):
        raise ConfigError("patterns such as 's3:PutObject'", shown(patterns), "give one, or several in a list")
    several = [patterns] if isinstance(patterns, (str, Expected)) else list(patterns)
    return [each if isinstance(each, Expected) else _expected(each, None, {}) for each in several]


def _wanted(**numbers: int | None) -> str:
    """`2 times`, `at least 2 times and at most 3 times`; empty when there are no numbers."""
    __tracebackhide__ = True
    given = {name: number for name, number in numbers.items() if number is not None}
    for name, number in given.items():
        if type(number) is not int or number < 1:
            raise ConfigError(f"a number of at least 1 for {name}", repr(number), "use assert_not_called for none")
    if "times" in given and len(given) > 1:
        found = ", ".join(f"{name}={number}" for name, number in given.items())
        raise ConfigError("times, or at_least and at_most", found, "use one or the other")
    words = {"times": "", "at_least": "at least ", "at_most": "at most "}
    return " and ".join(f"{words[name]}{counted(number, 'time')}" for name, number in given.items())
