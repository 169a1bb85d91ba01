"""The page in a tab: a bucket with some records, served and opened, and what is seen of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import Browser, chromium
from endpoint.page_records import ACCOUNT, deliver, denied, event
from support import Place
from validating import Bucket, Serve

ROWS = "tr.row:not(.waiting)"
NAMES = f"{ROWS} td[data-field=eventName]"


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the browser puts files."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def tab(downloads: Path) -> Iterator[Browser]:
    """A browser for all tests of a worker."""
    with chromium(downloads) as browser:
        yield browser


@pytest.fixture
def browser(tab: Browser) -> Iterator[Browser]:
    """The browser as a new user has it; in the end, nothing must have happened that may not."""
    tab.driver.get("about:blank")
    tab.driver.delete_all_cookies()
    tab.size(1440, 900)
    tab.prefer(color_scheme="light", reduced_motion="reduce")
    tab.driver.get_log("browser")
    tab.requests()
    yield tab
    assert tab.faults() == []
    hosts = {urlsplit(url).hostname for url in tab.requests() if urlsplit(url).scheme not in ("data", "about")}
    assert hosts <= {"127.0.0.1"}, "no request leaves the machine"


@pytest.fixture
def page(serve: Callable[..., Serve], place: Place, browser: Browser) -> Callable[..., Serve]:
    """Serves a bucket with some records, and opens its page."""

    def start(*records: dict[str, Any], at: str = "", options: tuple[str, ...] = (), waiting: str = ROWS) -> Serve:
        if records:
            deliver(place.bucket, records)
        server = serve(Bucket(str(place.bucket)), *options)
        browser.open(f"{server.url}/{at}", waiting)
        browser.idle()
        return server

    return start


def some() -> list[dict[str, Any]]:
    """Two hours of two people and a role, with two failures."""
    role = {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/ci",
        "accessKeyId": "ASIAROLE",
        "sessionContext": {
            "sessionIssuer": {"arn": f"arn:aws:iam::{ACCOUNT}:role/deploy", "userName": "deploy", "type": "Role"}
        },
    }
    return [
        *(event("GetObject", 7000 - number, requestParameters={"key": f"k{number}"}) for number in range(8)),
        *(event("PutObject", 3000 - number, user="bob") for number in range(5)),
        *(event("UpdateService", 1500 - number, source="ecs", userIdentity=role) for number in range(3)),
        denied("DeleteObject", 600, user="bob"),
        event("GetItem", 300, source="dynamodb", errorCode="ThrottlingException", errorMessage="Rate exceeded"),
    ]


def line_of(browser: Browser) -> str:
    """The filter, as the address says it."""
    return parse_qs(urlsplit(browser.driver.current_url).fragment).get("q", [""])[0]


def names(browser: Browser) -> list[str]:
    """The events that the table shows."""
    return browser.texts(NAMES)


def shows(browser: Browser, *wanted: str) -> None:
    """Wait until the table shows these events, and no others."""
    browser.wait(
        f"JSON.stringify([...document.querySelectorAll('{NAMES}')].map((e) => e.innerText)) === arguments[0]",
        json.dumps(list(wanted), separators=(",", ":")),
    )


def mark_of(browser: Browser) -> str:
    """What tells the page's files from those of another release."""
    return str(browser.js("document.querySelector('script[type=module]').src.split('/').at(-2)"))
