"""Which trails want a call, at next to no cost for the calls that none wants.

All that an operation and a region tell is evaluated once for each pair of them; what is left to ask of a single call
are ARNs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from bototrail.model import Call
from bototrail.record.plan import Plan
from bototrail.trails.conditions import Condition, Selector, selectors_of
from bototrail.trails.facts import EventFacts
from bototrail.trails.records import STS, in_region, takes
from bototrail.trails.resources import kinds_of
from bototrail.trails.trail import Trail

__all__ = ["Ask", "EventFacts", "Selection", "Verdict", "at_global_endpoint", "takes"]

_CALLER: Final = "userIdentity.arn"
# No selector of a trail may ask after them where we could answer: only the finished record tells. [facts §4.3]
_LATE: Final = frozenset({"errorCode", "vpcEndpointId"})
_MANY: Final = 10_000


class _Rest(NamedTuple):
    """What is left of a selector when all is said that an operation tells.

    Attributes:
        selector: the selector, when its conditions on resources are open.
        callers: conditions on userIdentity.arn.
        late: whether only the finished record can tell.
    """

    selector: Selector | None
    callers: tuple[Condition, ...]
    late: bool

    def takes(self, facts: EventFacts) -> bool | None:
        """Whether the selector takes the event; None when that cannot be known yet."""
        found = None if self.late else True
        if self.callers:
            passed = all(c.passes(facts.caller_arn) for c in self.callers) if facts.known else None
            found = False if passed is False else found and passed
        if self.selector is not None and found is not False:
            named = _names(self.selector, facts)
            found = False if named is False else found and named
        return found


def _names(selector: Selector, facts: EventFacts) -> bool | None:
    found: bool | None = False
    for resource in facts.resources():
        if facts.is_open(resource):
            # Its type is known at least.
            if all(condition.passes(resource.type) for condition in selector.types):
                found = None
        elif selector.names(*resource):
            return True
    return found


class Ask(NamedTuple):
    """A trail that wants calls of an operation or not, by their arguments or caller."""

    name: str
    rests: tuple[_Rest, ...]

    def takes(self, facts: EventFacts) -> bool | None:
        """Whether the trail takes the event; None when that cannot be known yet."""
        found: bool | None = False
        for rest in self.rests:
            one = rest.takes(facts)
            if one:
                return True
            if one is None:
                found = None
        return found


class Verdict:
    """Who wants the calls of one operation in one region.

    Attributes:
        always: names of the trails that want each of them.
        asks: the trails that have to be asked.
        never: whether no trail can want one.
    """

    __slots__ = ("_names", "always", "asks", "never")

    def __init__(self, always: Sequence[str], asks: Sequence[Ask], names: Sequence[str]) -> None:
        self.always, self.asks = tuple(always), tuple(asks)
        self.never = not (always or asks)
        self._names = tuple(names)

    def decide(self, facts: EventFacts) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who wants this call.

        Returns:
            The trails that want it, those of `always` among them, and those of which the finished record must be
            asked (`takes`); both in the order of the trails.
        """
        taken = {ask.name: ask.takes(facts) for ask in self.asks}
        wanted = tuple([name for name in self._names if taken.get(name) or name in self.always])
        if None not in taken.values():
            return wanted, ()
        return wanted, tuple([name for name, answer in taken.items() if answer is None])


