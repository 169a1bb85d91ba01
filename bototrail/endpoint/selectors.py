"""PutEventSelectors, GetEventSelectors, PutInsightSelectors and GetInsightSelectors."""

from __future__ import annotations

from typing import Any, Final

from bototrail.endpoint.changing import change, fields_of, find, no_file
from bototrail.endpoint.context import Context
from bototrail.endpoint.library import KnownTrail
from bototrail.endpoint.trails import find as find_known
from bototrail.errors import ServiceError
from bototrail.trails import DEFAULT_SELECTORS, Trail
from bototrail.trails.editing import Editing
from bototrail.trails.selector_rules import KINDS

_STORE: Final = ("EventDataStore", "InsightsDestination")

# What `AllEvents` of a trails file means; no selectors that PutEventSelectors takes can say it.
_ALL_EVENTS: Final = tuple(
    {"Name": f"All {kind} events", "FieldSelectors": [{"Field": "eventCategory", "Equals": [category]}]}
    for kind, category in (("management", "Management"), ("data", "Data"))
)


def put_event_selectors(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """A trail with these selectors, and no others."""
    given = {name: request[name] for name in KINDS if request.get(name)}
    if not given:
        raise ServiceError("InvalidEventSelectorsException", f"expected {' or '.join(KINDS)}; found neither")
    names: list[str] = []

    def edit(editing: Editing) -> None:
        told = find(editing, request["TrailName"], context)
        names[:] = [told.trail.Name]
        for name, other in (KINDS, KINDS[::-1]):
            if name in given and other in given:  # what the rules refuse
                editing.put(told, name, given[name])
            elif name in given:
                editing.replace(told, other, name, given[name])
        for name in ("AllEvents", "HasCustomEventSelectors"):
            editing.clear(told, name)

    loaded = change("PutEventSelectors", context, edit)
    return {"TrailARN": fields_of(loaded, names[0], context)["TrailARN"], **given}


def get_event_selectors(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """The selectors of a trail; without any of its own, those that a new trail has."""
    known, trail = _known("GetEventSelectors", request["TrailName"], context)
    if trail.EventSelectors:
        return {"TrailARN": known.arn, "EventSelectors": trail.EventSelectors}
    otherwise = _ALL_EVENTS if trail.everything else DEFAULT_SELECTORS
    return {"TrailARN": known.arn, "AdvancedEventSelectors": trail.AdvancedEventSelectors or otherwise}


def put_insight_selectors(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """A trail with these insight selectors; with an empty list, without any."""
    name, selectors = _trail_name("PutInsightSelectors", request), request["InsightSelectors"]
    names: list[str] = []

    def edit(editing: Editing) -> None:
        told = find(editing, name, context)
        names[:] = [told.trail.Name]
        if selectors:
            editing.put(told, "InsightSelectors", selectors)
        else:
            editing.clear(told, "InsightSelectors")
        editing.clear(told, "HasInsightSelectors")

    loaded = change("PutInsightSelectors", context, edit)
    return {"TrailARN": fields_of(loaded, names[0], context)["TrailARN"], "InsightSelectors": selectors}


def get_insight_selectors(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """The insight selectors of a trail."""
    known, trail = _known("GetInsightSelectors", _trail_name("GetInsightSelectors", request), context)
    if not trail.InsightSelectors:
        raise ServiceError("InsightNotEnabledException", f"Trail {known.arn} does not have Insights enabled.")
    return {"TrailARN": known.arn, "InsightSelectors": trail.InsightSelectors}


def _known(operation: str, name: str, context: Context) -> tuple[KnownTrail, Trail]:
    known = find_known(name, context)
    if known.trail is None:
        raise no_file(operation)
    return known, known.trail


def _trail_name(operation: str, request: dict[str, Any]) -> str:
    """Insights are of a trail, or of an event data store, of which there are none here."""
    stores = [name for name in _STORE if name in request]
    if "TrailName" in request and stores:
        raise ServiceError("InvalidParameterCombinationException", f"expected TrailName alone; found {stores[0]}, too")
    if stores:
        message = f"{operation}: there are no event data stores here; name a trail with TrailName."
        raise ServiceError("UnsupportedOperationException", message)
    if "TrailName" not in request:
        raise ServiceError("InvalidParameterException", "expected TrailName; found none")
    return str(request["TrailName"])
