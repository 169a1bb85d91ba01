"""What the page is told, and who is told it."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from endpoint.page_records import IMAGE, LONG, SCRIPT, deliver, denied, event, hostile, insight

from bototrail.endpoint.library import Place
from bototrail.endpoint.live import Live
from bototrail.endpoint.page import files, routes, watch
from bototrail.endpoint.page.bins import Span, width_for

TOKEN = "a-token-of-some-length"
STATIC = Path(files.__file__).parent / "static"


class Page:
    """A page that is served, and what it is told."""

    def __init__(self, served: Any, live: Live, bucket: Path) -> None:
        self.served, self.live, self.bucket = served, live, bucket

    def get(self, path: str, headers: dict[str, str] | None = None, **parameters: Any) -> Any:
        """The answer to a request below `/-/`."""
        return self.served.ask("GET", f"/-/{path}?{urlencode(parameters)}", **(headers or {}))

    def told(self, path: str, **parameters: Any) -> Any:
        """What it says, as Python has it."""
        answer = self.get(path, **parameters)
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    def refused(self, path: str, **parameters: Any) -> Any:
        """Status, field and the beginning of the message of a refusal."""
        answer = self.get(path, **parameters)
        body = json.loads(answer.body)
        return answer.status, body["field"], body["message"]

    def deliver(self, *records: dict[str, Any], content: bytes | None = None) -> None:
        """A new log file, that is known when this returns."""
        before = self.live.state().files
        deliver(self.bucket, records, content)
        until = time.monotonic() + 20
        while self.live.state().files == before and time.monotonic() < until:
            self.live.catch_up()


@pytest.fixture
def page(serve: Callable[..., Any], tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Serves a bucket with some events."""
    with ExitStack() as stack:

        def start(*records: dict[str, Any], **options: Any) -> Page:
            bucket = tmp_path / "bucket"
            if records:
                deliver(bucket, records)
            place = Place(str(bucket))
            live = stack.enter_context(Live([place], cache=tmp_path / "cache"))
            live.catch_up(20)
            return Page(serve(place, live=live, **options), live, bucket)

        yield start


def names(told: Any) -> list[str]:
    return [each["eventName"] for each in told["events"]]


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


# ---- what is new
def test_the_state_tells_what_is_known(page):
    shown = page(event("A"), {"no": "event"})
    shown.deliver(content=b"no json")
    told = shown.told("state")
    assert (told["there"], told["ready"], told["files"], told["events"], told["skipped"]) == (True, True, 2, 1, 2)
    assert [problem["problem"][:9] for problem in told["problems"]] == ["skipped 1", "skipped: "]
    assert (told["buckets"], told["names"]["user"], told["days"]) == ([str(shown.bucket)], "userName", 90)


def test_a_bucket_that_is_not_there_yet(page):
    shown = page()
    before = shown.told("state")
    assert (before["there"], names(shown.told("events"))) == (False, [])
    shown.deliver(event("First"))
    assert (shown.told("state", seen=before["mark"])["there"], names(shown.told("events"))) == (True, ["First"])


def test_news_are_told_as_soon_as_there_are_some(page):
    shown = page(event("A"))
    before = shown.told("state")
    waiting: list[Any] = []
    thread = threading.Thread(target=lambda: waiting.append(shown.told("state", seen=before["mark"])))
    began = time.monotonic()
    thread.start()
    time.sleep(0.5)
    assert waiting == []
    shown.deliver(event("B"))
    thread.join(10)
    assert (waiting[0]["events"], waiting[0]["mark"] != before["mark"], time.monotonic() - began < 8) == (2, True, True)


def test_who_has_waited_long_is_answered(page, monkeypatch):
    monkeypatch.setattr(watch, "WAIT_SECONDS", 0.6)
    shown = page(event("A"))
    mark = shown.told("state")["mark"]
    began = time.monotonic()
    assert shown.told("state", seen=mark)["mark"] == mark
    assert 0.5 < time.monotonic() - began < 5


def test_too_many_who_wait_are_answered_at_once(page, monkeypatch):
    monkeypatch.setattr(watch, "MOST_WAITING", 0)
    shown = page(event("A"))
    mark = shown.told("state")["mark"]
    began = time.monotonic()
    shown.told("state", seen=mark)
    assert time.monotonic() - began < 5


def test_the_end_of_the_server_waits_for_nobody(tmp_path):
    from endpoint.conftest import running

    place = Place(str(tmp_path))
    with Live([place], cache=tmp_path / "cache") as live, ExitStack() as stack:
        live.catch_up(20)
        page = Page(stack.enter_context(running((place,), tmp_path / "state", dict, live=live)), live, tmp_path)
        mark = page.told("state")["mark"]
        thread = threading.Thread(target=lambda: page.told("state", seen=mark))
        thread.start()
        time.sleep(0.5)
        began = time.monotonic()
        stack.close()
        took = time.monotonic() - began
        thread.join(10)
    assert (took < 2, thread.is_alive()) == (True, False)


