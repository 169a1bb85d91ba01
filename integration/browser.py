"""Chromium without a window, and what it did: which requests it made, and what our page's policy stopped."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

needs_chromium = pytest.mark.skipif(
    not (CHROMIUM and DRIVER and find_spec("selenium") and find_spec("starlette")),
    reason="needs Chromium and ChromeDriver (Debian: chromium-driver), and the extras `integration` and `history`",
)

# A browser of its own asks for updates and the like; none of it belongs to what is tested.
_OPTIONS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
    *("--force-color-profile=srgb", "--lang=en-US"),
)

# Before any script of a page: what must never happen is noted.
_WATCH = """
window.faults = [];
for (const name of ["alert", "confirm", "prompt", "open", "print"]) window[name] = () => window.faults.push(name);
addEventListener("securitypolicyviolation", (e) => window.faults.push(`${e.violatedDirective} ${e.blockedURI}`));
addEventListener("error", (e) => window.faults.push(`error ${e.message}`));
addEventListener("unhandledrejection", (e) => window.faults.push(`rejected ${e.reason}`));
"""


class Browser:
    """A tab."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    # ---- where
    def open(self, url: str, waiting: str = "#events h2") -> None:
        """Load a page, and wait until something is in it."""
        self.driver.get("about:blank")
        self.driver.get(url)
        self.find(waiting)

    def size(self, width: int, height: int = 900, scale: float = 1) -> None:
        """The size of the window, in CSS pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def prefer(self, **features: str) -> None:
        """What the user prefers: `color_scheme`, `reduced_motion`."""
        named = [{"name": f"prefers-{name.replace('_', '-')}", "value": value} for name, value in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": named})

    # ---- what is there
    def js(self, script: str, *arguments: Any) -> Any:
        """What an expression comes to."""
        return self.driver.execute_script(f"return ({script})", *arguments)

    def wait(self, expression: str, *arguments: Any, seconds: float = 20) -> Any:
        """Wait until an expression is true, and return what it came to."""
        end = time.monotonic() + seconds
        while not (value := self.js(expression, *arguments)):
            assert time.monotonic() < end, f"{expression} is not so; the page says:\n{self.text('body')[:2000]}"
            time.sleep(0.03)
        return value

    def idle(self) -> None:
        """Wait until all of our page has been loaded."""
        self.wait("document.querySelector('#main') && !document.querySelector('#main').ariaBusy")

    def find(self, selector: str) -> Any:
        """An element that is seen, as soon as it is."""
        self.wait("[...document.querySelectorAll(arguments[0])].some((e) => e.checkVisibility())", selector)
        return self.js("[...document.querySelectorAll(arguments[0])].find((e) => e.checkVisibility())", selector)

    def text(self, selector: str) -> str:
        """The text of an element, as it is seen."""
        return str(self.js("document.querySelector(arguments[0])?.innerText ?? ''", selector))

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements that are seen."""
        seen = "[...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility()).map((e) => e.innerText)"
        return list(self.js(seen, selector))

    # ---- what is done
    def click(self, selector: str) -> None:
        """Click on an element."""
        self.find(selector).click()

    def keys(self, *texts: str) -> None:
        """Press keys, wherever one is; names of keys as `selenium.webdriver.Keys` has them, in pointed brackets."""
        from selenium.webdriver import ActionChains, Keys

        actions = ActionChains(self.driver)
        for text in texts:
            held = text.startswith("<Shift>")
            bare = text.removeprefix("<Shift>")
            key = getattr(Keys, bare[1:-1]) if bare.startswith("<") else bare
            actions = actions.key_down(Keys.SHIFT) if held else actions
            actions = actions.send_keys(key)
            actions = actions.key_up(Keys.SHIFT) if held else actions
        actions.perform()

    def drag(self, selector: str, start: float, end: float) -> None:
        """Drag over an element, from one part of its width to another."""
        from selenium.webdriver import ActionChains

        element = self.find(selector)
        width = element.size["width"]
        actions = ActionChains(self.driver, duration=50)
        actions.move_to_element_with_offset(element, int((start - 0.5) * width), 0).click_and_hold()
        actions.move_by_offset(int((end - start) * width / 2), 0).move_by_offset(int((end - start) * width / 2), 0)
        actions.release().perform()

    def picture(self, path: Path) -> None:
        """A picture of what is seen."""
        self.driver.save_screenshot(str(path))

    # ---- what it did
    def faults(self) -> list[str]:
        """What must never happen."""
        log = self.driver.get_log("browser")  # in which `network` are answers of the server that refuse something
        said = [entry["message"] for entry in log if entry["level"] == "SEVERE" and entry["source"] != "network"]
        return [*self.js("window.faults ?? ['the watch is not there']"), *said]

    def requests(self) -> list[str]:
        """The addresses of all requests since this was asked last."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                parameters = message["params"]
                found.append(parameters.get("url") or parameters["request"]["url"])
        return found


@contextmanager
def chromium(downloads: Path) -> Iterator[Browser]:
    """A browser; what it downloads is in a folder."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for option in _OPTIONS:
        options.add_argument(option)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    try:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _WATCH})
        yield Browser(driver)
    finally:
        driver.quit()


def settled(read: Callable[[], Any]) -> Any:
    """What something comes to when it does not change any more."""
    before, value = None, read()
    while value != before:
        time.sleep(0.15)
        before, value = value, read()
    return value
