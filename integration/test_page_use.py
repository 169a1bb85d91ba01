"""What happens to somebody who uses the page while it is slow, while events come in, and where it is narrow."""

from __future__ import annotations

import time

import pytest
from browser import needs_chromium
from endpoint.page_records import deliver, denied, event
from page_tab import NAMES, ROWS, mark_of, names, shows, some

pytestmark = needs_chromium
TITLE = "document.querySelector('#events h2').innerText"
FAULT = "document.querySelector('#fault').innerText"

# The network between browser and server, of which some answers are held back until they are let go.
HOLD = """((part) => {
  const plain = window.fetch;
  const held = [];
  window.letGo = () => {
    window.fetch = plain;
    held.forEach((go) => go());
  };
  window.fetch = async (url, options) => {
    const answer = await plain(url, options);
    if (decodeURIComponent(url).includes(part)) await new Promise((go) => held.push(go));
    return answer;
  };
})(arguments[0])"""


# ---- slow answers
def test_an_answer_that_comes_late_takes_no_place_of_a_newer_one(page, browser):
    page(*some())
    browser.js("document.querySelectorAll('.facet-toggle')[3].click()")
    browser.wait("document.querySelectorAll('.facet')[3].innerText.includes('deploy')")
    browser.js("document.querySelectorAll('.facet-toggle')[3].click()")
    browser.js(HOLD, "fields=role&")
    browser.js("document.querySelectorAll('.facet-toggle')[3].click()")
    browser.click("#facets .value[data-value=PutObject]")
    browser.wait("document.querySelectorAll('.facet')[3].innerText.includes('None')")
    browser.js("window.letGo()")
    browser.js("new Promise((done) => setTimeout(done, 200))")
    assert browser.texts(".facet:nth-of-type(4)") == ["Role\nNone"]


def test_a_late_answer_does_not_take_away_what_is_said_of_a_newer_filter(page, browser):
    page(*some())
    browser.js(HOLD, "/-/count?q=eventName=PutObject")
    browser.click("#facets .value[data-value=PutObject]")
    shows(browser, *["PutObject"] * 5)
    browser.keys("/", "foo=1", "<ENTER>")
    browser.wait(f"{FAULT}.includes('foo')")
    browser.js("window.letGo()")
    browser.js("new Promise((done) => setTimeout(done, 200))")
    assert "foo" in browser.text("#fault")


def test_what_is_on_its_way_is_seen_to_be_and_what_is_not_of_the_filter_too(page, browser):
    page(*some())
    browser.js(HOLD, "/-/events?q=eventName=PutObject")
    browser.click("#facets .value[data-value=PutObject]")
    browser.wait("getComputedStyle(document.querySelector('#grid')).opacity < 0.9")
    browser.js("window.letGo()")
    browser.wait("getComputedStyle(document.querySelector('#grid')).opacity === '1'")
    browser.keys("/", "foo=1", "<ENTER>")
    browser.wait("getComputedStyle(document.querySelector('#grid')).opacity < 0.9")
    browser.idle()
    assert browser.js("document.querySelectorAll('[aria-busy=true]').length") == 0
    browser.click(".chip:last-child .chip-close")
    browser.wait("getComputedStyle(document.querySelector('#grid')).opacity === '1'")


def test_what_was_closed_is_said_again_when_it_happens_again(page, browser, place):
    server = page(*some())
    server.kill()
    browser.click(".notice.fault > button")
    browser.wait("!document.querySelector('.notice.fault')")
    deliver(place.bucket, [event("Since", 1)])
    server.start()
    browser.wait(f"document.querySelector('{NAMES}').innerText === 'Since'", seconds=60)
    server.kill()
    browser.wait("document.querySelector('.notice.fault')")


def test_many_tabs_do_not_take_each_other_the_connections_of_a_browser(page, browser):
    server = page(*some())
    first = browser.driver.current_window_handle
    for _ in range(7):
        began = time.monotonic()
        browser.driver.switch_to.new_window("tab")
        browser.driver.get(f"{server.url}/")
        browser.find(ROWS)
        took = time.monotonic() - began
        time.sleep(1.5)  # by then it waits for news
    for handle in browser.driver.window_handles:
        if handle != first:
            browser.driver.switch_to.window(handle)
            browser.driver.close()
    browser.driver.switch_to.window(first)
    assert took < 5


# ---- while events come in
def test_choosing_a_part_of_the_timeline_is_not_disturbed_by_new_events(page, browser, place):
    page(*some())
    browser.find(".chart path")
    browser.keys("l")
    browser.idle()
    browser.keys("t", "<END>", "<Shift><ARROW_LEFT>", "<Shift><ARROW_LEFT>")
    chosen = browser.js("document.querySelector('.plot').ariaValueText")
    deliver(place.bucket, [event("NewOne", 1)])
    browser.wait(f"document.querySelector('{NAMES}').innerText === 'NewOne'")
    browser.idle()
    assert browser.js("document.querySelectorAll('.brush').length") == 1
    browser.keys("<Shift><ARROW_LEFT>")
    said = browser.js("document.querySelector('.plot').ariaValueText")
    assert "chosen" in chosen
    assert said.split()[-1] == chosen.split()[-1]
    browser.keys("<ESCAPE>")
    browser.wait("document.querySelector('.legend').innerText.includes('s3\\n14')")


