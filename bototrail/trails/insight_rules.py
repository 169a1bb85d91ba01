"""CloudTrail's documented rules for insight selectors.

Source: PutInsightSelectors in botocore's model and the user guide. [facts §5.1]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bototrail.trails.faults import Faults
from bototrail.trails.gather import Raw
from bototrail.trails.selector_rules import KINDS
from bototrail.trails.trail import DEFAULT_SELECTORS


def _logged(raw: Raw) -> set[str]:
    """Which kinds of events a trail's selectors take: `management read`, `management write`, `data`."""
    if raw.fields.get("AllEvents") is True:
        return {"management read", "management write", "data"}
    if raw.fields.get("EventSelectors"):
        out: set[str] = set()
        for selector in raw.fields["EventSelectors"]:
            if selector.get("IncludeManagementEvents", True):
                kind = selector.get("ReadWriteType", "All")
                out |= {"management read"} if kind != "WriteOnly" else set()
                out |= {"management write"} if kind != "ReadOnly" else set()
            out |= {"data"} if selector.get("DataResources") else set()
        return out
    return set().union(*map(_taken, raw.fields.get("AdvancedEventSelectors") or DEFAULT_SELECTORS))


def _taken(selector: Mapping[str, Any]) -> set[str]:
    equal = {one["Field"]: one.get("Equals", []) for one in selector["FieldSelectors"]}
    category = "".join(equal.get("eventCategory", []))
    if category == "Management":
        read_only = equal.get("readOnly", ["true", "false"])
        return {
            name for value, name in (("true", "management read"), ("false", "management write")) if value in read_only
        }
    return {"data"} if category == "Data" else set()


def check_insights(faults: Faults, raw: Raw) -> None:
    """Faults of a trail's insight selectors: it must log what they look at."""
    names = (*KINDS, "InsightSelectors")
    if not raw.fields.get("InsightSelectors") or not all(
        name not in raw.fields or faults.sound(raw.place(name)) for name in names
    ):
        return
    logged, code = _logged(raw), "InvalidInsightSelectorsException"
    for index, selector in enumerate(raw.fields["InsightSelectors"]):
        place, kind = raw.place("InsightSelectors", index), selector.get("InsightType")
        if kind is None:
            expected = "InsightType in every insight selector"
            faults.add(place, code, expected, "none", "add ApiCallRateInsight or ApiErrorRateInsight")
            continue
        for category in selector.get("EventCategories") or ["Management"]:
            needed = {"data"} if category == "Data" else {"management write"}
            if category == "Management" and kind == "ApiErrorRateInsight":
                needed = {"management read", "management write"}
            if not needed & logged:
                expected = f"a trail that logs {' or '.join(sorted(needed))} events, for {kind}"
                found = ", ".join(sorted(logged)) or "none of them"
                faults.add(place, code, expected, found, "select them, or leave the insight out")
