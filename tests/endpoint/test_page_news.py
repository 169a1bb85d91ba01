"""What the page is told when something is new, who is told it, and what of hostile records."""

from __future__ import annotations

import json
import threading
import time
from contextlib import ExitStack
from typing import Any

import pytest
from endpoint.page_records import IMAGE, LONG, SCRIPT, event, hostile
from endpoint.paged import TOKEN, Page, names

from bototrail.endpoint.library import Place
from bototrail.endpoint.live import Live
from bototrail.endpoint.page import watch


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
