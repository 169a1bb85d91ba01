"""What tampering AWS's CLI finds, and what we do: the table in docs/integrity.md.

    python integration/tamper_table.py --write

Each tampering is done to four hours of two log files in a folder, which `bototrail serve` serves to the real CLI. The
CLI runs in one process for all of them, because it takes longer to start than to validate.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from integrity.made import CHAIN, HOUR, NOON, bucket_folder, public_key
from integrity.tampering import TAMPERINGS, Tampering
from support import Place
from validating import Said, Serve, said

from bototrail.clock import event_time
from bototrail.integrity.public_keys import PublicKeys
from bototrail.integrity.validate import among, validate
from bototrail.integrity.verdicts import INVALID
from bototrail.store import open_store

PAGE = Path(__file__).parent.parent / "docs" / "integrity.md"
BEGIN, END = "<!-- what validation finds -->\n", "<!-- end of it -->\n"
_START, _NOW = NOON - HOUR, NOON + 4.9 * HOUR
_CLI = """
import contextlib, io, json, os, sys
from awscli.clidriver import create_clidriver
for line in sys.stdin:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = create_clidriver().main(json.loads(line))
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""


UNTOUCHED = Tampering("nothing at all", lambda *_: None, [])
FORGED = Tampering(
    "all signed by a key that nobody knows",
    lambda folder, _: bucket_folder(folder, key=1),
    [("digest 0", "public key not found")],
)


class Row(NamedTuple):
    """A tampering, and what comes of it.

    Attributes:
        tampering: what is done.
        theirs: what the AWS CLI says.
        ours: what we say.
    """

    tampering: str
    theirs: Said
    ours: Said

    @property
    def cells(self) -> tuple[str, ...]:
        """It as it stands in the table."""
        return self.tampering, _words(self.theirs), _words(self.ours)


def _words(told: Said) -> str:
    reasons = []
    for line in told.faults:
        if "\t" in line:
            kind, _, reason = line.split("\t", 2)
            reasons.append(f"{kind.lower()}: {reason.removeprefix(f'{INVALID}: ')}")
        elif line.startswith("No log files"):
            reasons.append(f"({line.partition(' between ')[0]} ...)")
        else:
            reasons.append(f"dies of {line}")
    words = "; ".join(dict.fromkeys(re.sub(r"\b[0-9a-f]{32}\b", "...", reason) for reason in reasons))
    words = re.sub(r"2026-09-21T(..:..):00Z", r"\1", words)
    return words if told.code else f"**{words or 'nothing'}**"


class Cli:
    """The AWS CLI, in a process of its own.

    Args:
        place: whose environment it has.
        url: where CloudTrail and S3 are.
    """

    def __init__(self, place: Place, url: str) -> None:
        environ = {"AWS_ENDPOINT_URL_CLOUDTRAIL": url, "AWS_ENDPOINT_URL_S3": url}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CLI],
            env=place.environ | environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def validate(self) -> Said:
        """Run `aws cloudtrail validate-logs`."""
        words = ["cloudtrail", "validate-logs", "--verbose", "--region", CHAIN.region, "--trail-arn", CHAIN.arn]
        words += ["--start-time", event_time(_START), "--end-time", event_time(_NOW)]
        words += ["--s3-bucket", "my-trail-bucket"]
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        code, stdout, stderr = json.loads(self._process.stdout.readline())
        return said(subprocess.CompletedProcess(words, code, stdout, stderr))

    def close(self) -> None:
        """End it."""
        self._process.communicate()


def ours(folder: Path) -> Said:
    """What we say, near the end of the second hour after the last: its digest file may still come."""
    keys = among({public_key().fingerprint: public_key()})
    found = [each for each in validate(open_store(folder), keys, now=_NOW) if each.status == INVALID]
    return Said(int(bool(found)), {}, sorted(each.line for each in found))


def rows(folder: Path) -> Iterator[Row]:
    """All of the table; `folder` is empty."""
    place, bucket, keys = Place(folder, "http://127.0.0.1:9"), folder / "my-trail-bucket", folder / "keys.json"
    keys.write_text(json.dumps(PublicKeys([public_key()]).as_json()))
    bucket.mkdir()
    server = Serve(place, bucket, "--public-keys", keys)
    server.start()
    cli = Cli(place, server.url)
    try:
        for each in [UNTOUCHED, *TAMPERINGS, FORGED]:
            shutil.rmtree(bucket)
            bucket.mkdir()
            each.do(bucket, bucket_folder(bucket))
            yield Row(each.name, cli.validate(), ours(bucket))
    finally:
        cli.close()
        server.kill()


def table(found: list[Row]) -> str:
    """In Markdown; what the AWS CLI passes is in bold type."""
    lines = ["| what is done | `aws cloudtrail validate-logs` | `bototrail validate` |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row.cells)} |" for row in found)]) + "\n"


def main() -> None:
    """Print the table, or write it into its page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write it into docs/integrity.md")
    write = parser.parse_args().write
    with tempfile.TemporaryDirectory() as folder:
        text = table(list(rows(Path(folder))))
    if write:
        before, _, rest = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(before + BEGIN + text + END + rest.partition(END)[2])
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