class Selection:
    """The selectors of several trails, compiled.

    Args:
        trails: the trails, whose names differ.
    """

    def __init__(self, trails: Sequence[Trail]) -> None:
        self.trails = tuple(trails)
        self.names = tuple(trail.Name for trail in trails)
        self._selectors = tuple(() if trail.everything else selectors_of(trail) for trail in trails)
        self._verdicts: dict[tuple[Plan, str, bool], Verdict] = {}
        self._rests: dict[Plan, tuple[tuple[_Rest, ...] | None, ...]] = {}
        self._unwanted: dict[Plan, bool] = {}

    def verdict(self, plan: Plan, region: str, global_endpoint: bool = False) -> Verdict:
        """Who wants calls of an operation.

        Args:
            plan: the operation.
            region: awsRegion.
            global_endpoint: whether the call goes to the global endpoint of STS (`at_global_endpoint`).
        """
        return self._verdicts.get((plan, region, global_endpoint)) or self._decide(plan, region, global_endpoint)

    def unwanted(self, plan: Plan) -> bool:
        """Whether no trail wants this operation, in whatever region."""
        known = self._unwanted.get(plan)
        if known is None:
            everywhere = (
                rests != () and (trail.IncludeGlobalServiceEvents or not plan.is_global)
                for trail, rests in zip(self.trails, self._rests_of(plan), strict=True)
            )
            known = self._unwanted[plan] = not any(everywhere)
        return known

    def _decide(self, plan: Plan, region: str, global_endpoint: bool) -> Verdict:
        always, asks = [], []
        is_global = plan.is_global or (global_endpoint and plan.event_source == STS)
        for trail, rests in zip(self.trails, self._rests_of(plan), strict=True):
            if not in_region(trail, region, is_global):
                continue
            if rests is None:
                always.append(trail.Name)
            elif rests:
                asks.append(Ask(trail.Name, rests))
        if len(self._verdicts) >= _MANY:  # a program may make up regions for ever
            self._verdicts.clear()
        verdict = self._verdicts[plan, region, global_endpoint] = Verdict(always, asks, self.names)
        return verdict

    def _rests_of(self, plan: Plan) -> tuple[tuple[_Rest, ...] | None, ...]:
        """Of each trail what is left to ask, nothing when it cannot want the operation, None when it does anyway."""
        known = self._rests.get(plan)
        if known is None:
            pairs = zip(self.trails, self._selectors, strict=True)
            known = tuple(_open(trail, selectors, plan) for trail, selectors in pairs)
            self._rests[plan] = known
        return known


def at_global_endpoint(call: Call) -> bool:
    """Whether a finished call went to the global endpoint of STS, as its record will say in tlsDetails."""
    if call.plan.event_source != STS or call.connection is None or not call.connection.tls_version:
        return False
    return call.url.partition("//")[2].partition("/")[0].partition("?")[0].rpartition("@")[2] == STS


def _open(trail: Trail, selectors: Sequence[Selector], plan: Plan) -> tuple[_Rest, ...] | None:
    if not trail.IsLogging:
        return ()
    if trail.everything:
        return None
    rests = [rest for selector in selectors if (rest := _rest(selector, plan)) is not None]
    return None if any(rest == _NOTHING for rest in rests) else tuple(rests)


_NOTHING: Final = _Rest(None, (), False)


def _rest(selector: Selector, plan: Plan) -> _Rest | None:
    """What is left of a selector for one operation; None when it cannot take it."""
    values, callers, late = _values(plan), [], False
    for name, condition in selector.fields:
        if name == _CALLER:
            callers.append(condition)
        elif name in _LATE or (name == "eventName" and plan.rules.refused_suffix):
            late = True
        elif not condition.passes(values.get(name)):
            return None
    about = _about(selector, plan) if selector.types or selector.arns else True
    if about is False:
        return None
    return _Rest(selector if about is None else None, tuple(callers), late)


def _about(selector: Selector, plan: Plan) -> bool | None:
    """Whether a selector's conditions on resources hold for an operation; None when that depends on the call."""
    kinds = kinds_of(plan.event_source, plan.event_name)
    possible, certain = kinds.possible, kinds.certain
    if possible is None:  # its records say it, if they have resources at all
        if plan.entries is not None:
            return None
        possible, certain = (None,), True
    if not any(all(condition.passes(kind) for condition in selector.types) for kind in possible):
        return False
    if not selector.arns:
        return True if certain else None
    return all(condition.passes(None) for condition in selector.arns) if possible == (None,) else None


def _values(plan: Plan) -> Mapping[str, str]:
    """The fields of an event that its operation tells; it has no others but those that are asked for above."""
    return {
        "eventCategory": plan.event_category,
        "eventName": plan.event_name,
        "eventSource": plan.event_source,
        "eventType": "AwsApiCall",
        "readOnly": "true" if plan.read_only else "false",
    }
