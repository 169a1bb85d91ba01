"""The picture of the page in docs/: the week of a company that does not exist.

python integration/page_picture.py [FILE]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from browser import chromium
from company import make
from servers import answers, free_ports
from support import script, until

WIDTH, HEIGHT = 1360, 850
AT = "#since=7d&columns=eventTime,eventName,role,errorCode"
DENIED = "/-/events?limit=1&q=role%3Dnightly-etl%20errorCode%3Ddenied"


def main(path: Path) -> None:
    """Take it."""
    with tempfile.TemporaryDirectory() as folder, chromium(Path(folder)) as browser:
        bucket = Path(folder) / "brightwater-trail"
        make(bucket)
        (port,) = free_ports(1)
        environ = {**os.environ, "BOTOTRAIL_STATE": f"{folder}/state", "BOTOTRAIL_CACHE": f"{folder}/cache"}
        # The folder is named as it is given, and its name is in the picture.
        command = [script("bototrail"), "serve", "--bucket", str(bucket), "--port", str(port)]
        with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL) as server:
            try:
                until(lambda: answers(f"http://127.0.0.1:{port}/", 200))
                browser.size(WIDTH, HEIGHT)
                browser.open(f"http://127.0.0.1:{port}/{AT}", "tr.row")
                browser.wait("!document.querySelector('.notice')")
                browser.idle()
                browser.js("(document.querySelector('#bucket').textContent = 's3://brightwater-trail')")
                place = "(({ events: [e] }) => (location.hash += `&open=${e.eventTime}.${e.eventID}`))"
                browser.js(f"fetch({DENIED!r}).then((answer) => answer.json()).then({place})")
                browser.find("#details .json")
                browser.js("(document.querySelector('#main').scrollTop = 0)")
                browser.idle()
                browser.picture(path)
            finally:
                server.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs" / "page.png")
