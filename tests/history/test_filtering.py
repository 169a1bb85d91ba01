"""Filters choose the same events as a plain reading of what the filter language promises, and pages add up."""

from __future__ import annotations

import random
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from history.buckets import BASE, Bucket, event, key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bototrail.clock import event_time
from bototrail.history.columns import COLUMNS
from bototrail.history.denials import is_denied_code
from bototrail.history.event import row_of
from bototrail.history.filters import Filter, Pattern, Term
from bototrail.history.history import History

NAMES = [
    "GetObject",
    "PutObject",
    "putobject",
    "a,b",
    "50%",
    "under_score",
    "back\\slash",
    "D\\user",
    "star*",
    "what?",
    "[x]",
    "(y)|z",
    "a\nb",
    'quo"te',
    "it's",
    "nul\0in",
    "tab\t",
    "\x1f",
    "\x7f",
    "ünï",
    "\N{GRINNING FACE}",
    "e\N{COMBINING ACUTE ACCENT}",
    "\u2028",
    "a b",
    "^$.",
    "",
    "x" * 300,
]
CODES = ["AccessDenied", "Client.UnauthorizedOperation", "NoSuchKey", "", "MyAccessDeniedThing", "denied"]
ARNS = ["arn:aws:s3:::one", "arn:aws:s3:::two/key", "arn:aws:s3:::three*", "arn:aws:s3:::ünï", "arn:aws:s3:::a b"]
TYPES = ["AWS::S3::Bucket", "AWS::S3::Object"]
texts = st.sampled_from(NAMES)
records = st.builds(
    lambda second, user, more, arns, code: {
        **event(0, eventTime=event_time(BASE + second)),
        "errorCode": code,
        "userIdentity": {"type": "IAMUser", "userName": user, "accessKeyId": more.pop("key")},
        "resources": [{"ARN": arn, "type": kind} for arn, kind in arns],
        **more,
    },
    st.integers(0, 30),
    texts,
    st.fixed_dictionaries(
        {
            "key": texts,
            "eventName": texts,
            "readOnly": st.sampled_from([True, False, None, "true", 1]),
            "sourceIPAddress": texts,
            "requestParameters": texts,
            "eventCategory": st.sampled_from(["Management", "Data", "Insight"]),
        }
    ),
    st.lists(st.tuples(st.sampled_from(ARNS), st.sampled_from(TYPES)), max_size=3),
    st.sampled_from(CODES),
)


def pattern(text):
    """A text as it is, or one with wildcards in the place of some of its characters."""

    def wild(seed):
        dice = random.Random(seed)
        found = "".join(
            dice.choice(["*", "?", "**"]) if dice.random() < 0.3 else re.sub(r"([*?\\])", r"\\\1", each)
            for each in text[:8]  # Python's own patterns take endless time for more
        )
        return Pattern(found + dice.choice(["*", ""]), wild=True)

    return st.one_of(st.just(Pattern(text)), st.just(Pattern("*", wild=True)), st.integers(0, 10**6).map(wild))


def of_field(field, values):
    patterns = st.lists(st.sampled_from(values).flatmap(pattern), min_size=1, max_size=3)
    return st.builds(Term, st.just(field), patterns.map(tuple), st.booleans())


terms = st.one_of(
    of_field("eventName", NAMES),
    of_field("userName", NAMES),
    of_field("accessKeyId", NAMES),
    of_field("sourceIPAddress", NAMES),
    of_field("errorCode", CODES),
    of_field("eventCategory", ["Management", "Data"]),
    of_field("eventID", [event(number)["eventID"] for number in range(4)]),
    of_field("resourceName", ARNS),
    of_field("resourceType", TYPES),
    of_field("text", [name for name in NAMES if name]),
    st.builds(
        Term,
        st.just("readOnly"),
        st.sampled_from([(Pattern("true"),), (Pattern("false"),), (Pattern("*", wild=True),)]),
        st.booleans(),
    ),
)
moments = st.one_of(st.none(), st.integers(BASE - 1, BASE + 31))
filters = st.builds(Filter, st.lists(terms, max_size=3).map(tuple), moments, moments)


# ---- the plain reading
def chosen(row, query):
    facts = dict(zip((column.name for column in COLUMNS), row, strict=False))
    return (
        all(holds(term, facts, row[-1]) for term in query.terms)
        and (query.start is None or facts["event_time"] >= query.start)
        and (query.end is None or facts["event_time"] <= query.end)
    )


def holds(term, facts, record):
    return any(fits(term.field, each, facts, record) for each in term.patterns) != term.negated


def fits(field, wanted, facts, record):
    if field == "text":
        inner = _regex(wanted, lambda text: re.escape(orjson.dumps(text).decode()[1:-1]))
        return re.search(inner, record, re.DOTALL | re.IGNORECASE) is not None
    column = next(column for column in COLUMNS if column.field == field)
    value = facts[column.name]
    if field == "readOnly":
        return value is not None and (wanted.wild or wanted.text == str(value).lower())
    values = value.strip("\n").split("\n") if column.many else [value]
    if field == "errorCode" and wanted == Pattern("denied"):
        return is_denied_code(value)
    if not wanted.wild:
        return wanted.text in values
    regex = _regex(wanted, re.escape)
    return any(each and re.fullmatch(regex, each, re.DOTALL) for each in values)


