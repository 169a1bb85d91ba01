"""Each data event of ours has a type that selectors know."""

from __future__ import annotations

import re

import pytest
from record.calls import has, plan
from trails.names import NAMES

from bototrail.record.rules import rules_for
from bototrail.record.services import KNOWN
from bototrail.trails.data_types import DATA_TYPES
from bototrail.trails.resources import kinds_of

OPERATIONS = [(service, operation) for service in sorted(KNOWN) for operation in sorted(rules_for(service).data_events)]
ROWS = [(source, name) for source, rows in DATA_TYPES.items() for name in rows]


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_each_data_event_has_a_type(service, operation):
    if service != "s3express" and not has(service, operation, {}):
        pytest.skip("older models lack it")
    made = plan(service, operation)
    assert DATA_TYPES[made.event_source][made.event_name]
    assert kinds_of(made.event_source, made.event_name).possible


@pytest.mark.parametrize(("source", "name"), ROWS)
def test_types_are_called_as_in_the_guide(source, name):
    assert {row.type for row in DATA_TYPES[source][name]} <= NAMES


def test_no_row_is_of_no_use():
    ours = {(source, name) for source, name in ROWS if not source.startswith("rdsdataapi")}
    named = {(rules_for(s).event_names.get(o, o), s) for s, o in OPERATIONS}
    assert {name for _, name in ours} == {name for name, _ in named}


def test_patterns_are_patterns():
    for source, name in ROWS:
        for row in DATA_TYPES[source][name]:
            assert all(re.compile(pattern) for _, pattern in (*row.unless, *([row.when] if row.when else [])))