# ---- who is told
def test_with_a_token_a_browser_is_let_in_once_it_has_shown_it(page):
    served = page(event("A"), token=TOKEN).served
    shell, closed = served.ask("GET", "/"), served.ask("GET", "/-/events")
    entered = served.ask("GET", f"/?token={TOKEN}&x=1")
    cookie = entered.headers["set-cookie"]
    assert (shell.status, closed.status, entered.status, entered.headers["location"]) == (200, 403, 303, "/?x=1")
    assert cookie.startswith(f"bototrail-{served.port}=")
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Strict")
    assert TOKEN not in cookie
    sent = cookie.partition(";")[0]
    assert served.ask("GET", "/-/events", Cookie=sent).status == 200
    assert served.ask("GET", "/-/events", Cookie=f"other=1; {sent}").status == 200


def test_the_cookie_opens_nothing_but_the_page(page):
    served = page(event("A"), token=TOKEN).served
    cookie = served.ask("GET", f"/?token={TOKEN}").headers["set-cookie"].partition(";")[0]
    asked = [
        served.ask("GET", "/bucket?list-type=2", Cookie=cookie),
        served.ask("GET", "/?X-Amz-Signature=0", Cookie=cookie),
        served.ask("POST", "/", b"{}", Cookie=cookie, X_Amz_Target="x.DescribeTrails"),
        served.ask("POST", "/-/login", b"", Cookie=cookie),
        served.ask("GET", "/-/events", Cookie=cookie, Host=f"localhost:{served.port}"),
        served.ask("GET", "/-/events", Cookie=cookie[:-1]),
        served.ask("GET", "/-/events", Cookie=cookie.replace(str(served.port), "80")),
        served.ask("GET", "/-/events", Cookie=f"bototrail-{served.port}={TOKEN}"),
        served.ask("GET", "/-/events", Cookie='"\\"=;;=é'),
    ]
    assert [answer.status for answer in asked] == [403] * 9


def test_another_token_opens_nothing(page):
    served = page(token=TOKEN).served
    answer = served.ask("GET", "/?token=another-token-of-some-length")
    assert (answer.status, "set-cookie" in answer.headers) == (303, False)
    wrong = served.ask("POST", "/-/login", b"", Authorization="Bearer another-token-of-some-length")
    assert (wrong.status, "set-cookie" in wrong.headers) == (403, False)


def test_the_token_can_be_typed(page):
    served = page(event("A"), token=TOKEN).served
    answer = served.ask("POST", "/-/login", b"", Authorization=f"Bearer {TOKEN}", Origin=served.url)
    cookie = answer.headers["set-cookie"].partition(";")[0]
    assert (answer.status, served.ask("GET", "/-/events", Cookie=cookie).status) == (204, 200)
    assert served.ask("POST", "/-/login", b"", Authorization=f"Bearer {TOKEN}", Origin="http://evil").status == 403


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)]
)
def test_pages_of_others_are_told_nothing(site, status, page):
    assert page(event("A")).get("events", headers={"Sec_Fetch_Site": site}).status == status


@pytest.mark.parametrize("path", ["/", "/-/events", "/-/static/x/page.js"])
def test_other_names_of_the_host_are_refused(path, page):
    assert page(event("A")).served.ask("GET", path, Host="evil.example").status == 403


def test_what_is_told_is_not_kept_and_never_shown_as_a_page(page):
    headers = page(event("A")).get("events").headers
    assert {name: headers[name] for name in ("cache-control", "content-type", "x-content-type-options")} == {
        "cache-control": "no-store",
        "content-type": "application/json",
        "x-content-type-options": "nosniff",
    }


# ---- hostile records
def test_hostile_records_are_told_in_rows_of_few_characters(page):
    records = hostile()
    answer = page(*records).get("events")
    assert (answer.status, len(json.loads(answer.body)["events"])) == (200, len(records))
    assert len(answer.body) < 40_000


def test_each_hostile_record_can_be_shown(page):
    records = hostile()
    shown = page(*records)
    told = [shown.told("event", id=record["eventID"]) for record in records]
    assert [json.loads(each["record"]) for each in told] == list(records)


@pytest.mark.parametrize("field", ["eventName", "userName", "errorCode", "resourceName", "awsRegion"])
def test_hostile_values_can_be_counted_and_filtered_by(field, page):
    shown = page(*hostile())
    values = shown.told("values", fields=field, limit=100)["fields"][0]["values"]
    assert max(len(value) for value, *_ in values) <= 500
    assert any(cut for *_, cut in values) == (field in ("eventName", "userName", "errorCode"))
    for text in (SCRIPT, IMAGE):
        quoted = text.replace('"', '"\'"\'"')
        assert shown.told("count", q=f'"{field}={quoted}"')["events"] == sum(n for v, n, _ in values if v == text)


def test_a_long_value_is_found_by_its_beginning(page):
    assert page(*hostile()).told("count", q=f"userName={LONG[:499]}*")["events"] == 1
