"""What `bototrail demo DIR` does: run a real program on a pretended AWS, recorded, and show what was recorded."""

from __future__ import annotations

import gzip
import os
import re
import shlex
import subprocess
import sys
import tempfile
import urllib.request
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click
import orjson

from bototrail.errors import ConfigError, MissingExtraError

PROGRAM = "bototrail.cli._demo_program"
WIDTH = 120
_PROGRAM_SECONDS = 120
_DEPLOYER = "alice"


def run_demo(directory: Path, out: Callable[[str], None]) -> int:
    """Run the demo program, recorded into `directory` by the environment alone, and print what it did.

    Args:
        directory: the bucket; made if need be. If it holds log files already, only the new ones are shown.
        out: prints one line.

    Returns:
        The exit code: 1 if the program failed or nothing was recorded.

    Raises:
        ConfigError: `directory` cannot be used.
        MissingExtraError: moto is not installed.
    """
    with pretended_aws() as aws, tempfile.TemporaryDirectory(prefix="bototrail-demo-") as state:
        _prepare(directory)
        before = set(_log_files(directory))
        out(f"$ BOTOTRAIL={shlex.quote(str(directory))} python -m {PROGRAM}")
        code, said = _run_program(program_environment(directory, Path(state), aws))
    files = sorted(set(_log_files(directory)) - before)
    records, unreadable = read_records(files)
    if code or not records:
        out(said.rstrip())
        out(f"The program failed with exit code {code}." if code else _NOTHING)
        return 1
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for line in (*table(records, colour), "", *summary(records, directory, files), *unreadable):
        out(line)
    return 0


_NOTHING = (
    "The program ran, but nothing was recorded. Is bototrail installed here (`pip install bototrail`), not just found?"
)


def _prepare(directory: Path) -> None:
    todo = "name another directory"
    if directory.exists() and not directory.is_dir():
        raise ConfigError("a directory for the log files", f"the file {directory}", todo)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        found = f"{directory}, which cannot be written ({error.strerror or error})"
        raise ConfigError("a directory for the log files", found, todo) from None


# --- running it


@contextmanager
def pretended_aws() -> Iterator[dict[str, str]]:
    """A moto server inside this process, and the environment variables that send a program there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from moto.server import ThreadedMotoServer
        except ImportError:
            raise MissingExtraError("bototrail demo", "demo") from None
    import logging

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request otherwise
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        yield {"AWS_ENDPOINT_URL": endpoint, **_key_of_a_user(endpoint)}
    finally:
        server.stop()


def _key_of_a_user(endpoint: str) -> dict[str, str]:
    """Make a user for the program to be, by plain HTTP: a boto3 call of ours might be recorded itself."""

    def post(path: str, body: str = "") -> str:
        # moto checks no signature; it reads from it which service is meant.
        scope = {"Authorization": "AWS4-HMAC-SHA256 Credential=demo/20200101/us-east-1/iam/aws4_request"}
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(urllib.request.Request(endpoint + path, body.encode(), scope), timeout=30) as answer:
            return str(answer.read().decode())

    post("/moto-api/reset")  # what an earlier server of this process has left
    user = f"UserName={_DEPLOYER}&Version=2010-05-08"
    post("/", f"Action=CreateUser&{user}")
    answer = post("/", f"Action=CreateAccessKey&{user}")
    found = dict(re.findall(r"<(AccessKeyId|SecretAccessKey)>([^<]+)<", answer))
    return {"AWS_ACCESS_KEY_ID": found["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": found["SecretAccessKey"]}


def program_environment(directory: Path, state: Path, aws: Mapping[str, str]) -> dict[str, str]:
    """The environment of the recorded program: ours, without what could lead it to a real account or a real trail."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(("AWS_", "BOTO")) and not name.upper().endswith("_PROXY")
    }
    return {
        **kept,
        **aws,
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
        "BOTOTRAIL": str(directory.absolute()),
        "BOTOTRAIL_STATE": str(state),
        "BOTOTRAIL_EXIT_SECONDS": "60",  # the state directory does not outlive the demo
    }


def _run_program(environment: Mapping[str, str]) -> tuple[int, str]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", PROGRAM],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_PROGRAM_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        said = error.stdout.decode(errors="replace") if isinstance(error.stdout, bytes) else error.stdout or ""
        return 124, f"{said}\nNot done after {_PROGRAM_SECONDS} seconds."
    return done.returncode, done.stdout


# --- reading it


def _log_files(directory: Path) -> list[Path]:
    return sorted(directory.glob("AWSLogs/**/*.json.gz"))


def read_records(files: Sequence[Path]) -> tuple[list[dict[str, Any]], list[str]]:
    """The records of log files in the order of eventTime, and a sentence for each file that cannot be read."""
    records: list[dict[str, Any]] = []
    troubles = []
    for path in files:
        try:
            content = orjson.loads(gzip.decompress(path.read_bytes()))
        except (OSError, EOFError, ValueError, zlib.error) as error:
            troubles.append(f"{path} cannot be read: {error}")
            continue
        found = content.get("Records") if isinstance(content, dict) else None
        records.extend(record for record in found or () if isinstance(record, dict))
    return sorted(records, key=lambda record: str(record.get("eventTime"))), troubles