def test_events_that_come_late_are_counted_as_new_though_they_are_older(page, browser, place):
    page(*some())
    deliver(place.bucket, [event("Late", 5000, awsRegion="us-east-1")])
    browser.wait("document.querySelector('.fresh').innerText === '1 new event'")
    browser.keys("n")
    browser.wait(f"[...document.querySelectorAll('{NAMES}')].some((e) => e.innerText === 'Late')")


def test_what_is_new_comes_at_the_end_where_the_oldest_is_first(page, browser, place):
    page(*some(), at="#order=oldest")
    deliver(place.bucket, [event("NewOne", 1)])
    browser.wait(f"[...document.querySelectorAll('{NAMES}')].at(-1).innerText === 'NewOne'")
    browser.wait(f"{TITLE} === '19 events'")
    assert len(names(browser)) == 19


# ---- one event
def test_the_events_above_and_below_are_those_of_the_one_that_is_shown(page, browser):
    page(*some())
    browser.js(f"document.querySelectorAll('{NAMES}')[1].click()")
    browser.wait("document.querySelector('#details h2')?.innerText === 'DeleteObject'")
    address = browser.driver.current_url
    browser.open(address, "#details .facts")
    browser.find(ROWS)
    browser.idle()
    browser.click("[aria-label='The event below']")
    browser.wait("document.querySelector('#details h2').innerText === 'UpdateService'")


def test_a_part_of_a_cell_is_selected_and_nothing_else(page, browser):
    page(*some())
    browser.drag(f"{ROWS} td[data-field=sourceIPAddress]", 0.3, 0.9)
    selected = browser.js("String(getSelection())")
    assert selected
    assert "203.0.113.7".endswith(selected)
    assert "open=" not in browser.driver.current_url


def test_a_text_of_a_megabyte_is_shown_by_and_by_and_no_character_is_cut_in_two(page, browser):
    text = "\U0001f600\u202e" * 250_000
    page(event("A", requestParameters={"key": f".{text}"}))
    browser.click(NAMES)
    browser.find("#details .json")
    rest = "[...document.querySelectorAll('.json .more')]"
    before = browser.js(f"{rest}.at(0).innerText")
    browser.js(f"{rest}.at(0).click()")
    assert browser.js(f"{rest}.at(0).innerText") != before
    assert browser.js("document.querySelectorAll('*').length") < 20_000
    assert "U+D83D" not in browser.text("#details .json")
    said = browser.js("document.querySelector('#details .json').textContent.match(/\u27e8U\\+202E\u27e9/g).length")
    assert 7_000 < said < 8_000


# ---- the filter
def test_a_chip_that_is_negated_stays_where_one_is_and_nothing_covers_the_events(page, browser):
    page(*some(), at="#q=user%3Dbob+errorCode%3Ddenied")
    shows(browser, "DeleteObject")
    browser.click(".chip:nth-child(2) .chip-sign")
    shows(browser, *["PutObject"] * 5)
    assert browser.js("document.activeElement.innerText") == "is not"
    browser.click(".chip:nth-child(2) .chip-close")
    shows(browser, "DeleteObject", *["PutObject"] * 5)
    browser.js("new Promise((done) => setTimeout(done, 400))")
    assert browser.js("[document.activeElement.className, document.querySelector('.suggestions').hidden]") == [
        "search-input",
        True,
    ]


# ---- how it looks
def test_the_table_fits_a_window_of_1280_pixels_as_it_is_at_first(page, browser):
    browser.size(1280, 800)
    page(*some(), denied("DeleteObject", 30))
    sizes = "((main) => [main.scrollWidth - main.clientWidth, main.scrollLeft])(document.querySelector('#main'))"
    assert browser.js(sizes) == [0, 0]
    cut = "[...document.querySelectorAll('th')].filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.innerText)"
    assert browser.js(cut) == []


@pytest.mark.parametrize("name", ["Columns", "Copy", "Download"])
def test_menus_are_seen_whole(name, page, browser):
    browser.size(1280, 600)
    page(*some())
    browser.click(f"[aria-label={name}]")
    hidden = """[...document.querySelectorAll('.menu:has([aria-label=X]) .popover > *')].filter((e) => {
      e.scrollIntoView({ block: 'nearest' });
      const { left, top, width, height } = e.getBoundingClientRect();
      return !e.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    }).map((e) => e.innerText)""".replace("X", name)
    assert browser.js(hidden) == []


def test_a_long_error_leaves_room_for_the_name_where_it_is_narrow(page, browser):
    browser.size(360, 740)
    page(event("GetObject", errorCode="A" * 300, errorMessage=""))
    width = f"document.querySelector('{NAMES}').getBoundingClientRect().width"
    assert browser.js(width) > 100


def test_days_begin_at_midnight_on_both_sides_of_a_change_of_clocks(page, browser):
    page(event("A"))
    browser.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Europe/Berlin"})
    try:
        marks = """import(arguments[0]).then((m) => {
          m.setUtc(false);
          const { step, marks } = m.ticks(...[Date.UTC(2026, 9, 23), Date.UTC(2026, 9, 28)].map((t) => t / 1000), 10);
          return marks.map((mark) => m.tick(mark, step));
        }).finally(() => localStorage.clear())"""
        found = browser.js(marks, f"/-/static/{mark_of(browser)}/times.js")
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})
    assert found == ["12:00", "24 Oct", "12:00", "25 Oct", "12:00", "26 Oct", "12:00", "27 Oct", "12:00", "28 Oct"]
