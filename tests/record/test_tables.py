"""The data files: sorted, known, and about things that exist."""

from __future__ import annotations

import ast
import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import botocore.session
import orjson
import pytest
from record.calls import of_current_models

import bototrail.record.services as services
from bototrail.record import plan_for
from bototrail.record.rules import rules_for
from bototrail.record.services import KNOWN
from bototrail.record.sources import EVENT_SOURCES

FOLDER = Path(services.__file__).parent
SECRET = "s3cret-value"
FILES = sorted([*FOLDER.glob("*.py"), FOLDER.parent / "sources.py"])
# Written in the order in which the service writes them.
ORDERED = {"extra"}


def constants(nodes: Any) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_tables_are_sorted(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    exempt = {id(k.value) for n in ast.walk(tree) if isinstance(n, ast.Call) for k in n.keywords if k.arg in ORDERED}
    for node in ast.walk(tree):
        if id(node) in exempt or not isinstance(node, (ast.Dict, ast.Set)):
            continue
        rows = constants(node.keys if isinstance(node, ast.Dict) else node.elts)
        assert rows == sorted(set(rows)), f"{path.name}:{node.lineno}"


def test_every_file_is_known_and_every_known_service_has_a_file() -> None:
    names = {path.stem.rstrip("_").replace("_", "-") for path in FOLDER.glob("[a-z]*.py")}
    assert names == KNOWN


@of_current_models
@pytest.mark.parametrize("service", sorted(KNOWN))
def test_rows_are_about_operations_and_members_of_the_model(service_model: Any, service: str) -> None:
    rules, model = rules_for(service), service_model(service)
    operations = set(model.operation_names)
    named = {*rules.event_names, *rules.reads, *rules.writes, *rules.responses, *rules.silent, *rules.data_events}
    assert named | (set(rules.resources) - {"*"}) <= operations
    members = {"*"} | set(model.shape_names)
    for table in (rules.hidden, rules.shown, rules.forms, rules.renames, rules.items, rules.filled, rules.hoists):
        for row in table:
            shape, _, member = row.partition(".")
            assert shape in members, row
            if shape != "*":
                assert member in model.shape_for(shape).members, row


def full(shape: Any, shown: frozenset[str], depth: int = 0) -> Any:
    """A value with every member there is; what the model marks sensitive is the secret."""
    if shape.type_name in ("string", "blob") and shape.metadata.get("sensitive"):
        return SECRET if shape.type_name == "string" else SECRET.encode()
    if shape.type_name == "structure":
        members = {} if depth > 5 else shape.members
        return {n: full(m, shown, depth + 1) for n, m in members.items() if not shown & {f"*.{n}", f"{shape.name}.{n}"}}
    if shape.type_name == "list":
        return [] if depth > 5 else [full(shape.member, shown, depth + 1)]
    if shape.type_name == "map":
        return {} if depth > 5 else {"k": full(shape.value, shown, depth + 1)}
    return {"boolean": True, "blob": b"b", "string": "v", "timestamp": 0}.get(shape.type_name, 1)


@of_current_models
@pytest.mark.parametrize("service", sorted(KNOWN))
def test_no_operation_shows_a_sensitive_member(service_model: Any, service: str) -> None:
    model, shown = service_model(service), rules_for(service).shown
    for operation in map(model.operation_model, model.operation_names):
        plan = plan_for(model, operation, service)
        asked = plan.request_parameters(full(operation.input_shape, shown)) if operation.input_shape else None
        told = plan.response_elements(full(operation.output_shape, shown), {}) if operation.output_shape else None
        text = orjson.dumps([asked, told], option=orjson.OPT_NON_STR_KEYS).decode()
        for never in (SECRET, b64encode(SECRET.encode()).decode(), "could not be read"):
            assert never not in text, operation.name


@of_current_models
def test_event_sources_are_of_services_that_exist() -> None:
    assert set(EVENT_SOURCES) <= set(botocore.session.Session().get_available_services())


@pytest.mark.parametrize("path", sorted(FOLDER.glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_every_table_has_its_source_above_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    named = {node.target.id: node.value for node in ast.parse(text).body if isinstance(node, ast.AnnAssign)}
    tables = named["SERVICE"].keywords
    short = {table.lineno for table in tables if table.lineno == table.end_lineno}
    above = ""
    for table in tables:
        if table.lineno - 1 not in short:  # one comment may speak for several of one line
            above = lines[table.lineno - 2].strip()
        assert re.fullmatch(r"# .*\[.+\]", above), table.arg
