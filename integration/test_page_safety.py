"""The page with hostile records, of which nothing happens, and behind a token."""

from __future__ import annotations

import re
import time
from urllib.parse import quote

from browser import needs_chromium
from endpoint.page_records import LONG, SCRIPT, event, hostile
from page_tab import NAMES, ROWS, mark_of, names, shows, some

from bototrail.history.filters import joined

pytestmark = needs_chromium


# ---- hostile records
TAGS = """[...new Set([...document.querySelectorAll("*")].map((e) => e.localName))].sort().filter((name) =>
  ["base", "embed", "iframe", "img", "meta", "object", "script", "style", "video"].includes(name))"""


def test_hostile_records_are_only_text(page, browser):
    records = hostile()
    server = page(*records)
    at_first = (browser.js(TAGS), browser.js("document.scripts.length"))
    assert at_first == (["meta", "script"], 2)
    assert len(names(browser)) == len(records)
    browser.wait("document.querySelectorAll('.facet-toggle[aria-expanded=false]').length > 0")
    browser.js("document.querySelectorAll('.facet-toggle[aria-expanded=false]').forEach((e) => e.click())")
    for record in records:
        seconds = int(time.mktime(time.strptime(record["eventTime"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone)
        browser.js("(location.hash = '#open=' + encodeURIComponent(arguments[0]))", f"{seconds}.{record['eventID']}")
        browser.wait("document.querySelector('#details .json') && !document.querySelector('#details').ariaBusy")
        browser.js("document.querySelectorAll('.json .more').forEach((e) => e.click())")
        links = browser.js("[...document.querySelectorAll('#details a')].map((e) => e.getAttribute('href'))")
        assert [link for link in links if not link.startswith("#")] == []
        browser.js("(document.querySelector('#details .buttons button')?.click(), 0)")
        browser.wait("!document.querySelector('.caller[aria-busy]')")
    for value in (SCRIPT, LONG):
        browser.driver.get(f"{server.url}/#q={quote(joined([f'text={value[:900]}']))}")
        browser.find(".chip")
    browser.js(
        "document.querySelectorAll('.plot, .row').forEach((e) => e.dispatchEvent("
        "new PointerEvent('pointermove', { bubbles: true, clientX: 700, pointerType: 'mouse' })))"
    )
    assert (browser.js(TAGS), browser.js("document.scripts.length"), browser.js("window.hacked ?? null")) == (
        *at_first,
        None,
    )
    assert browser.js("({}).polluted ?? null") is None
    assert browser.js("document.querySelectorAll('[onclick], [onerror], [onload]').length") == 0


def test_what_cannot_be_seen_is_spelt_out(page, browser):
    page(*hostile(), at="#q=eventName%3DHeadObject")
    shows(browser, "HeadObject")
    assert browser.texts(f"{ROWS} td[data-field=userName]") == ["innocent⟨U+202E⟩gpj.exe"]
    browser.click(NAMES)
    browser.find("#details .json")
    assert "⟨U+202E⟩" in browser.text("#details .json")
    assert "before\\u0000after" in browser.text("#details .json")


def test_a_json_that_is_nested_very_deeply_or_has_numbers_that_javascript_has_not(page, browser):
    page(event("A"))
    text = '{"deep":' + '{"a":' * 2000 + "123456789012345678901234567890.10" + "}" * 2001
    shown = "[m.pretty(text), m.view(text, () => null).textContent.length]"
    script = f"import('/-/static/{mark_of(browser)}/json.js').then((m) => {shown})"
    pretty, length = browser.js(f"((text) => {script})(...arguments)", text)
    assert "123456789012345678901234567890.10" in pretty
    assert re.sub(r"\s", "", pretty) == text
    assert length < 1_000_000


# ---- the token
TOKEN = "a-token-of-some-length"


def test_a_link_with_the_token_opens_the_page(page, browser):
    server = page(*some(), at=f"?token={TOKEN}#q=user%3Dbob", options=("--token", TOKEN))
    shows(browser, "DeleteObject", *["PutObject"] * 5)
    assert TOKEN not in browser.driver.current_url
    browser.open(f"{server.url}/", ROWS)
    (cookie,) = browser.driver.get_cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], TOKEN in cookie["value"]) == (True, "Strict", False)
    assert browser.js("document.cookie") == ""


def test_without_a_cookie_the_token_is_asked_for(page, browser):
    page(*some(), options=("--token", TOKEN), waiting="#signin[open]")
    browser.keys("wrong-token-of-some-length", "<ENTER>")
    browser.wait("document.querySelector('#signin .fault').innerText.includes('not the server')")
    browser.js("(document.querySelector('#token').value = '')")
    browser.click("#token")
    browser.keys(TOKEN, "<ENTER>")
    browser.find(ROWS)


def test_the_end_is_quick_while_a_page_is_open(page, browser):
    server = page(*some())
    time.sleep(1.5)
    began = time.monotonic()
    server.end()
    assert time.monotonic() - began < 3
