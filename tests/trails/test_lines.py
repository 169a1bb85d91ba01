"""Every key is found on the line that it was written on."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bototrail.trails.lines import json_lines, toml_lines, tomllib

TOML = '''# comment [[no]]
title = "a # b"          # 2
"quoted \\u0041" = 1
[buckets]                # 4
audit = "./audit"
'b.c' = { location = "s3://b", "ACL" = "x" }  # 6
text = """
x = 1
[[trailList]]
""""                     # 10
[[trailList]]            # 11
Name = "one"
AdvancedEventSelectors = [   # 13
  # comment, with ] and "
  { Name = "first", FieldSelectors = [   # 15
    { Field = "eventCategory", Equals = ["Data"] },
    { Field = "resources.type", Equals = [
      "AWS::S3::Object",   # 18
    ] },
  ] },
]
[trailList.delivery]     # 22
s3.endpoint_url = 'http://x'
[trailList.delivery.sns]
profile_name = "p"       # 25
[[trailList]]
[[trailList.TagsList]]   # 27
Key = "k"
[[trailList.TagsList]]
Key = "l"                # 30
[ trailList . "EventBridge" ]
Source = """x"""         # 32
day = 2020-01-01
'''

TOML_ROWS = [
    (("title",), 2),
    (("quoted A",), 3),
    (("buckets",), 4),
    (("buckets", "audit"), 5),
    (("buckets", "b.c", "ACL"), 6),
    (("trailList",), 11),
    (("trailList", 0), 11),
    (("trailList", 0, "Name"), 12),
    (("trailList", 0, "AdvancedEventSelectors"), 13),
    (("trailList", 0, "AdvancedEventSelectors", 0, "Name"), 15),
    (("trailList", 0, "AdvancedEventSelectors", 0, "FieldSelectors", 0, "Equals", 0), 16),
    (("trailList", 0, "AdvancedEventSelectors", 0, "FieldSelectors", 1, "Equals"), 17),
    (("trailList", 0, "AdvancedEventSelectors", 0, "FieldSelectors", 1, "Equals", 0), 18),
    (("trailList", 0, "delivery"), 22),
    (("trailList", 0, "delivery", "s3", "endpoint_url"), 23),
    (("trailList", 0, "delivery", "sns", "profile_name"), 25),
    (("trailList", 1), 26),
    (("trailList", 1, "TagsList", 0), 27),
    (("trailList", 1, "TagsList", 1, "Key"), 30),
    (("trailList", 1, "EventBridge", "Source"), 32),
    (("trailList", 1, "EventBridge", "day"), 33),
    (("trailList", 1, "not", "there"), 26),  # the nearest thing around it
    (("nowhere",), 1),
]


@pytest.mark.parametrize(("path", "line"), TOML_ROWS)
def test_a_toml_key_is_found_on_its_line(path, line):
    assert toml_lines(TOML).line(path) == line


JSON = """
{"trailList": [
  {"Name": "one, {", "Tags\\u004cist": [{"Key": "a"},
    {"Key": "b"}]},
  {"Name": "two"}
]}
{
  "TrailARN": "x", "EventSelectors": [
  ]
} [1,
2]
"""

JSON_ROWS = [
    ((0,), 2),
    ((0, "trailList"), 2),
    ((0, "trailList", 0), 3),
    ((0, "trailList", 0, "TagsList", 0, "Key"), 3),
    ((0, "trailList", 0, "TagsList", 1, "Key"), 4),
    ((0, "trailList", 1, "Name"), 5),
    ((1,), 7),
    ((1, "EventSelectors"), 8),
    ((1, "EventSelectors", 7, "x"), 8),
    ((2, 1), 11),
]


@pytest.mark.parametrize(("path", "line"), JSON_ROWS)
def test_a_json_member_is_found_on_its_line(path, line):
    assert json_lines(JSON).line(path) == line


def test_commas_between_documents_are_passed_over():
    lines = json_lines(',{"a": 1},\n{"a": 2,\n"b": [1,\n2]},')
    assert [lines.line(path) for path in [(0, "a"), (1, "a"), (1, "b", 1)]] == [1, 2, 4]


def test_a_json_key_that_is_written_twice_is_told():
    assert json_lines('{"a": 1,\n"b": {"a": 2,\n"a": 3}}').duplicates == [((0, "b", "a"), 3)]


def test_depth_without_end_is_no_fault():
    assert toml_lines("a = " + "[" * 50_000 + "]" * 50_000).line(("a",)) == 1


KEYS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)
SCALARS = st.one_of(st.integers(), st.booleans(), st.text(st.characters(exclude_categories=["Cs"]), max_size=8))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=4)


def _toml_string(text):
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


class Written:
    """Writes a value and notes the line of each key."""

    def __init__(self, choices):
        self.text, self.expected, self._choices = "", {}, choices

    def put(self, text):
        self.text += text

    def here(self, path):
        self.expected.setdefault(path, self.text.count("\n") + 1)

    def gap(self):
        self.put(next(self._choices))

    def json(self, value, path):
        self.here(path)
        if isinstance(value, dict):
            self._several("{}", value.items(), lambda item: self._member(*item, path))
        elif isinstance(value, list):
            self._several("[]", enumerate(value), lambda item: self.json(item[1], (*path, item[0])))
        else:
            self.put(json.dumps(value))

    def _member(self, key, value, path):
        self.here((*path, key))
        self.put(json.dumps(key) + ":")
        self.gap()
        self.json(value, (*path, key))

    def toml(self, value, path):
        if isinstance(value, dict):
            self.put("{")
            for number, (key, inner) in enumerate(value.items()):
                self.put(", " if number else "")
                self.here((*path, key))
                self.put(f"{_toml_string(key)} = ")
                self.toml(inner, (*path, key))
            self.put("}")
        elif isinstance(value, list):
            self._several("[]", enumerate(value), lambda item: self._element(item[1], (*path, item[0])))
        elif isinstance(value, str):
            self.put(_toml_string(value))
        else:
            self.put(json.dumps(value))

    def _element(self, value, path):
        self.here(path)
        self.toml(value, path)

    def _several(self, brackets, items, write):
        self.put(brackets[0])
        for number, item in enumerate(items):
            self.put("," if number else "")
            self.gap()
            write(item)
        self.gap()
        self.put(brackets[1])


def cycle(items):
    while True:
        yield from items


@given(st.lists(TABLES, min_size=1, max_size=3), st.lists(st.sampled_from(["", " ", "\n", "\n\n"]), min_size=1))
def test_every_json_key_is_on_its_line(documents, gaps):
    written = Written(cycle(gaps))
    for number, document in enumerate(documents):
        written.json(document, (number,))
        written.gap()
    lines = json_lines(written.text)
    assert lines.found == written.expected
    assert lines.duplicates == []


@given(st.lists(TABLES, max_size=3), st.lists(st.sampled_from(["", " ", "\n", " # ] }\n"]), min_size=1))
def test_every_toml_key_is_on_its_line(tables, gaps):
    written = Written(cycle(gaps))
    for number, table in enumerate(tables):
        written.here(("t",))
        written.here(("t", number))
        written.put("[[t]]\n")
        for key, value in table.items():
            written.here(("t", number, key))
            written.put(f"{_toml_string(key)} = ")
            written.toml(value, ("t", number, key))
            written.put("\n")
    assert tomllib.loads(written.text).get("t", []) == tables
    assert toml_lines(written.text).found == written.expected
