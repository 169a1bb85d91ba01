"""The page by keys alone, for those who hear it, in light and dark, narrow and wide."""

from __future__ import annotations

import pytest
from browser import needs_chromium
from endpoint.page_records import insight
from page_tab import NAMES, ROWS, shows, some

pytestmark = needs_chromium


# ---- keys
def test_all_of_it_is_done_with_keys(page, browser):
    page(*some())
    browser.keys("j", "j", "<ARROW_RIGHT>", "<ARROW_RIGHT>", "<ARROW_RIGHT>")
    assert (
        browser.js("document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).innerText")
        == "bob"
    )
    browser.keys("f")
    shows(browser, "DeleteObject", *["PutObject"] * 5)
    browser.keys("j", "<ENTER>")
    browser.find("#details .facts")
    browser.keys("j", "<ENTER>")
    browser.wait("document.querySelector('#details h2').innerText === 'PutObject'")
    browser.keys("<ESCAPE>")
    browser.wait("document.querySelector('#details').hidden")
    browser.keys("<ARROW_LEFT>", "<ARROW_LEFT>", "x")
    shows(browser, "DeleteObject")
    browser.keys("?")
    browser.find("#help[open]")
    browser.keys("<ESCAPE>")
    browser.wait("!document.querySelector('#help').open")
    browser.keys("/", "errorCode=*", "<ENTER>")
    browser.wait("document.querySelectorAll('.chip').length === 3")


def test_whoever_cannot_see_it_is_told(page, browser):
    page(*some())
    browser.find(".chart path")
    unnamed = """[...document.querySelectorAll("button, a, input, select, [role=grid], [role=slider], [role=combobox]")]
      .filter((e) => e.checkVisibility() && !(e.ariaLabel || e.innerText?.trim() || e.title || e.labels?.length))
      .map((e) => e.outerHTML)"""
    assert browser.js(unnamed) == []
    roles = "[...new Set([...document.querySelectorAll('#events [role]')].map((e) => e.role))].sort()"
    assert {"columnheader", "grid", "gridcell", "row", "rowgroup"} <= set(browser.js(roles))
    assert browser.js("document.querySelector('th.c-eventTime').ariaSort") == "descending"


CONTRAST = """(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      const [r, g, b, a = 1] = parse(colour);
      if (colour.startsWith("rgb") && a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest(".offscreen, .skip, svg, .toast")) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push([element.className, element.innerText.slice(0, 40), ratio.toFixed(2)]);
  }
  return found;
})()"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_in_light_and_dark(scheme, page, browser):
    browser.prefer(color_scheme=scheme)
    page(*some(), insight(2000), at="#q=errorCode%3D*")
    browser.click(NAMES)
    browser.find("#details .json")
    browser.wait("document.querySelectorAll('#facets .value').length > 3")
    assert browser.js(CONTRAST) == []
    browser.keys("?")
    assert browser.js(CONTRAST) == []


def test_the_choice_of_colours_is_kept(page, browser):
    server = page(*some())
    browser.click("[aria-label='Dark or light']")
    assert browser.js("document.documentElement.dataset.theme") == "dark"
    browser.open(f"{server.url}/", ROWS)
    assert browser.js("getComputedStyle(document.body).backgroundColor") == "rgb(14, 19, 26)"


@pytest.mark.parametrize("width", [360, 600, 800, 1024, 1440, 2560])
def test_nothing_is_wider_than_the_window(width, page, browser):
    browser.size(width, 740)
    page(*some())
    sizes = "[document.documentElement.scrollWidth, document.querySelector('.search').scrollWidth]"
    assert max(browser.js(sizes)) <= width
    if width < 760:
        assert browser.js("document.querySelector('#main').scrollWidth") <= width
    browser.click(NAMES)
    browser.find("#details .facts")
    assert max(browser.js(sizes)) <= width
    browser.keys("<ESCAPE>")
    if width < 860:
        browser.click(".facets-open")
        browser.click("#facets .value")
        browser.keys("<ESCAPE>")
        browser.wait("!document.querySelector('#facets').checkVisibility()")
