"""What a failed assertion says: what was expected, which calls came near, how they differ and where they were made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from bototrail.testing.calls import Call
from bototrail.testing.expected import Difference, Expected
from bototrail.testing.matchers import MISSING
from bototrail.testing.shown import TEXT, line, plainly, shown

Trouble = tuple[Call, str]
"""A call, and what comparing it raised."""

NEAREST = 3
"""Calls of which it is told in what they differ."""
LISTED = 12
"""Calls of one list that are shown."""
_AROUND = 20
_BEFORE = 3


def not_called(expected: Expected, calls: Sequence[Call]) -> str:
    """There is no such call."""
    name = expected.pattern.text
    if not calls:
        return f"expected a call {expected}; no call was made"
    near = [call for call in calls if expected.pattern.matches(call)]
    if not near:
        head = f"expected a call {expected}; there was no {name}. Calls ({len(calls)}):"
        return "\n".join((head, *_listed(_likest(expected, calls), calls)))
    lines = [f"expected a call {expected}; there was {name} with other arguments ({len(near)}):"]
    differing = sorted(((expected.differences(call), call) for call in near), key=lambda each: len(each[0]))
    for differences, call in differing[:NEAREST]:
        lines.append(f"  {_number(call, calls)}. {call.name}  {call.place}")
        for difference in differences:
            lines += _difference(difference)
    if len(near) > NEAREST:
        lines.append(f"  ... {len(near) - NEAREST} more that differ as much or more")
    names = Counter(call.name for call in calls if call not in near)
    if names:
        lines.append(f"Other calls ({sum(names.values())}): {_names(names)}")
    return "\n".join(lines)


def miscounted(expected: Expected, wanted: str, found: Sequence[Call], calls: Sequence[Call]) -> str:
    """There are more or fewer such calls than expected."""
    if not found:
        return f"{not_called(expected, calls)}\nIt was expected {wanted}."
    return "\n".join((f"expected {expected} {wanted}; found {len(found)}:", *_listed(found, calls)))


def called(expected: Expected, found: Sequence[Call], calls: Sequence[Call]) -> str:
    """There is a call that must not be."""
    return "\n".join((f"expected no call {expected}; found {len(found)}:", *_listed(found, calls)))


def untold(troubles: Sequence[Trouble], calls: Sequence[Call]) -> str:
    """Of some calls it cannot be told whether they are such, because comparing them raised; empty when there are none.

    Begins with a line feed: it stands behind what else is said.
    """
    if not troubles:
        return ""
    lines = [f"  {_number(call, calls)}. {trouble}  {call.place}" for call, trouble in troubles[:LISTED]]
    return "\n".join((f"\nCalls of which it cannot be told ({len(troubles)}):", *lines, *_more(len(troubles))))


def doubtful(what: str, troubles: Sequence[Trouble], calls: Sequence[Call]) -> str:
    """What was expected may hold or not."""
    return f"expected {what}; comparing raised an exception.{untold(troubles, calls)}"


def others(allowed: Iterable[Expected], found: Sequence[Call], calls: Sequence[Call]) -> str:
    """There are calls beside those that may be."""
    names = ", ".join(sorted(map(str, allowed))) or "no calls at all"
    return "\n".join((f"expected only {names}; other calls ({len(found)}):", *_listed(found, calls)))


def failed(found: Sequence[Call], calls: Sequence[Call]) -> str:
    """There are calls that failed."""
    lines = [f"expected no errors; failed calls ({len(found)}):"]
    for call in found[:LISTED]:
        lines.append(f"  {_number(call, calls)}. {line(call)}  {call.place}")
        if call.error and call.error.message:
            lines.append(f"       {_shortened(call.error.message)}")
    return "\n".join(lines + _more(len(found)))


def in_order(steps: Sequence[Expected]) -> str:
    """The steps of an order."""
    return ", then ".join(map(str, steps))


def out_of_order(steps: Sequence[Expected], reached: int, last: Call | None, calls: Sequence[Call]) -> str:
    """There is no such call behind the one before it."""
    if last is None:
        return not_called(steps[reached], calls)
    missing = f"no {steps[reached]} began after call {_number(last, calls)}"
    head = f"expected {in_order(steps)}; {missing}. Calls ({len(calls)}):"
    return "\n".join((head, *_listed(calls, calls)))


def not_exactly(steps: Sequence[Expected], calls: Sequence[Call]) -> str:
    """The calls are not those, in this order."""
    head = f"expected exactly {len(steps)} calls; there were {len(calls)} (- missing, + not expected):"
    lines: list[str] = []
    done = 0
    for at, number in _pairs(steps, calls):
        lines += [f"  -    {step}" for step in steps[done:at]]
        if number is None:
            break
        expected = at < len(steps) and steps[at].matches(calls[number])
        lines.append(f"  {' ' if expected else '+'} {number + 1}. {line(calls[number])}  {calls[number].place}")
        done = at + 1 if expected else at
    return "\n".join((head, *_around(lines)))


def against_marker(
    rule: str, what: str, found: Sequence[Call], troubles: Sequence[Trouble], calls: Sequence[Call]
) -> str:
    """A test has broken a rule of its marker, or may have."""
    if not found:
        return f"@pytest.mark.bototrail({rule}): comparing raised an exception.{untold(troubles, calls)}"
    head = f"@pytest.mark.bototrail({rule}): {what} ({len(found)} of {len(calls)}):"
    return "\n".join((head, *_listed(found, calls))) + untold(troubles, calls)


def _around(lines: Sequence[str]) -> list[str]:
    """The lines around the first that tells of a difference."""
    first = next((n for n, each in enumerate(lines) if each[2] in "+-"), 0)
    start = max(0, min(first - _BEFORE, len(lines) - LISTED))
    before = [f"  ... {start} before that are as expected"] if start else []
    return [*before, *lines[start : start + LISTED], *_more(len(lines) - start)]


def _pairs(steps: Sequence[Expected], calls: Sequence[Call]) -> list[tuple[int, int | None]]:
    """For each call the step that it is, or that is still to come; the longest common part decides."""
    longest = [[0] * (len(calls) + 1) for _ in range(len(steps) + 1)]
    for i in reversed(range(len(steps))):
        for j in reversed(range(len(calls))):
            same = steps[i].matches(calls[j])
            longest[i][j] = longest[i + 1][j + 1] + 1 if same else max(longest[i + 1][j], longest[i][j + 1])
    found: list[tuple[int, int | None]] = []
    i = j = 0
    while j < len(calls):
        if i < len(steps) and steps[i].matches(calls[j]) and longest[i][j] == longest[i + 1][j + 1] + 1:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif i < len(steps) and longest[i + 1][j] > longest[i][j + 1]:
            i += 1
        else:
            found.append((i, j))
            j += 1
    return [*found, (len(steps), None)]


def _difference(difference: Difference) -> list[str]:
    name, expected, got, trouble = difference
    if expected is MISSING:
        return [f"       {name}: not expected, got {shown(got)}"]
    if trouble:
        return [f"       {name}: expected {shown(expected)}, got {shown(got)} ({trouble})"]
    at = _first_difference(expected, got)
    if at is not None:
        start = max(0, at - _AROUND)
        cut = slice(start, at + _AROUND)
        sizes = f"{len(expected)} and {len(got)}"
        return [f"       {name}: from {at} on (of {sizes}) expected ...{expected[cut]!r}, got ...{got[cut]!r}"]
    return [f"       {name}: expected {shown(expected)}, got {shown(got)}"]


def _first_difference(expected: object, got: object) -> int | None:
    """Where two long texts differ, when what would be shown of both is the same or nearly so."""
    if type(expected) is not type(got) or not isinstance(expected, (str, bytes)) or not isinstance(got, (str, bytes)):
        return None
    if max(len(expected), len(got)) <= TEXT:
        return None
    shorter = min(len(expected), len(got))
    at = next((n for n in range(shorter) if expected[n] != got[n]), shorter)
    return at if at > _AROUND else None


def _listed(found: Sequence[Call], calls: Sequence[Call]) -> list[str]:
    lines = [f"  {_number(call, calls)}. {line(call)}  {call.place}" for call in found[:LISTED]]
    return lines + _more(len(found))


def _more(number: int) -> list[str]:
    return [f"  ... {number - LISTED} more"] if number > LISTED else []


def _likest(expected: Expected, calls: Sequence[Call]) -> list[Call]:
    """All when they are few, else those whose names come near."""
    if len(calls) <= LISTED:
        return list(calls)
    wanted = expected.pattern.text.lower()
    return sorted(calls, key=lambda call: -SequenceMatcher(None, wanted, call.name.lower()).ratio())


def _number(call: Call, calls: Sequence[Call]) -> int:
    return calls.index(call) + 1 if call in calls else 0


def _names(names: Counter[str]) -> str:
    found = [name if number == 1 else f"{name} ({number})" for name, number in sorted(names.items())]
    return ", ".join(found[:LISTED]) + (f" and {len(found) - LISTED} more" if len(found) > LISTED else "")


def _shortened(text: str) -> str:
    text = plainly(" ".join(text.split()))
    return text if len(text) <= 2 * TEXT else f"{text[: 2 * TEXT]}..."