# --- showing it


class Row(NamedTuple):
    """A line of the table, before it is laid out."""

    time: str
    account: str
    region: str
    source: str
    name: str
    argument: str
    error: str


# What a call was about, best first; calls that have none of these are told by their first short text.
_ARGUMENTS = (
    *("key", "functionName", "tableName", "roleName", "userName", "secretId", "aliasName", "name", "keyId"),
    *("groupName", "groupId", "topicArn", "queueName", "queueUrl", "stateMachineArn", "rule", "logGroupName"),
    *("roleArn", "policyArn", "namespace", "id", "bucketName"),
)


def _row(record: Mapping[str, Any]) -> Row:
    values = (
        str(record.get("eventTime", ""))[11:19],
        record.get("recipientAccountId"),
        record.get("awsRegion"),
        str(record.get("eventSource", "")).removesuffix(".amazonaws.com"),
        record.get("eventName"),
        argument(record),
        record.get("errorCode"),
    )
    return Row(*map(_plain, values))


def _plain(value: Any) -> str:
    """What a program passed as an argument must not move the reader's cursor."""
    return "".join(c if c.isprintable() else "?" for c in str(value or ""))


def argument(record: Mapping[str, Any]) -> str:
    """The resource that a call was about, or its main argument; short."""
    given = record.get("requestParameters")
    given = given if isinstance(given, dict) else {}
    texts = {key: value for key, value in given.items() if isinstance(value, str) and value}
    if "bucketName" in texts and "key" in texts:
        return f"{texts['bucketName']}/{texts['key']}"
    for key in _ARGUMENTS:
        if key in texts:
            return _short(texts[key])
    resources = record.get("resources")
    for resource in resources if isinstance(resources, list) else ():
        if isinstance(resource, dict) and isinstance(resource.get("ARN"), str):
            return _short(resource["ARN"])
    return next((_short(value) for key, value in texts.items() if len(value) < 80 and key != "Host"), "")


def _short(value: str) -> str:
    if value.startswith("arn:"):
        return value.split(":", 5)[-1]
    return value.rstrip("/").rpartition("/")[2] if "://" in value else value


def table(records: Sequence[Mapping[str, Any]], colour: bool = False, width: int = WIDTH) -> Iterator[str]:
    """The records as lines of at most `width` columns; an account that all have in common stands above them."""
    rows = [_row(record) for record in records]
    accounts = {row.account for row in rows}
    hidden = "account" if len(accounts) == 1 else ""
    if hidden:
        yield f"account {accounts.pop()}, times in UTC"
    columns = [name for name in Row._fields[:5] if name != hidden]
    titles = Row("time", "account", "region", "service", "event", "about", "error")
    widths = {name: max(len(getattr(row, name)) for row in (titles, *rows)) for name in columns}
    widths["name"] = min(widths["name"], 32)
    for row in (titles, *rows):
        left = "  ".join(_cut(getattr(row, name), widths[name]).ljust(widths[name]) for name in columns)
        room = width - len(left) - 2
        error = _cut(row.error, room)
        about = _cut(row.argument, room - len(error) - 2 if error else room)
        gap = " " * (room - len(about) - len(error))
        if not colour:
            yield f"{left}  {about}{gap}{error}".rstrip()
        elif row is titles:
            yield click.style(f"{left}  {about}{gap}{error}", bold=True)
        else:
            yield f"{left}  {about}{gap}{click.style(error, fg='red') if error else ''}".rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…" if width > 0 else ""


def _caller(record: Mapping[str, Any]) -> str:
    identity = record.get("userIdentity")
    identity = identity if isinstance(identity, dict) else {}
    return _plain(_short(str(identity.get("arn") or identity.get("type") or "Unknown")))


def summary(records: Sequence[Mapping[str, Any]], directory: Path, files: Sequence[Path]) -> Iterator[str]:
    """How much it was, where it is, and what to try next."""
    services = {str(record.get("eventSource")) for record in records}
    failures = sum(1 for record in records if record.get("errorCode"))
    callers = sorted({_caller(record) for record in records})
    yield f"{len(records)} calls to {len(services)} services, {failures} of them failed."
    yield f"Made by {', '.join(callers)}."
    largest = max(files, key=lambda path: path.stat().st_size)
    count = "one log file" if len(files) == 1 else f"{len(files)} log files; the largest is"
    yield f"They are in {directory / 'AWSLogs'}, as CloudTrail delivers them, in {count}"
    yield f"  {largest}"
    yield "Try next:"
    program = f"BOTOTRAIL={shlex.quote(str(directory))} python PROGRAM"
    for command, what in (
        ("gzip -dc FILE | python -m json.tool", "what a record says"),
        (program, "record a program of yours, which need not be changed"),
        ("bototrail status", "what was recorded, what waits, what went wrong"),
    ):
        yield f"  {command.ljust(max(len(program), 35))}  {what}"