def _regex(wanted, literal):
    return re.sub(r"(?<!\\)(\.\*)+", ".*", "".join(_parts(wanted, literal)))


def _parts(wanted, literal):
    text = wanted.text
    while text:
        if wanted.wild and text[0] == "\\" and text[1:2] in (*",*?\\",) and text[1:]:
            yield literal(text[1])
            text = text[2:]
        elif wanted.wild and text[0] in "*?":
            yield ".*" if text[0] == "*" else "."
            text = text[1:]
        else:
            yield literal(text[0])
            text = text[1:]


CHECKS = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def of(history, query, **options):
    return [(found.event_time, found.event_id, found.record) for found in history.events(query, 1000, **options)]


@CHECKS
@given(st.lists(st.lists(records, max_size=8), min_size=1, max_size=3), st.lists(filters, min_size=1, max_size=8))
def test_a_filter_chooses_what_a_plain_reading_of_it_chooses(files, queries):
    numbers = iter(range(1000))
    files = [[{**each, "eventID": event(next(numbers))["eventID"]} for each in found] for found in files]
    with TemporaryDirectory() as folder:
        bucket = Bucket(Path(folder, "bucket"))
        history = History(bucket.folder, cache=Path(folder, "cache"))
        for number, found in enumerate(files):
            bucket.put(key(str(number)), found)
            history.refresh()
        rows = sorted((row_of(each) for found in files for each in found), key=lambda row: row[:2])
        for query in queries:
            expected = [(row[0], row[1], row[-1]) for row in rows if chosen(row, query)]
            assert of(history, query, reverse=True) == expected
            assert of(history, query) == expected[::-1]
            assert history.count(query) == len(expected)
        history.close()


@CHECKS
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20)), max_size=12), min_size=1, max_size=4),
    st.integers(1, 7),
    st.booleans(),
    st.booleans(),
)
def test_pages_of_any_size_are_together_what_one_page_is(files, limit, reverse, merged):
    with TemporaryDirectory() as folder:
        bucket = Bucket(Path(folder, "bucket"))
        history = History(bucket.folder, cache=Path(folder, "cache"))
        for number, places in enumerate(files):  # the same event may be in several, and more than once
            found = [event(each, eventTime=event_time(BASE + second)) for second, each in places]
            bucket.put(key(str(number)), found)
            history.refresh()
        whole = history.events(Filter(), 1000, reverse=reverse)
        assert sorted({(BASE + second, event(each)["eventID"]) for found in files for second, each in found}) == [
            each.cursor for each in (whole if reverse else whole[::-1])
        ]
        found, after = [], None
        while page := history.events(Filter(), limit, after=after, reverse=reverse):
            found += page
            after = page[-1].cursor
            assert len(page) == limit or len(found) == len(whole)
            if merged:
                _merge(history)
        assert found == whole
        assert list(history.every(Filter(), reverse=reverse)) == whole
        stored = [(found.cursor, found.record) for found in history.every_stored(Filter(), reverse=reverse)]
        assert stored == [(event.cursor, event.record) for event in whole]
        history.close()


def _merge(history):
    from bototrail.history.parts import merge_parts

    parts = history._catalogue.parts()
    if len(parts) > 1:
        history._catalogue.merge(parts[:2], merge_parts(history._catalogue.parts_folder, parts[:2]))


def test_a_cursor_keeps_its_place_when_events_come_before_and_behind_it(bucket, opened):
    history = opened()
    bucket.put(key("a"), [event(number) for number in (10, 20, 30, 40)])
    history.refresh()
    first = history.events(Filter(), 2)
    bucket.put(key("b"), [event(number) for number in (5, 25, 35, 45)])
    history.refresh()
    rest = history.events(Filter(), 10, after=first[-1].cursor)
    assert [found.event_id for found in (*first, *rest)] == [
        event(number)["eventID"] for number in (40, 30, 25, 20, 10, 5)
    ]


def test_only_files_with_facts_tell_which_values_there_are(bucket, opened):
    history = opened()
    arns = [{"ARN": "arn:aws:s3:::x"}, {"ARN": "arn:aws:s3:::y"}]
    bucket.put(key("a"), [event(1, resources=arns), event(2, resources=arns[:1]), event(3, errorCode="NoSuchKey")])
    history.refresh()
    assert history.values(Filter(), "resourceName") == [("arn:aws:s3:::x", 2), ("arn:aws:s3:::y", 1)]
    assert history.values(Filter(), "errorCode") == [("NoSuchKey", 1)]
    assert history.values(Filter(), "readOnly") == []
    assert sum(row[2] for row in history.timeline(Filter(), 60)) == 3
    assert sum(row[3] for row in history.timeline(Filter(), 86_400, "eventName")) == 1
