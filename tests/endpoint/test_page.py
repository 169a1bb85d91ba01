"""What the page is told."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from endpoint.page_records import SCRIPT, denied, event, insight
from endpoint.paged import names

from bototrail.endpoint.page import files, routes
from bototrail.endpoint.page.bins import Span, width_for

STATIC = Path(files.__file__).parent / "static"


# ---- the page itself
def test_a_browser_gets_the_page(page):
    answer = page().served.ask("GET", "/", Accept="text/html")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert answer.headers["cache-control"] == "no-cache"
    assert b"{static}" not in answer.body


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"Authorization": "AWS4-HMAC-SHA256 Credential=any/20261121/us-east-1/s3/aws4_request, Signature=0"}),
        ("/", {"Authorization": "AWS any:signature"}),
        ("/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0", {}),
        ("/?AWSAccessKeyId=any&Signature=0&Expires=1", {}),
    ],
)
def test_what_s3_clients_sign_is_theirs(path, headers, page):
    answer = page().served.ask("GET", path, **headers)
    assert (answer.headers["content-type"], b"<Error>" in answer.body) == ("application/xml", True)


def test_its_files_are_kept_for_good_and_never_mixed_with_those_of_another_release(page):
    served = page().served
    whole = served.ask("GET", "/").body.decode()
    asked = [part.partition('"')[0] for part in whole.split('="') if part.startswith("/-/static/")]
    answers = {path: served.ask("GET", path) for path in asked}
    kept = {answer.headers["cache-control"] for answer in answers.values()}
    assert ({answer.status for answer in answers.values()}, kept) == ({200}, {"public, max-age=31536000, immutable"})
    missing = {each.name for each in STATIC.iterdir()} - {path.rpartition("/")[2] for path in asked}
    assert missing == {"page.html"}
    assert served.ask("GET", asked[0].replace(files.mark(), "0" * 16)).status == 404


@pytest.mark.parametrize("name", ["page.html", "../routes.py", "%2e%2e/routes.py", "", "none.js", "page.js/"])
def test_other_files_are_not_to_be_had(name, page):
    assert page().served.ask("GET", f"/-/static/{files.mark()}/{name}").status == 404


def test_a_page_that_has_not_changed_is_not_sent_again(page):
    served = page().served
    etag = served.ask("GET", "/").headers["etag"]
    again = served.ask("GET", "/", If_None_Match=etag)
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)


def test_no_script_or_style_stands_in_the_page_and_nothing_is_loaded_from_elsewhere():
    text = (STATIC / "page.html").read_text()
    assert [word for word in ("<style", " style=", " onclick", "http:", "https:", "<script>") if word in text] == []
    for path in STATIC.iterdir():
        content = path.read_text().replace("http://www.w3.org/2000/svg", "")
        ways = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://")
        assert [word for word in ways if word in content] == [], path


# ---- events
def test_events_come_in_pages(page):
    shown = page(*(event(f"Get{number}", 100 - number) for number in range(7)))
    first = shown.told("events", limit=3)
    second = shown.told("events", limit=3, after=first["next"])
    third = shown.told("events", limit=3, after=second["next"])
    assert [names(each) for each in (first, second, third)] == [
        ["Get6", "Get5", "Get4"],
        ["Get3", "Get2", "Get1"],
        ["Get0"],
    ]
    assert third["next"] is None
    assert names(shown.told("events", limit=2, order="oldest")) == ["Get0", "Get1"]


def test_a_row_is_what_the_table_shows(page):
    record = denied(
        "GetObject", resources=[{"ARN": f"arn:aws:s3:::audit/{n}", "type": "AWS::S3::Object"} for n in "abcd"]
    )
    (row,) = page(record).told("events")["events"]
    shown = {name: row[name] for name in ("eventName", "userName", "errorCode", "readOnly", "resourceName")}
    assert shown == {
        "eventName": "GetObject",
        "userName": "alice",
        "errorCode": "AccessDenied",
        "readOnly": True,
        "resourceName": ["arn:aws:s3:::audit/a", "arn:aws:s3:::audit/b", "arn:aws:s3:::audit/c"],
    }
    assert row["resourceNames"] >= 4


def test_filters_are_the_ones_of_the_command_line(page):
    shown = page(event("GetObject"), event("PutObject", user="bob"), denied("PutObject", user="eve"))
    assert names(shown.told("events", q="user=alice,bob eventName!=Put*")) == ["GetObject"]
    assert shown.told("count", q="service=s3 errorCode=denied") == {"events": 1, "failed": 1}
    assert shown.told("count", q='text="boto3/1.43"')["events"] == 3


REFUSED = [
    ("events", {"q": "foo=1"}, "q", "expected a field among"),
    ("events", {"q": 'user="a'}, "q", "expected quotes in pairs"),
    ("events", {"q": "since=soon"}, "q", "expected since="),
    ("events", {"q": "x" * 8001}, "q", "expected at most 8000 characters; found 8001"),
    ("events", {"limit": "501"}, "limit", "expected a number from 1 to 500 for limit; found '501'"),
    ("events", {"limit": "²"}, "limit", "expected a number"),
    ("events", {"limit": "0"}, "limit", "expected a number"),
    ("events", {"order": "random"}, "order", "expected one of newest, oldest for order; found 'random'"),
    ("events", {"after": "x"}, "after", "expected TIME.EVENTID for after"),
    ("values", {"fields": "eventName,nothing"}, "fields", "expected one of eventTime, eventID"),
    ("values", {"fields": ""}, "fields", "expected one of eventTime, eventID"),
    ("values", {"fields": "eventName", "limit": "101"}, "limit", "expected a number from 1 to 100"),
    ("timeline", {"bins": "501"}, "bins", "expected a number from 1 to 500"),
    ("timeline", {"field": "sourceIPAddress"}, "field", "expected one of eventSource"),
    ("download.csv", {"q": "foo=1"}, "q", "expected a field among"),
]


@pytest.mark.parametrize(("path", "parameters", "field", "message"), REFUSED)
def test_what_cannot_be_used_is_named(path, parameters, field, message, page):
    status, name, said = page().refused(path, **parameters)
    assert (status, name, said[: len(message)]) == (400, field, message)


@pytest.mark.parametrize("path", ["nothing", "", "events/", "download.xml", "../-/events", "login"])
def test_other_paths_are_none(path, page):
    assert page().get(path).status in (404, 405)


def test_queries_that_are_no_utf_8_are_refused(page):
    assert page().served.ask("GET", "/-/events?q=%ff").status == 400
    assert page().served.ask("GET", "/-/events?" + "&".join(f"a{n}=1" for n in range(30))).status == 400


def test_nothing_is_posted(page):
    assert page().served.ask("POST", "/-/events", b"").status == 405


# ---- one event
def test_an_event_is_told_whole(page):
    record = denied("PutObject", requestParameters={"big": 9007199254740993, "text": SCRIPT})
    told = page(record, event("GetObject")).told("event", id=record["eventID"])
    assert json.loads(told["record"]) == record
    assert "9007199254740993" in told["record"]
    assert told["denial"]["action"] == "s3:PutObject"
    assert told["denial"]["resource"] == "arn:aws:s3:::audit/key"
    assert told["denial"]["sentences"][1] == "No statement of the caller's own policies allows it: add one."


def test_an_event_that_succeeded_has_no_denial(page):
    record = event("GetObject")
    assert page(record).told("event", id=record["eventID"])["denial"] is None


def test_an_event_that_is_not_there(page):
    status, field, message = page(event("GetObject")).refused("event", id="none")
    assert (status, field, message[:36]) == (404, "id", "no event has the eventID 'none', or ")


# ---- counts
def test_values_are_counted_most_frequent_first(page):
    shown = page(event("A", user="ann"), event("B", user="ann"), event("B", user="bob"))
    told = shown.told("values", fields="eventName,userName", limit=1)
    assert told["fields"] == [
        {"field": "eventName", "values": [["B", 2, False]], "more": True},
        {"field": "userName", "values": [["ann", 2, False]], "more": True},
    ]


def test_what_is_wanted_of_a_field_does_not_hide_its_other_values(page):
    shown = page(event("A", user="ann"), event("B", user="bob"), event("C", user="eve"))
    told = shown.told("values", fields="eventName,userName", q="eventName=A userName!=eve")
    assert [[value for value, *_ in each["values"]] for each in told["fields"]] == [["A", "B"], ["ann"]]


def test_values_that_contain_a_text(page):
    shown = page(event("GetObject"), event("PutObject"), event("Get*Object"), event("List"))
    told = shown.told("values", fields="eventName", contains="t*O")
    assert told["fields"][0]["values"] == [["Get*Object", 1, False]]


def test_a_caller_is_summed_up(page):
    shown = page(event("A", 300, source="ec2"), denied("B", 200), event("B", 100), event("C", user="bob"))
    told = shown.told("summary", q="userName=alice")
    assert (told["events"], told["failed"], told["denied"], told["last"] - told["first"]) == (3, 1, 1, 200)
    assert told["services"] == [
        {"source": "s3.amazonaws.com", "events": 2, "actions": [["B", 2, 1]], "more": False},
        {"source": "ec2.amazonaws.com", "events": 1, "actions": [["A", 1, 0]], "more": False},
    ]


# ---- the timeline
@pytest.mark.parametrize(
    ("span", "bins", "width"),
    [
        (Span(0, 1), 100, 1),
        (Span(0, 3600), 60, 60),
        (Span(30, 3630), 60, 120),
        (Span(0, 7 * 86_400), 120, 7200),
        (Span(0, 90 * 86_400), 500, 21_600),
        (Span(0, 10**13), 2, 10**13),
    ],
)
def test_stretches_fit_the_range(span, bins, width):
    assert width_for(span, bins) == width


def test_stretches_tell_services_and_failures_apart(page):
    records = [event("A", 30), denied("B", 30), event("C", 30, source="ec2"), event("D", 30, source="iam")]
    told = page(*records).told("timeline", top=1, q="since=1h")
    assert (told["series"], told["others"], told["width"]) == (["s3.amazonaws.com"], 2, 60)
    (only,) = told["bins"]
    assert (only[0] % 60, only[1:]) == (0, [1, 1, 2])
    assert abs(told["end"] - told["start"] - 3600) <= 2


def test_without_a_range_it_is_that_of_the_events(page):
    told = page(event("A", 7000), event("B", 5000)).told("timeline", bins=500)
    assert (told["width"], sum(sum(each[1:]) for each in told["bins"])) == (5, 2)
    assert 2000 <= told["end"] - told["start"] <= 2020


def test_a_timeline_of_nothing(page):
    assert page().told("timeline")["bins"] == []
    assert page(event("A")).told("timeline", q="eventName=B")["start"] is None


def test_insights_of_the_range_are_told_whatever_caller_is_asked_for(page):
    shown = page(event("PutObject", 60), insight(90), insight(50, "End"), event("Other", 10, source="ec2"))
    told = shown.told("timeline", q="userName=alice since=1h")["insights"]
    assert [(each["state"], each["name"], each["pair"]) for each in told] == [
        ("End", "PutObject", "pair"),
        ("Start", "PutObject", "pair"),
    ]
    assert shown.told("timeline", q="service=ec2 since=1h")["insights"] == []


# ---- downloads
def test_all_that_is_filtered_is_downloaded_as_json(page):
    records = [event("GetObject", 5000 - number) for number in range(1234)]
    shown = page(*records, denied("PutObject"))
    answer = shown.get("download.json", q="eventName=GetObject", order="oldest")
    assert json.loads(answer.body) == {"Records": records}
    assert answer.headers["content-disposition"].startswith('attachment; filename="events-')
    assert json.loads(shown.get("download.json", q="eventName=None").body) == {"Records": []}


def test_cells_of_spreadsheets_stay_text(page):
    cells = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", '"=1', "a,b\r\nc", "\uff1d1", "plain\0nul"]
    shown = page(*(event(text, 100 - number, user=text) for number, text in enumerate(cells)))
    body = shown.get("download.csv", order="oldest").body.decode()
    rows = list(csv.DictReader(io.StringIO(body, newline="")))
    assert [row["eventName"] for row in rows] == [
        *(f"'{text}" for text in cells[:5]),
        *('"=1', "a,b\r\nc", "'\uff1d1", "plain\ufffdnul"),
    ]
    assert [row["readOnly"] for row in rows] == ["false"] * len(cells)


def test_only_some_downloads_at_a_time(page, monkeypatch):
    monkeypatch.setattr(routes, "_DOWNLOADS", 0)
    assert page(event("A")).refused("download.csv")[0] == 503
