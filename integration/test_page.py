"""The page of `bototrail serve` in a browser: what people do with it."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from browser import needs_chromium
from endpoint.page_records import deliver, event, insight
from page_tab import NAMES, ROWS, line_of, mark_of, names, shows, some
from support import Place, until
from validating import Serve

from bototrail.history.filters import joined, split

pytestmark = needs_chromium


# ---- first sight
def test_events_are_there_with_counts_and_a_timeline(page, browser):
    page(*some(), insight(2000), insight(1000, "End"))
    assert browser.text("#events h2") == "20 events"
    assert names(browser)[:3] == ["GetItem", "DeleteObject", "PutObject"]
    assert browser.text(".legend").replace("\n", " ").startswith("Errors 2 s3 13 ecs 3")
    assert len(browser.texts(".insight")) == 2
    assert browser.texts("#facets .facet:nth-of-type(1) .value")[0] == "GetObject\n8"
    assert browser.js("document.querySelectorAll('.chart path').length") >= 3


class OfFile(Serve):
    """`bototrail serve` of the buckets of a trails file."""

    def __init__(self, place: Place, file: Path) -> None:
        super().__init__(place, "")
        self._words = ["--trails", str(file)]


def test_before_the_first_delivery_it_says_what_to_do_and_then_shows_a_call_as_soon_as_it_is_made(browser, place):
    file = place.folder / "trails.toml"
    file.write_text(
        f'[buckets]\naudit = "{place.bucket}"\n[[trailList]]\nName = "all"\nS3BucketName = "audit"\nAllEvents = true\n'
    )
    server = OfFile(place, file)
    server.start()
    try:
        browser.open(f"{server.url}/", ".empty h3")
        browser.wait("document.querySelector('.empty h3').innerText === 'There is no bucket yet'")
        place.record("import boto3; boto3.client('s3').list_buckets()", BOTOTRAIL_TRAILS=file)
        browser.wait(f"document.querySelector('{NAMES}')?.innerText === 'ListBuckets'", seconds=30)
    finally:
        server.kill()


def test_an_empty_bucket(page, browser, place):
    place.bucket.mkdir()
    page(waiting=".empty h3")
    browser.wait("document.querySelector('.empty h3').innerText === 'There are no events yet'")
    assert "The bucket has no log files" in browser.text(".empty")


def test_skipped_files_are_told_once(page, browser, place):
    deliver(place.bucket, (), b"no json")
    page(event("A"))
    browser.click(".notice.skipped summary")
    assert "1 log file could not be read" in browser.text(".notice.skipped")
    assert "skipped: " in browser.text(".notice.skipped li")
    browser.click(".notice.skipped > button")
    deliver(place.bucket, [event("B")])
    browser.wait("document.querySelector('.fresh')?.checkVisibility()")
    assert not browser.js("document.querySelector('.notice.skipped')")


# ---- filters
def test_a_filter_is_typed_completed_and_taken_away(page, browser):
    page(*some())
    browser.keys("/", "eventName=Get")
    browser.wait("[...document.querySelectorAll('.suggestions li')].some((e) => e.innerText.startsWith('GetObject'))")
    browser.keys("<ARROW_DOWN>", "<ENTER>")
    shows(browser, *["GetObject"] * 8)
    assert line_of(browser) == "eventName=GetObject"
    browser.keys("user!=alice", "<ENTER>")
    browser.wait("document.querySelector('.empty')?.innerText.includes('No event matches')")
    browser.click(".chip:nth-child(2) .chip-sign")
    shows(browser, *["GetObject"] * 8)
    assert line_of(browser) == "eventName=GetObject userName=alice"
    browser.click(".chip:nth-child(1) .chip-close")
    browser.wait("document.querySelectorAll('.chip').length === 1")
    browser.keys("<BACKSPACE>")
    assert browser.js("document.querySelector('.search-input').value") == "userName=alice"


def test_back_and_forth(page, browser):
    page(*some(), at="#q=user%3Dbob")
    shows(browser, "DeleteObject", *["PutObject"] * 5)
    browser.click(NAMES)
    browser.find("#details .facts")
    browser.driver.back()
    browser.wait("document.querySelector('#details').hidden")
    browser.click(".clear")
    browser.wait("!document.querySelector('.chip')")
    browser.driver.back()
    shows(browser, "DeleteObject", *["PutObject"] * 5)


def test_what_is_wrong_with_a_filter_is_said_at_the_box(page, browser):
    page(*some())
    browser.keys("/", "foo=1", "<ENTER>")
    browser.wait("document.querySelector('#fault').innerText.includes(\"Found 'foo'\")")
    assert browser.js("document.querySelector('.chip.wrong') !== null")
    browser.click(".chip-close")
    browser.wait("document.querySelector('#fault').hidden")


def test_a_click_on_a_value_wants_it_a_second_excludes_it_a_third_lets_it_be(page, browser):
    page(*some())
    value = "#facets .value[data-value=GetObject]"
    browser.click(value)
    shows(browser, *["GetObject"] * 8)
    browser.wait("document.querySelector(arguments[0]).classList.contains('is')", value)
    browser.click(value)
    browser.wait("document.querySelector(arguments[0])?.classList.contains('not')", value)
    assert line_of(browser) == "eventName!=GetObject"
    browser.click(value)
    browser.wait("!document.querySelector('.chip')")


def test_two_values_of_a_field_are_one_or_the_other(page, browser):
    page(*some())
    browser.click("#facets .value[data-value=UpdateService]")
    browser.wait("document.querySelector('#facets .value.is')")
    browser.click("#facets .value[data-value=GetItem]")
    shows(browser, "GetItem", *["UpdateService"] * 3)
    assert line_of(browser) == "eventName=UpdateService,GetItem"


@pytest.mark.parametrize(
    "words",
    [
        ["eventName=Put*,Delete*", "user!=a b"],
        ['text=say "hi"', "it's"],
        ["a'b\"c d", "x=\\*\\,\\\\", "\u202e\u00e9 \U0001f600"],
        ["tab\there", "new\nline"],
    ],
)
def test_lines_are_split_and_joined_as_the_server_does(words, page, browser):
    page(event("A"))
    script = f"import('/-/static/{mark_of(browser)}/words.js').then((m) => [m.joined(a), m.split(b)])"
    line, found = browser.js(f"((a, b) => {script})(...arguments)", words, joined(words))
    assert (split(line), found) == (words, words)


# ---- the time
def test_a_part_of_the_timeline_is_chosen_with_the_mouse(page, browser):
    page(*some())
    browser.find(".chart path")
    browser.drag(".plot", 0.75, 0.99)
    browser.wait("location.hash.includes('since=') && location.hash.includes('until=')")
    browser.wait("document.querySelector('#events h2').innerText !== '18 events'")
    assert {"GetItem", "DeleteObject"} <= set(names(browser))
    assert "GetObject" not in names(browser)
    browser.click(".zoom-out")
    browser.wait("document.querySelector('#events h2').innerText !== '5 events'")
    browser.driver.back()
    browser.driver.back()
    browser.wait("document.querySelector('#events h2').innerText === '18 events'")


def test_a_part_of_the_timeline_is_chosen_with_keys(page, browser):
    page(*some())
    browser.find(".chart path")
    browser.keys("t", "<END>", "<Shift><ARROW_LEFT>", "<Shift><ARROW_LEFT>")
    said = browser.js("document.querySelector('.plot').ariaValueText")
    assert re.search(r"\d events?, \d errors?; chosen ", said)
    browser.keys("<ENTER>")
    browser.wait("location.hash.includes('since=')")
    browser.wait("document.querySelector('#events h2').innerText !== '18 events'")
    assert names(browser)[0] == "GetItem"


def test_quick_ranges(page, browser):
    page(*some(), event("Old", 3 * 86_400))
    browser.click(".range:nth-child(1)")
    browser.wait("document.querySelector('#events h2').innerText === '10 events'")
    assert "since=1h" in browser.driver.current_url
    browser.click(".range:nth-child(3)")
    browser.wait("document.querySelector('#events h2').innerText === '19 events'")


# ---- one event
def test_an_event_is_shown_with_links_from_its_values(page, browser):
    page(*some(), at="#q=errorCode%3Ddenied")
    browser.click(NAMES)
    browser.find("#details .facts")
    assert "No statement of the caller's own policies allows it" in browser.text("#details .denial")
    links = browser.js("[...document.querySelectorAll('.json a')].map((e) => [e.innerText, e.getAttribute('href')])")
    asked = {text.strip('"'): parse_qs(href[1:]).get("q", [""])[0] for text, href in links}
    assert asked["DeleteObject"] == "eventName=DeleteObject"
    assert asked["bob"] == "userName=bob"
    assert asked["203.0.113.7"] == "sourceIPAddress=203.0.113.7"
    assert asked["Boto3/1.43.5"] == "text=Boto3/1.43.5"
    browser.js("[...document.querySelectorAll('.json a')].find((e) => e.innerText === '\"bob\"').click()")
    shows(browser, "DeleteObject", *["PutObject"] * 5)


def test_the_record_is_copied_as_it_is_written(page, browser):
    record = event("A", requestParameters={"big": 9007199254740993, "deep": [[], {}, [1, {"a": None}]]})
    page(record)
    browser.driver.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    browser.click(NAMES)
    browser.find("#details .json")
    browser.keys("y")
    browser.wait("document.querySelector('#toast').innerText === 'Copied the record.'")
    copied = browser.js("navigator.clipboard.readText()")
    assert json.loads(copied) == record
    assert copied.splitlines()[1].startswith('  "')
    assert browser.text("#details .json").replace("\n", "").replace(" ", "") == copied.replace("\n", "").replace(
        " ", ""
    )
    browser.click("#details button[title='Copy the event ID']")
    browser.wait("document.querySelector('#toast').innerText === 'Copied the event ID.'")
    assert browser.js("navigator.clipboard.readText()") == record["eventID"]


def test_what_a_caller_did(page, browser):
    page(*some())
    browser.js("document.querySelectorAll('tr.row td[data-field=eventName]')[2].click()")
    browser.find("#details .facts")
    browser.js("[...document.querySelectorAll('#details button')].find((e) => e.innerText.includes('role do')).click()")
    browser.find(".tile")
    assert browser.text("#caller h2") == "deploy"
    assert browser.texts(".tile .number")[:3] == ["3", "0", "0"]
    assert browser.texts(".service")[0].split("\n") == ["ecs 3 calls", "UpdateService", "3"]
    assert "caller=role%3Ddeploy" in browser.driver.current_url
    browser.click(".bars a")
    shows(browser, *["UpdateService"] * 3)
    browser.driver.back()
    browser.find(".tile")
    browser.keys("<ESCAPE>", "<ESCAPE>")
    browser.find(ROWS)


# ---- many events
def test_a_long_table_is_scrolled_with_few_rows_in_the_document(page, browser, place):
    page(*(event(f"Get{number:05}", 6000 - number) for number in range(2500)))
    assert names(browser)[0] == "Get02499"
    most = 0
    for _ in range(60):
        browser.js("document.querySelector('#main').scrollTop += 3000")
        time.sleep(0.03)
        most = max(most, browser.js("document.querySelectorAll('tr.row').length"))
        if names(browser)[-1:] == ["Get00000"]:
            break
    browser.wait(f"[...document.querySelectorAll('{NAMES}')].at(-1).innerText === 'Get00000'")
    assert most < 120
    assert browser.js("document.querySelector('#grid').ariaRowCount") == "2501"
    browser.js("document.querySelector('#main').scrollTop = 0")
    browser.wait(f"document.querySelector('{NAMES}')?.innerText === 'Get02499'")


def test_the_oldest_first(page, browser):
    page(*some())
    browser.keys("o")
    browser.wait(f"document.querySelector('{NAMES}').innerText === 'GetObject'")
    assert "order=oldest" in browser.driver.current_url


def test_columns_are_chosen(page, browser):
    page(*some())
    browser.click("[aria-label=Columns]")
    browser.js("[...document.querySelectorAll('.check')].find((e) => e.innerText === 'Region').click()")
    browser.js("[...document.querySelectorAll('.check')].find((e) => e.innerText === 'Access key').click()")
    heads = browser.texts("th")
    assert ("Region" in heads, "Access key" in heads) == (False, True)
    assert "columns=" in browser.driver.current_url


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_what_is_filtered_is_downloaded(kind, page, browser, downloads):
    page(*some(), at="#q=user%3Dbob")
    browser.click("[aria-label=Download]")
    browser.js(f"document.querySelector('.entry[href*=\"download.{kind}\"]').click()")
    path = until(lambda: next(iter(downloads.glob(f"*.{kind}")), None), what="the download")
    text = path.read_text()
    path.unlink()
    assert len(json.loads(text)["Records"] if kind == "json" else text.splitlines()[1:]) == 6


# ---- what is new
def test_new_events_are_counted_and_shown_when_wanted_or_at_once(page, browser, place):
    page(*some())
    deliver(place.bucket, [event("NewOne", 5), event("NewTwo", 4)])
    browser.wait("document.querySelector('.fresh').innerText === '2 new events'")
    assert names(browser)[0] == "GetItem"
    browser.keys("n")
    browser.wait(f"document.querySelector('{NAMES}').innerText === 'NewTwo'")
    browser.keys("l")
    deliver(place.bucket, [event("NewThree", 1)])
    browser.wait(f"document.querySelector('{NAMES}').innerText === 'NewThree'")
    browser.idle()
    assert browser.text("#events h2") == "21 events"


def test_a_server_that_ends_and_begins_again(page, browser):
    server = page(*some())
    server.kill()
    browser.wait("document.querySelector('.notice.fault')?.innerText.includes('Is bototrail serve still running?')")
    server.start()
    browser.wait("!document.querySelector('.notice.fault')", seconds=40)
