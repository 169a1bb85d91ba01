"""LookupEvents as real clients see it: the AWS CLI, version 1 from PyPI, and the JavaScript SDK, version 3 from npm."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from support import ACCOUNT, made_once, script, until
from validating import Bucket

HERE = Path(__file__).parent
PAGE = (HERE.parent / "docs" / "endpoint.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("\n## Event history\n")[2].partition("\n## ")[0]
RECORDED = """
import boto3
s3 = boto3.client("s3")
s3.create_bucket(Bucket="{bucket}")
for number in range(7):
    s3.put_object(Bucket="{bucket}", Key=f"a/{{number}}", Body=b"x")
try:
    s3.get_object(Bucket="{bucket}", Key="missing")
except s3.exceptions.NoSuchKey:
    pass
"""
ALL = ["CreateBucket", "GetObject", *["PutObject"] * 7]
WAITING = """
import pathlib, time, boto3
boto3.client("sts").get_caller_identity()
pathlib.Path("called").touch()
while not pathlib.Path("end").exists():
    time.sleep(0.05)
"""

pytestmark = pytest.mark.skipif(
    not all(map(find_spec, ("awscli", "duckdb", "starlette"))),
    reason="needs the AWS CLI, and what serves events, see the extras `integration` and `history`",
)


@pytest.fixture
def events(place, serve):
    """The endpoint over calls that were recorded into a folder and delivered."""
    place.record(RECORDED.format(bucket=f"photos-{place.folder.name.replace('_', '-')[:40]}"))
    return found_by(place, serve(Bucket(str(place.bucket))), 9)


def found_by(place, server, count):
    """A server, as soon as it has so many events."""
    until(lambda: len(lookup(place, server)["Events"]) >= count, what="that all events are found")
    return server


def lookup(place, server, *words, output="json"):
    """What the AWS CLI says of `lookup-events`."""
    command = [script("aws"), "cloudtrail", "lookup-events", "--region", "eu-central-1", "--output", output, *words]
    done = place.run(*command, AWS_ENDPOINT_URL_CLOUDTRAIL=server.url)
    return json.loads(done.stdout) if output == "json" else done.stdout


def by(key, value):
    return ("--lookup-attributes", f"AttributeKey={key},AttributeValue={value}")


def names(answer):
    return [event["EventName"] for event in answer["Events"]]


# ---- the AWS CLI
def test_the_cli_finds_events_by_attributes(place, events):
    records = {record["eventID"]: record for record in place.records()}
    found = lookup(place, events)["Events"]
    assert {e["EventId"]: json.loads(e["CloudTrailEvent"]) for e in found} == records
    assert [e["EventTime"] for e in found] == sorted((e["EventTime"] for e in found), reverse=True)
    assert names(lookup(place, events, *by("EventName", "PutObject"))) == ["PutObject"] * 7
    assert names(lookup(place, events, *by("ReadOnly", "true"))) == ["GetObject"]
    assert names(lookup(place, events, *by("EventName", "DeleteBucket"))) == []
    (get,) = lookup(place, events, *by("EventName", "GetObject"))["Events"]
    assert lookup(place, events, *by("EventId", get["EventId"]))["Events"] == [get]
    resources = [each["ResourceName"] for each in get["Resources"]]
    (key,) = [name for name in resources if name.endswith("/missing")]
    assert names(lookup(place, events, *by("ResourceName", key))) == ["GetObject"]
    assert ACCOUNT in get["CloudTrailEvent"]


def test_the_cli_reads_pages(place, events):
    everything = lookup(place, events)["Events"]
    for size in ([], ["--page-size", "2"]):
        first = lookup(place, events, "--max-items", "5", *size)
        assert first["Events"] == everything[:5]
        rest = lookup(place, events, "--starting-token", first["NextToken"], *size)
        assert rest["Events"] == everything[5:]
        assert "NextToken" not in rest
    assert lookup(place, events, "--page-size", "4")["Events"] == everything
    assert lookup(place, events, "--max-results", "3", "--no-paginate")["Events"] == everything[:3]


def test_the_cli_writes_tables_and_text(place, events):
    table = lookup(place, events, *by("EventName", "GetObject"), output="table")
    assert re.search(r"\|\s+EventName\s+\|\s+GetObject\s+\|", table)
    text = lookup(place, events, "--query", "Events[].EventName", output="text")
    assert sorted(text.split()) == ALL


def test_the_cli_takes_times(place, events):
    date = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))
    assert len(lookup(place, events, "--start-time", date)["Events"]) == 9
    assert lookup(place, events, "--end-time", date)["Events"] == []


REFUSED = [
    (by("Nobody", "x"), "InvalidLookupAttributesException"),
    ((*by("EventName", "a"), "AttributeKey=Username,AttributeValue=b"), "InvalidLookupAttributesException"),
    (("--max-results", "51", "--no-paginate"), "InvalidMaxResultsException"),
    (("--start-time", "2026-09-02", "--end-time", "2026-09-01"), "InvalidTimeRangeException"),
    (("--event-category", "data"), "InvalidEventCategoryException"),
    (("--next-token", "x", "--no-paginate"), "InvalidNextTokenException"),
]


@pytest.mark.parametrize(("words", "name"), REFUSED)
def test_the_cli_shows_refusals(words, name, place, serve):
    place.bucket.mkdir()
    command = [script("aws"), "cloudtrail", "lookup-events", "--region", "eu-central-1", *words]
    done = place.run(*command, code=None, AWS_ENDPOINT_URL_CLOUDTRAIL=serve(Bucket(str(place.bucket))).url)
    assert done.returncode != 0
    assert f"({name})" in done.stderr


def test_a_call_that_is_not_delivered_yet_is_found(place, serve):
    place.bucket.mkdir()
    server = serve(Bucket(str(place.bucket)))
    assert lookup(place, server)["Events"] == []
    environ = {"BOTOTRAIL": place.bucket, "BOTOTRAIL_FLUSH_SECONDS": "3600"}
    process = place.start(sys.executable, place.program(WAITING), **environ)
    until((place.folder / "called").exists, what="the call")
    before = lookup(place, server, *by("EventName", "GetCallerIdentity"))["Events"]
    assert (len(before), list(place.bucket.rglob("*.json.gz"))) == (1, [])
    (place.folder / "end").touch()
    process.wait(60)
    assert list(place.bucket.rglob("*.json.gz"))
    after = lookup(place, server, *by("EventName", "GetCallerIdentity"))["Events"]
    assert [event["EventId"] for event in after] == [event["EventId"] for event in before]


def test_a_bucket_in_s3(place, serve, buckets):
    bucket = buckets("moto")
    place.record(RECORDED.format(bucket=f"{bucket.name}-photos"), BOTOTRAIL=bucket.location)
    server = found_by(place, serve(bucket), 9)
    assert sorted(names(lookup(place, server))) == ALL
    place.record(WAITING.partition("pathlib.Path(")[0], BOTOTRAIL=bucket.location)
    until(lambda: "GetCallerIdentity" in names(lookup(place, server)), what="that a new log file is found")


def test_the_page(place, events):
    """Its commands and programs find the calls."""
    (commands,) = re.findall(r"^```sh\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL)
    said = place.run("bash", "-euc", commands, AWS_ENDPOINT_URL_CLOUDTRAIL=events.url).stdout
    assert said.count('"EventName": "PutObject"') >= 7
    (program,) = re.findall(r"^```py\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL)
    program = program.replace("http://127.0.0.1:8390", events.url).replace('"alice"', '"writer"')
    program = program.replace('"Username"', '"AccessKeyId"')
    said = place.run(sys.executable, place.program(program)).stdout
    assert sorted(line.split()[-1] for line in said.splitlines()) == ALL


# ---- the JavaScript SDK
@pytest.fixture(scope="session")
def javascript(tmp_path_factory):
    """A folder in which programs find the SDK; npm keeps what it has fetched for the next run."""
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("npm and node are not installed")

    def make(folder):
        folder.mkdir()
        for name in ("package.json", "calls.mjs"):
            shutil.copy(HERE / name, folder)
        command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--prefer-offline", "--silent"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=250)
        assert done.returncode == 0, done.stdout + done.stderr

    return made_once(tmp_path_factory, "javascript", make)


def call(place, javascript, server, *calls):
    done = place.run("node", javascript / "calls.mjs", server.url, json.dumps(calls))
    return [json.loads(line) for line in done.stdout.splitlines()]


def wanted(key, value):
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


def test_the_javascript_sdk_finds_events(place, events, javascript):
    everything, put, pages, none, trails = call(
        place,
        javascript,
        events,
        ["LookupEvents", {}],
        ["LookupEvents", wanted("EventName", "PutObject")],
        ["LookupEvents", {}, 4],
        ["LookupEvents", {"StartTime": "2099-01-01T00:00:00Z"}],
        ["DescribeTrails", {}],
    )
    found = everything["answer"]["Events"]
    records = {record["eventID"]: record for record in place.records()}
    assert {e["EventId"]: json.loads(e["CloudTrailEvent"]) for e in found} == records
    assert everything["is_date"]
    assert names(put["answer"]) == ["PutObject"] * 7
    assert [len(page) for page in pages["pages"]] == [4, 4, 1]
    assert [event for page in pages["pages"] for event in page] == found
    assert none["answer"] == {"Events": []}
    assert trails["answer"] == {"trailList": []}


ERRORS = [
    (["LookupEvents", {"MaxResults": 51}], "InvalidMaxResultsException"),
    (["LookupEvents", {"MaxResults": 0}], "InvalidMaxResultsException"),
    (["LookupEvents", {"NextToken": "x"}], "InvalidNextTokenException"),
    (["LookupEvents", {"EventCategory": "data"}], "InvalidEventCategoryException"),
    (["LookupEvents", wanted("Nobody", "x")], "InvalidLookupAttributesException"),
    (["LookupEvents", {}, 51], "InvalidMaxResultsException"),
    (["GetTrail", {"Name": "nobody"}], "TrailNotFoundException"),
]


def test_the_javascript_sdk_has_typed_errors(place, serve, javascript):
    place.bucket.mkdir()
    said = call(place, javascript, serve(Bucket(str(place.bucket))), *[each for each, _ in ERRORS])
    assert [(each["error"], each["known"]) for each in said] == [(name, True) for _, name in ERRORS]


def test_the_program_of_the_page(place, events, javascript):
    (program,) = re.findall(r"^```js\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL)
    path = javascript / f"{os.getpid()}.mjs"
    path.write_text(program.replace("http://127.0.0.1:8390", events.url))
    said = place.run("node", path).stdout
    assert sorted(line.split()[-1] for line in said.splitlines()) == ALL


def test_versions_are_pinned():
    pinned = json.loads((HERE / "package.json").read_text())["dependencies"].values()
    assert [version for version in pinned if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    assert not list(HERE.glob("*lock*"))
