"""docs/history.md says what the code does."""

from __future__ import annotations

import re
import shlex
from datetime import datetime, timezone
from pathlib import Path

import click
import pytest

from bototrail.cli import main
from bototrail.history import filters
from bototrail.history.filters import FIELDS, parse, split

PAGE = (Path(__file__).parent.parent.parent / "docs" / "history.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)
ROWS = re.findall(r"^\| `([\w.]+)` \| ((?:`\w+`(?:, )?)*) ?\|", PAGE, re.MULTILINE)
TOLD = {name: field for field, names in ROWS for name in (field, *re.findall(r"`(\w+)`", names))}
TERMS = [
    word
    for row in re.findall(r"^\| (`[^|]*=[^|]*`|`AKIA[^|]*) \|", PAGE, re.MULTILINE)
    for word in re.findall(r"`([^`]+)`", row)
]
COMMANDS = [
    shlex.split(line, comments=True)
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if line.startswith("bototrail")
]


def test_every_name_of_every_field_is_told():
    known = {re.sub(r"[._-]", "", name).lower(): field for name, field in TOLD.items()}
    for name, field in FIELDS.items():
        if name not in ("username", field.lower().replace(".", "")):
            assert known.get(name) == field, name
    assert {field for _, field in TOLD.items()} == {*FIELDS.values(), "since", "until"}


@pytest.mark.parametrize("name", TOLD)
def test_every_name_that_is_told_is_one(name):
    parse([f"{name}=1h" if TOLD[name] in ("since", "until") else f"{name}=true"], NOW)


@pytest.mark.parametrize("term", TERMS)
def test_every_term_that_is_told_is_one(term):
    assert parse([term], NOW) != filters.Filter()


def test_there_are_terms_and_commands():
    assert (len(TERMS), len(COMMANDS)) == (13, 11)
    assert [str(term) for term in parse(split('userName="a b" service=s3'), NOW).terms] == [
        "userName=a b", "eventSource=s3.amazonaws.com",
    ]  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_that_is_told_is_one(words):
    command = main.get_command(click.Context(main), words[1])
    before = words[2 : words.index("|")] if "|" in words else words[2:]
    found = command.make_context(words[1], before).params
    assert parse(found.get("terms", ()), NOW) is not None


@pytest.mark.parametrize("limit", [filters.MOST_TERMS, filters.MOST_VALUES, filters.MOST_CHARACTERS])
def test_every_limit_is_told(limit):
    assert f"{limit:,} " in PAGE


@pytest.mark.parametrize("command", ["lookup", "tail", "show"])
def test_every_option_is_told(command):
    for option in main.get_command(click.Context(main), command).params:
        if isinstance(option, click.Option):
            assert option.opts[-1] in PAGE
