"""The sweep would notice: each of its checks finds what it is there for."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any
from urllib.parse import quote

import pytest
from record.schema_rows import WHOLE
from sweep.calls import Caller, Needs, Outcome, Plan, session_with_token
from sweep.checks import differences, faults, swept
from sweep.values import MARK, MARK_DATE, MARK_NUMBER, MARKS
from sweep.wire import Answer

import bototrail.record.plan
import bototrail.record.shapes
from bototrail.record.rules import Service, rules_for
from bototrail.record.values import epoch_date, iso_date, locale_date, millisecond_date

TOLD = [
    MARK,
    MARK.upper(),
    f"a{MARK}b",
    quote(MARK),
    *(b64encode(b"x" * n + MARK.encode() + b"tail").decode() for n in range(4)),
    *(b64encode(b"x" * n + MARK.encode()).decode() for n in range(4)),
    MARK_NUMBER,
    float(MARK_NUMBER),
    *(as_text(MARK_DATE) for as_text in (epoch_date, iso_date, locale_date, millisecond_date)),
]


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_a_mark_is_found_however_it_is_written(told: Any) -> None:
    assert MARKS.search(json.dumps({"key": told}).encode())


def test_what_is_no_mark_is_not_found() -> None:
    assert not MARKS.search(json.dumps(WHOLE).encode())


PLAN = Plan("CreateKey", "create_key", 0, Answer(400, {}, b""), fails=True)


@pytest.mark.parametrize(
    ("records", "found"),
    [
        ([WHOLE], []),
        ([], ["0 records"]),
        ([WHOLE, WHOLE], ["2 records"]),
        ([{**WHOLE, "readOnly": "false"}], ["$.readOnly: 'false' is not of type 'boolean'"]),
        ([{**WHOLE, "eventName": "DeleteKey"}], ["eventName DeleteKey"]),
        ([{k: v for k, v in WHOLE.items() if not k.startswith("error")}], ["errorCode None"]),
    ],
)
def test_faults_of_records_are_found(records: list[dict[str, Any]], found: list[str]) -> None:
    assert list(faults(PLAN, Service(), records)) == found


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (MARK, "secret"),
        ("<dict>", "placeholder"),
        ("could not be read", "placeholder"),
        ("<sensitiveDataRemoved>", None),
    ],
)
def test_faults_in_parameters_are_found(value: str, what: str | None) -> None:
    found = list(faults(PLAN, Service(), [{**WHOLE, "requestParameters": {"a": value}}]))
    assert [fault.partition(":")[0] for fault in found] == ([what] if what else [])


@pytest.mark.parametrize("name", Outcome._fields)
def test_what_a_program_would_see_is_found(name: str) -> None:
    same = Outcome({}, None, [], {}, {})
    assert list(differences(same, same)) == []
    assert [text.partition(" ")[0] for text in differences(same, same._replace(**{name: "else"}))] == [name]


def test_a_recorder_that_hides_nothing_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOTOTRAIL_IDENTITY", "offline")
    monkeypatch.setattr(bototrail.record.plan, "_plans", {})
    monkeypatch.setattr(bototrail.record.plan, "_spellers", {})
    monkeypatch.setattr(bototrail.record.shapes, "is_sensitive", lambda shape: False)
    monkeypatch.setattr(bototrail.record.shapes, "is_named_secret", lambda name, member: False)
    wrong = swept(Caller(session_with_token(), "sso-oidc", rules_for("sso-oidc"), Needs()))
    assert {text.partition(" ")[0] for text in wrong} == {
        "sso-oidc.CreateToken",
        "sso-oidc.CreateTokenWithIAM",
        "sso-oidc.RegisterClient",
        "sso-oidc.StartDeviceAuthorization",
    }
