"""Events on a terminal: widths, colours, and characters that a terminal obeys."""

from __future__ import annotations

import io
import json

import pytest
from history.logged import event, role

from bototrail.cli.lookup_columns import columns
from bototrail.cli.lookup_forms import form_of
from bototrail.cli.lookup_table import Table
from bototrail.cli.painting import Painter, cells
from bototrail.cli.show_page import page
from bototrail.history.event import event_of


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Makes terminals of a width."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")

    def make(width):
        monkeypatch.setenv("COLUMNS", str(width))
        return Terminal()

    return make


def events(*records):
    return [event_of(json.dumps(record)) for record in records]


GET = event("GetObject", event_id="e1", resources=[])
PUT = event("PutObject", event_id="e2", errorCode="AccessDenied", userIdentity=role())
MOVED = event("StartInstances", event_id="e3", source="ec2.amazonaws.com", requestParameters=None, resources=[])


def table(out, *records, follows=False, names=None):
    made = Table(out, columns(names) if names else None, follows=follows)
    made.rows(iter(events(*records)))
    made.end()
    return out.getvalue()


def test_reads_are_dim_and_errors_are_red(terminal, monkeypatch):
    painted = table(terminal(120), GET, PUT).splitlines()
    assert painted[1].startswith("\x1b[2m2026-09-21T12:00:00Z\x1b[0m  \x1b[2ms3 GetObject")
    assert painted[2].endswith("  \x1b[31mAccessDenied\x1b[0m")
    assert "\x1b[1mtime\x1b[0m" in painted[0]
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        monkeypatch.setenv(name, value)
        assert "\x1b" not in table(terminal(120), GET, PUT)
        monkeypatch.undo()


@pytest.mark.parametrize("follows", [False, True])
@pytest.mark.parametrize("width", [24, 40, 60, 79, 80, 100, 132, 420])
def test_rows_fit_the_terminal(width, follows, terminal, monkeypatch):
    out = terminal(width)
    monkeypatch.setenv("NO_COLOR", "1")
    name, arn = "A" * 60, "arn:aws:s3:::" + "漢字" * 40
    long = event(name, errorCode="Client." + "E" * 60, resources=[{"ARN": arn}], userIdentity=role("r" * 60))
    lines = table(out, long, GET, follows=follows).splitlines()
    assert max(map(cells, lines)) <= width
    assert ("…" in lines[1], lines[1].startswith("2026-")) == (width < 420, True)


def test_narrow_terminals_have_fewer_columns(terminal):
    headings = [table(terminal(width), PUT, names=None).splitlines()[0] for width in (120, 80, 64, 52)]
    names = [heading.replace("\x1b[1m", "").replace("\x1b[0m", "").split() for heading in headings]
    assert names == [
        ["time", "event", "user", "resource", "region", "error"],
        ["time", "event", "user", "resource", "error"],
        ["time", "event", "user", "error"],
        ["time", "event", "error"],
    ]


def test_columns_that_were_asked_for_stay(terminal, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    lines = table(terminal(30), PUT, names="eventTime,eventName,userName,awsRegion,errorCode").splitlines()
    assert lines[0].split() == ["event…", "event…", "userN…", "awsRe…", "error…"]


def test_wide_characters_take_two_columns(terminal, monkeypatch):
    out = terminal(100)
    monkeypatch.setenv("NO_COLOR", "1")
    lines = table(out, event("漢字"), event("Put"), names="eventName,awsRegion").splitlines()
    assert [cells(line) for line in lines[1:]] == [cells("eventName  eu-central-1")] * 2


def test_what_is_read_from_the_right_turns_no_column(terminal, monkeypatch):
    out = terminal(100)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "שלום\u200e" in table(out, event("שלום"), names="eventName,awsRegion")


HOSTILE = "[bold red]x[/]\x1b[2J\r\n\u202ey\x9b31m\u2028"


@pytest.mark.parametrize("name", ["table", "csv", "json", "jsonl"])
@pytest.mark.parametrize("names", [None, "eventName,userAgent,requestParameters,resource"])
def test_nothing_in_a_record_is_obeyed_by_a_terminal(name, names, terminal, monkeypatch):
    out = terminal(400)
    monkeypatch.setenv("NO_COLOR", "1")
    hostile = event(HOSTILE, userAgent=HOSTILE, requestParameters={HOSTILE: HOSTILE}, resources=[{"ARN": HOSTILE}])
    form = form_of(name, out, columns(names) if names else None, follows=False)
    form.rows(events(hostile))
    form.end()
    found = out.getvalue()
    assert [each for each in found if each != "\n" and not each.isprintable()] == []
    assert "[bold red]x[/]" in found
    if name.startswith("json"):
        rows = json.loads(found)
        if name == "json":
            (rows,) = rows if names else rows["Records"]
        assert rows["eventName"] == HOSTILE
    elif name == "table":
        assert len(found.splitlines()) == 2


def test_json_that_is_not_for_a_terminal_is_as_it_is():
    out = io.StringIO()
    form_of("jsonl", out, columns("eventName"), follows=False).rows(events(event("\x9b")))
    assert out.getvalue() == '{"eventName":"\x9b"}\n'


def test_a_page_is_painted_without_reading_markup(terminal):
    painter = Painter(terminal(100))
    (found,) = events(
        event(HOSTILE, errorCode="X", errorMessage=HOSTILE, requestParameters={"a": HOSTILE, "b": [1, {}]})
    )
    lines = list(page(found, painter, "bototrail why x"))
    plain = "".join(lines).replace("\x1b[0m", "")
    for style in ("1", "31", "32", "35", "36", "1;31"):
        plain = plain.replace(f"\x1b[{style}m", "")
    assert all(each.isprintable() for each in plain)
    assert "[bold red]x[/]" in lines[0]
    assert '    \x1b[36m"a": \x1b[0m\x1b[32m"[bold red]x[/]\\u001b[2J' in "\n".join(lines)


def test_later_rows_have_the_widths_of_the_first(terminal, monkeypatch):
    out = terminal(100)
    monkeypatch.setenv("NO_COLOR", "1")
    made = Table(out, follows=True)
    made.rows([])
    made.rows(events(GET))
    made.rows(events(PUT, MOVED))
    lines = out.getvalue().splitlines()
    assert len(lines) == 4
    assert {line.find("eu-central-1") for line in lines[1:]} == {lines[0].find("region")}
