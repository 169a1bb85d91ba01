"""Every row about a service is true, and no fact about a service is without a row."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from record.calls import CURRENT, has, plan, service_model
from record.removals import removals
from record.rows import FILES, Row, rows_of

from bototrail.record.plan import Plan, Speller
from bototrail.record.rules import Resource, Service, rules_for
from bototrail.record.services import KNOWN

ROLE = Resource("AWS::IAM::Role", "{request.roleArn}", account=False)
FILE_OF = {file.rstrip("_").replace("_", "-"): file for file in FILES}
ROWS = [(service, row) for service, file in sorted(FILE_OF.items()) for row in rows_of(file)]
# Newer models say themselves that these are sensitive; older ones show secrets without them.
FOR_OLDER_MODELS = {
    "cognito-identity": ["forms *.Logins"],
}

# Read where calls are seen; tests/capture/test_values.py has it.
SEEN_ELSEWHERE = {"s3": ["signs_as s3express"]}


def test_every_known_service_has_a_file_of_rows() -> None:
    assert set(FILE_OF) == KNOWN


def name_of(value: Any) -> str:
    return f"{value.table}-{value.operation}" if isinstance(value, Row) else str(value)


@pytest.mark.parametrize(("service", "row"), ROWS, ids=name_of)
def test_a_row_is_written_as_aws_does(service: str, row: Row) -> None:
    if not CURRENT and not has(service, row.operation, row.given[0] if row.table == "REQUESTS" else {}):
        pytest.skip("older models lack newer services, operations and members")
    assert row.found(plan(service, row.operation)) == row.expected


@pytest.mark.parametrize("service", sorted(FILE_OF))
def test_rows_are_sorted(service: str) -> None:
    rows = rows_of(FILE_OF[service])
    for table in {row.table for row in rows}:
        operations = [row.operation for row in rows if row.table == table]
        assert operations == sorted(operations)


@pytest.mark.parametrize("service", sorted(FILE_OF))
def test_no_row_is_there_twice(service: str) -> None:
    rows = rows_of(FILE_OF[service])
    assert [row for n, row in enumerate(rows) if row in rows[:n]] == []


@pytest.mark.parametrize("service", sorted(KNOWN))
def test_no_fact_can_be_taken_away_unnoticed(service: str) -> None:
    rows = rows_of(FILE_OF[service])
    if not CURRENT and service not in FOR_OLDER_MODELS:
        pytest.skip("older models lack newer operations and members")
    unnoticed = [name for name, rules in removals(rules_for(service)) if not noticed(service, name, rules, rows)]
    assert unnoticed == (FOR_OLDER_MODELS.get(service, []) if CURRENT else []) + SEEN_ELSEWHERE.get(service, [])


def noticed(service: str, name: str, rules: Service, rows: list[Row]) -> bool:
    """Whether a row is not true by other rules. Those that have to do with what is gone are the first to be asked."""
    model = service_model(service)
    speller, plans = Speller(model, rules), dict[str, Plan]()
    words = name.replace(".", " ").split()[1:]
    for row in sorted(rows, key=lambda row: -sum(word in str(row) for word in words)):
        if row.operation not in plans:
            plans[row.operation] = Plan(model, model.operation_model(row.operation), speller)
        if row.found(plans[row.operation]) != row.expected:
            return True
    return False


def test_every_kind_of_fact_is_known_of_a_service() -> None:
    stated = {name.partition(" ")[0] for service in KNOWN for name, _ in removals(rules_for(service))}
    assert stated == {field.name for field in fields(Service)}


def test_removals_take_away_one_part_at_a_time() -> None:
    rules = Service(
        keys="model", reads=frozenset({"A", "B"}), defaults={"In": {"a": 1, "b": {}}}, resources={"*": (ROLE, ROLE)}
    )
    gone = dict(removals(rules))
    assert list(gone) == [
        "keys",
        "reads A",
        "reads B",
        "defaults In",
        "defaults In a",
        "defaults In b",
        "resources *",
        "resources * [0]",
        "resources * [0] account",
        "resources * [1]",
        "resources * [1] account",
    ]
    assert gone["keys"].keys == "lower"
    assert gone["reads A"].reads == {"B"}
    assert gone["defaults In a"].defaults == {"In": {"b": {}}}
    assert [row.account for row in gone["resources * [1] account"].resources["*"]] == [False, True]


def test_what_is_still_there_is_not_noticed() -> None:
    assert not noticed("polly", "", rules_for("polly"), rows_of("polly"))
    assert noticed("polly", "", Service(), rows_of("polly"))
