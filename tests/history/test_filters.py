"""The filter language: its whole grammar, and everything that is none."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bototrail.errors import ConfigError
from bototrail.history.columns import COLUMNS
from bototrail.history.filters import (
    FIELDS,
    MOST_CHARACTERS,
    MOST_TERMS,
    MOST_VALUES,
    TEXT,
    Filter,
    Pattern,
    Term,
    is_exactly,
    joined,
    parse,
    split,
    terms_text,
)

NOW = datetime(2026, 11, 21, 10, 20, tzinfo=timezone.utc)
NOON = int(NOW.timestamp())


def term(field, *values, wild=False, negated=False):
    return Term(field, tuple(Pattern(value, wild) for value in values), negated)


def parsed(*words):
    return parse(words, NOW)


# ---- names
NAMES = {
    "accessKeyId": ["accessKeyId", "AccessKeyId", "key", "access-key-id", "access_key_id"],
    "awsRegion": ["awsRegion", "region", "AWS_REGION"],
    "errorCode": ["errorCode", "error"],
    "eventCategory": ["eventCategory", "category"],
    "eventID": ["eventID", "EventId", "id", "event_id"],
    "eventName": ["eventName", "EventName", "event", "name", "operation", "event-name", "EVENTNAME"],
    "eventSource": ["eventSource", "EventSource", "source", "service"],
    "readOnly": ["readOnly", "ReadOnly", "ro", "read-only"],
    "recipientAccountId": ["recipientAccountId", "account"],
    "resourceName": ["resourceName", "ResourceName", "resource", "resource.name"],
    "resourceType": ["resourceType", "ResourceType", "type"],
    "role": ["role"],
    "session": ["session"],
    "sourceIPAddress": ["sourceIPAddress", "ip", "address", "sourceIP", "source-ip"],
    "text": ["text"],
    "userIdentity.arn": ["userIdentity.arn", "principal", "arn"],
    "userName": ["userName", "Username", "user"],
}


@pytest.mark.parametrize(("field", "name"), [(field, name) for field, names in NAMES.items() for name in names])
def test_a_field_has_the_names_of_records_and_of_lookup_events_and_short_ones(field, name):
    assert parsed(f"{name}=true").terms == (term(field, "true.amazonaws.com" if field == "eventSource" else "true"),)


def test_every_column_can_be_asked_for_but_the_time():
    assert {*NAMES} == {*FIELDS.values()} == {column.field for column in COLUMNS} - {"eventTime"} | {TEXT}


# ---- values
VALUES = [
    # word, its term
    ("eventName=PutObject", term("eventName", "PutObject")),
    ("eventName!=PutObject", term("eventName", "PutObject", negated=True)),
    ("eventName=Put,Delete", term("eventName", "Put", "Delete")),
    ("eventName=a,,b,", term("eventName", "a", "b")),
    ("eventName=Put*", term("eventName", "Put*", wild=True)),
    ("eventName=P?t", term("eventName", "P?t", wild=True)),
    ("eventName=Put*,Get", Term("eventName", (Pattern("Put*", wild=True), Pattern("Get")))),
    (r"eventName=a\,b", term("eventName", "a,b")),
    (r"eventName=a\*b\?c", term("eventName", "a*b?c")),
    (r"eventName=a\\", term("eventName", "a\\")),
    (r"eventName=a\\*", term("eventName", r"a\\*", wild=True)),
    (r"eventName=a\b", term("eventName", r"a\b")),
    ("eventName=a\\", term("eventName", "a\\")),
    (r"eventName=a\*b*", term("eventName", r"a\*b*", wild=True)),
    ("eventName=*", term("eventName", "*", wild=True)),
    ("errorCode!=*", term("errorCode", "*", wild=True, negated=True)),
    ("errorCode=denied", term("errorCode", "denied")),
    ("userName==x", term("userName", "=x")),
    ("userName= x ", term("userName", " x ")),
    ("userName=a b", term("userName", "a b")),
    ("userName=Jürgen", term("userName", "Jürgen")),
    ("userName=a\nb", term("userName", "a\nb")),
    ("resourceName=arn:aws:s3:::b/k=1", term("resourceName", "arn:aws:s3:::b/k=1")),
    ("readOnly=TRUE", term("readOnly", "true")),
    ("readOnly=*", term("readOnly", "*", wild=True)),
    ("service=s3", term("eventSource", "s3.amazonaws.com")),
    ("service=S3,ec2.amazonaws.com", term("eventSource", "s3.amazonaws.com", "ec2.amazonaws.com")),
    ("service=cloudwatch", term("eventSource", "monitoring.amazonaws.com")),
    ("service=bedrock-runtime", term("eventSource", "bedrock.amazonaws.com")),
    ("service=ec*", term("eventSource", "ec*", wild=True)),
    ("service=a b", term("eventSource", "a b")),
    ("AKIAIOSFODNN7EXAMPLE", term(TEXT, "AKIAIOSFODNN7EXAMPLE")),
    ("text=a,b", term(TEXT, "a,b")),
    ("text!=x", term(TEXT, "x", negated=True)),
    ("text=x=1", term(TEXT, "x=1")),
    ("a*c", term(TEXT, "a*c", wild=True)),
    ("https://x/?a=b", term(TEXT, "https://x/?a=b", wild=True)),
    ("!x", term(TEXT, "!x")),
    ("-nobody=x", term(TEXT, "-nobody=x")),
    ("", None),
    (" ", None),
]


@pytest.mark.parametrize(("word", "expected"), VALUES)
def test_a_word_is_a_term(word, expected):
    assert parsed(word) == Filter(() if expected is None else (expected,))


def test_all_terms_hold_together_in_their_order():
    found = parsed("role=x", "role=y", "since=2h", "z")
    assert found == Filter((term("role", "x"), term("role", "y"), term(TEXT, "z")), NOON - 7200)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        (["since=2h"], NOON - 7200, None),
        (["start=2h", "until=now"], NOON - 7200, NOON),
        (["from=yesterday", "to=today"], NOON - 10 * 3600 - 1200 - 86_400, NOON - 10 * 3600 - 1200),
        (["Since=2026-11-21T10:20:00Z", "End=2026-11-21T10:20:00+00:00"], NOON, NOON),
        (["since=2026-11-21T11:20:00+01:00"], NOON, None),
        (["until=2026-11-21T10:20:00.9Z"], None, NOON),
    ],
)
def test_times(words, start, end):
    assert parsed(*words) == Filter((), start, end)


# ---- what is no filter
WRONG = [
    # words, what the message says
    (["eventNam=x"], "found 'eventNam'; did you mean eventName?"),
    (["usr=x"], "did you mean userName? To search for it, write text=usr=x"),
    (["sinse=2h"], "did you mean since?"),
    (["nothinglikeit=x"], "expected a field among eventID, eventName,"),
    (["nothinglikeit=x"], "correct it, or write text=nothinglikeit=x to search for it"),
    (["requestParameters.bucketName=x"], "write text=requestParameters.bucketName=x"),
    (["eventTime=2h"], "write since=WHEN and until=WHEN"),
    (["!eventName=x"], "expected eventName!=VALUE for events without it; found '!eventName=x'; write eventName!=x"),
    (["-user=ci"], "write user!=ci"),
    (["eventName", "=", "PutObject"], "expected FIELD=VALUE without blanks; found '='; close the gap, or write text=="),
    (["eventName", "!=PutObject"], "expected FIELD=VALUE without blanks; found '!=PutObject'"),
    (["eventName="], "expected a value for eventName; found none; write eventName=VALUE, or eventName!=*"),
    (["eventName=,"], "expected a value for eventName; found none"),
    (["userName!="], "expected a value for userName; found none"),
    (["text="], "expected a value for text; found none"),
    (["readOnly=yes"], "expected true or false for readOnly; found 'yes'"),
    (["readOnly=t*"], "expected true or false for readOnly; found 't*'"),
    (["since=tomorrow"], "expected since=WHEN, a moment such as 2026-11-21, 2026-11-21T10:20:00Z, 2h, 7d or yesterday"),
    (["since="], "expected since=WHEN"),
    (["since=99999999999999d"], "expected since=WHEN"),
    (["since!=2h"], "expected since=WHEN; found since!=2h"),
    (["since=2h", "start=1h"], "expected start once; found twice"),
    (["until=2h", "to=1h"], "expected to once; found twice"),
    (["since=1h", "until=2h"], "expected since before until"),
    (["a"] * (MOST_TERMS + 1), f"expected at most {MOST_TERMS} terms"),
    (["a" * (MOST_CHARACTERS + 1)], f"expected at most {MOST_CHARACTERS} characters in a term"),
    (["user=" + "a," * (MOST_VALUES + 1)], f"expected at most {MOST_VALUES} values for userName"),
]


@pytest.mark.parametrize(("words", "message"), WRONG)
def test_what_cannot_be_understood_is_told(words, message):
    with pytest.raises(ConfigError) as caught:
        parsed(*words)
    assert message in str(caught.value)


# ---- one line of text
LINES = [
    ("a b", ["a", "b"]),
    ("  a\t b\n", ["a", "b"]),
    ("", []),
    ('user="a b" x', ["user=a b", "x"]),
    ("user='a \"b\"'", ['user=a "b"']),
    (r"user=a\,b", [r"user=a\,b"]),
    (r'user="a\"', ["user=a\\"]),
    ("a#b", ["a#b"]),
    ("'' x", ["", "x"]),
]


@pytest.mark.parametrize(("line", "words"), LINES)
def test_a_line_has_words(line, words):
    assert split(line) == words


@pytest.mark.parametrize("line", ['"a', "a'b", "it's"])
def test_quotes_are_closed(line):
    with pytest.raises(ConfigError, match="close the quote"):
        split(line)


# ---- properties
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
SPECIAL = st.text("ab,*?\\=!\"' \n.", min_size=1, max_size=12)
PLAIN = sorted({column.field for column in COLUMNS} - {"eventTime", "readOnly", "eventSource"})


@given(st.lists(TEXTS | SPECIAL | st.just("")))
def test_words_are_the_same_after_they_were_a_line(words):
    assert split(joined(words)) == words


@given(st.sampled_from([*PLAIN, TEXT]), TEXTS | SPECIAL)
def test_a_value_is_found_as_it_is(field, value):
    """Whatever a record has, a link to "all events with this value" must lead to them."""
    exact = Filter((is_exactly(field, value),))
    assert parse(split(joined(terms_text(exact))), NOW) == exact


@given(st.sampled_from([*PLAIN, TEXT]), st.sampled_from(["=", "!="]), TEXTS | SPECIAL)
def test_a_filter_is_the_same_after_it_was_text(field, operator, value):
    try:
        found = parsed(f"{field}{operator}{value}")
    except ConfigError:
        return
    again = parse(split(joined(terms_text(found))), NOW)
    assert again == found
    assert terms_text(again) == terms_text(found)


@given(st.lists(TEXTS | SPECIAL | st.builds("{}={}".format, st.sampled_from([*FIELDS, "since"]), SPECIAL), max_size=5))
def test_anything_is_a_filter_or_an_error_of_ours(words):
    try:
        found = parse(words, NOW)
    except ConfigError:
        return
    assert all(term.field in FIELDS.values() and term.patterns for term in found.terms)
