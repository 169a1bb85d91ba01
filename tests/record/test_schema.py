"""The schema of records: it takes what is right, and each of its rules refuses something."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from record.schema_rows import ABSENT, RIGHT, WRONG, changed
from record.test_golden import COMMON, GOLDEN

SCHEMA = json.loads((files("bototrail.record") / "record.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("changes", RIGHT, ids=lambda changes: " ".join(path for path, _ in changes) or "whole")
def test_what_is_right_is_accepted(changes: tuple[tuple[str, Any], ...]) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(changed(*changes))] == []


@pytest.mark.parametrize(("service", "entry"), GOLDEN, ids=lambda x: x if isinstance(x, str) else x["what"])
def test_the_golden_records_are_accepted(service: str, entry: dict[str, Any]) -> None:
    own = {"eventTime": "2026-03-03T09:07:05Z", "eventID": "0a0b0c0d-0000-4000-8000-000000000000"}
    record = {**COMMON, **own, **entry["record"]}
    assert [error.message for error in VALIDATOR.iter_errors(record)] == []


BROKEN = [*WRONG, *((name, ABSENT) for name in SCHEMA["required"])]


@pytest.mark.parametrize(("path", "value"), BROKEN, ids=[f"{n} {path}" for n, (path, _) in enumerate(BROKEN)])
def test_what_is_wrong_is_refused(path: str, value: Any) -> None:
    assert not VALIDATOR.is_valid(changed((path, value)))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


NOT_RULES = {"$defs", "$id", "$schema", "description", "if", "items", "properties", "then", "title"}


def rules(schema: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of all rules in a schema; of a list of names each name is one."""
    for keyword, value in schema.items():
        here = (*path, keyword)
        if keyword in ("properties", "$defs"):
            for name, inner in value.items():
                if isinstance(inner, dict):
                    yield from rules(inner, (*here, name))
                else:
                    yield (*here, name)
        elif keyword in ("anyOf", "allOf", "oneOf"):
            for n, inner in enumerate(value):
                yield from rules(inner, (*here, n))
        elif keyword == "required":
            yield from ((*here, n) for n in range(len(value)))
        elif keyword in ("items", "then") or (keyword == "additionalProperties" and isinstance(value, dict)):
            yield from rules(value, here)
        elif keyword not in NOT_RULES:
            yield here


def without(path: tuple[Any, ...]) -> Draft202012Validator:
    """The schema without one rule."""
    schema = copy.deepcopy(SCHEMA)
    *above, last = path
    at = schema
    for key in above:
        at = at[key]
    del at[last]
    return Draft202012Validator(schema)


# What is no object has neither event category, so that the type of the whole says it once more.
RULES = [path for path in rules(SCHEMA) if path != ("type",)]


@pytest.mark.parametrize("path", RULES, ids=lambda path: ".".join(map(str, path)))
def test_each_rule_refuses_something(path: tuple[Any, ...]) -> None:
    weaker = without(path)
    likely_first = sorted(BROKEN, key=lambda row: row[0].rpartition(".")[2] not in path)
    assert any(weaker.is_valid(changed(change)) for change in likely_first)
