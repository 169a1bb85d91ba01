"""Every row about a service is true, and no row is without a test."""

from __future__ import annotations

from typing import Any

import pytest
from record.calls import of_current_models, plan, service_model
from record.removals import removals
from record.rows import FILES, Row, rows_of

from bototrail.record.plan import Plan, Speller
from bototrail.record.rules import Service, rules_for
from bototrail.record.services import KNOWN

pytestmark = of_current_models
FILE_OF = {file.rstrip("_").replace("_", "-"): file for file in FILES}
ROWS = [(service, row) for service, file in sorted(FILE_OF.items()) for row in rows_of(file)]


def test_every_known_service_has_a_file_of_rows() -> None:
    assert set(FILE_OF) == KNOWN


@pytest.mark.parametrize(
    ("service", "row"), ROWS, ids=lambda x: x if isinstance(x, str) else f"{x.table}-{x.operation}"
)
def test_a_row_is_written_as_aws_does(service: str, row: Row) -> None:
    assert row.found(plan(service, row.operation)) == row.expected


@pytest.mark.parametrize("service", sorted(FILE_OF))
def test_rows_are_sorted(service: str) -> None:
    order = [(row.table, row.operation) for row in rows_of(FILE_OF[service])]
    tables = list(dict.fromkeys(table for table, _ in order))
    assert order == sorted(order, key=lambda key: (tables.index(key[0]), key[1]))


@pytest.mark.parametrize("service", sorted(KNOWN))
def test_no_fact_can_be_taken_away_unnoticed(service: str) -> None:
    rows = rows_of(FILE_OF[service])
    untested = [name for name, rules in removals(rules_for(service)) if not _noticed(service, name, rules, rows)]
    assert untested == []


def _noticed(service: str, name: str, rules: Service, rows: list[Row]) -> bool:
    """Whether a row is not true with other rules. Those that speak of what is gone are the first to be asked."""
    model = service_model(service)
    speller, plans = Speller(model, rules), dict[str, Plan]()
    words = name.replace(".", " ").split()[1:]
    for row in sorted(rows, key=lambda row: -sum(word in str(row) for word in words)):
        if row.operation not in plans:
            plans[row.operation] = Plan(model, model.operation_model(row.operation), speller)
        if row.found(plans[row.operation]) != row.expected:
            return True
    return False


def test_what_is_gone_is_noticed_by_the_rows_about_it_alone() -> None:
    gone: Any = dict(removals(rules_for("polly")))
    assert _noticed("polly", "x", gone["reads SynthesizeSpeech"], rows_of("polly"))
    assert not _noticed("polly", "x", rules_for("polly"), rows_of("polly"))
