"""Trails files that are changed: what is changed says so, and all else stays as it was written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bototrail.errors import ConfigError, TrailsFileError
from bototrail.trails.editing import Editing
from bototrail.trails.parse import json_documents
from bototrail.trails.toml_text import add, drop, put, rendered

try:
    import tomllib
except ImportError:
    import tomli as tomllib

TOML, JSON = Path("/nowhere/trails.toml"), Path("/nowhere/trails.json")
HEAD = """\
# head
[buckets]
bucket-a = "./a" # where
"""
FIRST = """
# First trail
# goes on
[[trailList]]
Name = "one" # its name
S3BucketName = "bucket-a"
HomeRegion = "us-east-1"
"""
KEEPS = """\
# inside
[[trailList.AdvancedEventSelectors]]
FieldSelectors = [
  { Field = "eventCategory", Equals = ["Management"] }, # why
]
# KmsKeyId = "alias/x"
"""
SECOND = """
# ---- a section

# Second
[[trailList]]
  Name = "two"
  S3BucketName = "bucket-a"
  HomeRegion = "us-east-1"
[trailList.delivery]
profile_name = "x"
"""
FILE = HEAD + FIRST + KEEPS + SECOND
BASIC = [{"ReadWriteType": "WriteOnly"}]


def edited(text, change, path=TOML):
    editing = Editing(path, text, {})
    change(editing)
    return editing.result()[0]


def stop(editing):
    for told in editing.told:
        editing.put(told, "IsLogging", False)


def select(editing):
    editing.replace(editing.told[0], "AdvancedEventSelectors", "EventSelectors", BASIC)


def delete(number):
    return lambda editing: editing.delete(editing.told[number])


def more(editing):
    editing.add({"Name": "three", "S3BucketName": "bucket-a", "HomeRegion": "us-east-1"})


THIRD = '\n[[trailList]]\nName = "three"\nS3BucketName = "bucket-a"\nHomeRegion = "us-east-1"\n'
STOPPED = "IsLogging = false\n"
SELECTED = 'EventSelectors = [{ ReadWriteType = "WriteOnly" }]\n'
BETWEEN = """\
[[trailList]]
Name="one"
S3BucketName="bucket-a"
HomeRegion="us-east-1"
[buckets] # b
bucket-a="./a"
[[trailList]]
Name="two"
S3BucketName="bucket-a"
HomeRegion="us-east-1"
"""
INLINE = """\
# inline
trailList = [
  { Name = "one", S3BucketName = "bucket-a", HomeRegion="us-east-1" }, # c
  { Name = "two", S3BucketName = "bucket-a", HomeRegion="us-east-1" },
]
[buckets]
bucket-a="./a"
"""
SINGLE = '# single\nName="one"\nS3BucketName="bucket-a"\nHomeRegion="us-east-1"\n# c\n'
GOTTEN = '[Trail]\nName="one"\nS3BucketName="bucket-a"\nHomeRegion="us-east-1"\n[Trail.delivery]\nprofile_name="y"\n'
TRICKY = """\
[[trailList]]
Name = "one"
S3BucketName = "bucket-a"
HomeRegion = "us-east-1"
delivery.profile_name = '''
# no comment
[[trailList]]'''
[[trailList]]
"Name" = 'two'
S3BucketName = "bucket-a"   # [[trailList]]
HomeRegion = "us-east-1"
"""

EDITS = [
    # before, change, after
    (FILE, stop, HEAD + FIRST + STOPPED + KEEPS + SECOND.replace('1"\n[', f'1"\n  {STOPPED}[')),
    (FILE, select, HEAD + FIRST + SELECTED + '# KmsKeyId = "alias/x"\n' + SECOND),
    (FILE, delete(0), HEAD + SECOND),
    (FILE, delete(1), HEAD + FIRST + KEEPS + "\n# ---- a section\n"),
    (FILE, more, FILE + THIRD),
    (BETWEEN, stop, BETWEEN.replace('1"\n', f'1"\n{STOPPED}')),
    (BETWEEN, delete(0), BETWEEN[BETWEEN.index("[buckets]") :]),
    (BETWEEN, delete(1), BETWEEN[: BETWEEN.rindex("[[")]),
    (BETWEEN, more, BETWEEN + THIRD),
    (INLINE, stop, INLINE.replace('1" }', '1", IsLogging = false}')),
    (INLINE, delete(0), "".join(line for line in INLINE.splitlines(keepends=True) if "# c" not in line)),
    (INLINE, more,
     INLINE.replace("]\n[b", '  { Name = "three", S3BucketName = "bucket-a", HomeRegion = "us-east-1" },\n]\n[b')),
    (SINGLE, stop, SINGLE.replace("# c\n", f"{STOPPED}# c\n")),
    (SINGLE, delete(0), "# single\n# c\ntrailList = []\n"),
    (GOTTEN, stop, GOTTEN.replace("[Trail.d", f"{STOPPED}[Trail.d")),
    (GOTTEN, delete(0), "trailList = []\n"),
    (TRICKY, stop, TRICKY.replace("]]'''\n", f"]]'''\n{STOPPED}") + STOPPED),
    (TRICKY, delete(1), TRICKY[: TRICKY.index("]]'''") + 6]),
    ("trailList = [] # none\n" + HEAD, more, HEAD + THIRD),
    ("trailList = []", more, THIRD[1:]),
    (None, more, THIRD[1:]),
]  # fmt: skip


@pytest.mark.parametrize(("before", "change", "after"), EDITS, ids=range(len(EDITS)))
def test_all_that_is_not_changed_stays(before, change, after):
    assert edited(before, change) == after


def test_all_trails_can_go():
    for text in (FILE, BETWEEN, INLINE, SINGLE, GOTTEN, TRICKY):
        rest = text
        while Editing(TOML, rest, {}).told:
            rest = edited(rest, delete(0))
        assert Editing(TOML, edited(rest, more), {}).told[0].trail.Name == "three"


@pytest.mark.parametrize("text", [SINGLE, GOTTEN])
def test_a_single_trail_takes_no_second_one(text):
    with pytest.raises(ConfigError, match="a trails file that can be changed and keep its form"):
        edited(text, more)


def test_a_table_without_a_header_cannot_be_changed():
    text = 'Trail.Name = "one"\nTrail.S3BucketName = "bucket-a"\nTrail.HomeRegion = "us-east-1"\n'
    with pytest.raises(ConfigError, match="change it by hand"):
        edited(text, stop)


def test_what_cloudtrail_would_refuse_is():
    with pytest.raises(TrailsFileError, match="InvalidEventSelectorsException"):
        edited(FILE, lambda editing: editing.put(editing.told[0], "EventSelectors", BASIC))


ARN = "arn:aws:cloudtrail:us-east-1:123456789012:trail/one"
ONE = {"Name": "one", "S3BucketName": "bucket-a", "HomeRegion": "us-east-1", "TrailARN": ARN, "KmsKeyId": None}
TWO = {"Name": "two", "S3BucketName": "bucket-a", "HomeRegion": "us-east-1"}
LISTED = {"trailList": [ONE, TWO]}
SELECTORS = {
    "TrailARN": ARN,
    "AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}],
}
TAGS = {"ResourceTagList": [{"ResourceId": ARN, "TagsList": [{"Key": "team"}]}]}
BUCKETS = {"buckets": {"bucket-a": "ä"}}

JSON_EDITS = [
    # documents before, change, documents after
    ([LISTED], stop, [{"trailList": [{**ONE, "IsLogging": False}, {**TWO, "IsLogging": False}]}]),
    ([LISTED, SELECTORS], select, [LISTED, {**SELECTORS, "AdvancedEventSelectors": [], "EventSelectors": BASIC}]),
    ([SELECTORS, LISTED, TAGS, ONE, BUCKETS], delete(0), [{"trailList": [TWO]}, {"ResourceTagList": []}, BUCKETS]),
    ([{"Trail": ONE}, BUCKETS], delete(0), [BUCKETS, {"trailList": []}]),
    ([[ONE]], delete(0), [{"trailList": []}]),
    ([[ONE]], more, [[ONE, {**TWO, "Name": "three"}]]),
    ([{"Trail": ONE}], more, [{"Trail": ONE}, {"trailList": [{**TWO, "Name": "three"}]}]),
    ([BUCKETS, {"trailList": []}], more, [BUCKETS, {"trailList": [{**TWO, "Name": "three"}]}]),
]  # fmt: skip


def pasted(documents, indent):
    return "\n".join(json.dumps(each, indent=indent, ensure_ascii=False) for each in documents) + "\n"


@pytest.mark.parametrize(("before", "change", "after"), JSON_EDITS, ids=range(len(JSON_EDITS)))
@pytest.mark.parametrize("indent", [None, 2, 4])
def test_documents_are_changed(before, change, after, indent):
    found = edited(pasted(before, indent), change, JSON)
    assert [document for document, _, _ in json_documents(found)] == after
    if indent == 4:  # as what is new has it
        assert found == pasted(after, indent)


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_documents_keep_their_indent(indent):
    found = edited(pasted([LISTED, SELECTORS], indent), select, JSON)
    assert found == pasted([LISTED, {**SELECTORS, "AdvancedEventSelectors": [], "EventSelectors": BASIC}], indent)


def test_documents_that_do_not_change_stay_as_they_are():
    odd = '{ "buckets"  : {"bucket-a":"\\u00e4"} }'
    text = f"{odd},\n{json.dumps(LISTED)}\n\n{odd.replace('bucket-a', 'bucket-b')}"
    found = edited(text, stop, JSON)
    assert found.startswith(f"{odd},\n{{")
    assert found.endswith(f"\n\n{odd.replace('bucket-a', 'bucket-b')}\n")


# ---- any text
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.booleans() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcdef"), inner, max_size=3),
    max_leaves=12,
)


@given(VALUES)
def test_values_are_read_back_as_they_were(value):
    assert tomllib.loads(f"v = {rendered(value)}") == {"v": value}


PAIRS = st.dictionaries(st.sampled_from(["k", "l", "m"]), VALUES, min_size=1, max_size=3)


@given(st.lists(PAIRS, min_size=1, max_size=3), st.lists(TEXTS, max_size=3), st.data())
def test_changes_say_what_they_should_and_comments_stay(tables, remarks, data):
    comments = ["# " + "".join(c for c in text if c.isprintable()) for text in remarks]
    text = "\n".join([*comments, "[other] # b", "x = 1", ""])
    for table in tables:
        text = add(text, "t", table)
    number = data.draw(st.integers(0, len(tables) - 1))
    key, value = data.draw(st.sampled_from(["k", "l", "z"])), data.draw(VALUES)
    tables[number] = {**tables[number], key: value}
    text = put(text, ("t", number, key), value)
    assert tomllib.loads(text) == {"other": {"x": 1}, "t": tables}
    gone = data.draw(st.sampled_from([("t", number, key), ("t", number)]))
    text = drop(text, gone)
    if len(gone) == 2:
        del tables[number]
    else:
        del tables[number][key]
    assert tomllib.loads(text) == {"other": {"x": 1}, **({"t": tables} if tables else {})}
    assert text.startswith("\n".join([*comments, "[other] # b", "x = 1"]))
