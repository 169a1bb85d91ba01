"""`bototrail serve`: what it says at the start, what it serves, how it ends, and clear words for what is wrong."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner
from history.delivered import numbers, put, record
from integrity.made import CHAIN, bucket_folder, public_key

from bototrail.cli import main
from bototrail.clock import event_time, now

TOKEN = "a-token-of-some-length"
TRAILS = """
[buckets]
my-trail-bucket = "./recorded"

[[trailList]]
Name = "audit"
S3BucketName = "my-trail-bucket"
HomeRegion = "eu-central-1"
"""


@pytest.fixture
def start(tmp_path):
    """Starts the command; gives the process, its address and the lines that it printed first."""
    running = []

    def make(*arguments, lines=4, **environ):
        command = [sys.executable, "-c", "from bototrail.cli import main; main()", "serve", "--port", "0", *arguments]
        environment = {**os.environ, **environ}
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=-1, stderr=-1, text=True)
        running.append(process)
        said = [process.stdout.readline().rstrip("\n") for _ in range(lines)]
        return process, said[0].partition(" at ")[2].partition(";")[0], said

    yield make
    for process in running:
        process.kill()
        process.communicate()


def client(url, service="cloudtrail", key="any"):
    options = {"aws_access_key_id": key, "aws_secret_access_key": "any", "region_name": "eu-central-1"}
    return boto3.client(service, endpoint_url=url, **options)


def refused(*arguments):
    done = CliRunner().invoke(main, ["serve", *map(str, arguments)], catch_exceptions=False)
    return done.exit_code, done.stderr


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_says_what_to_do_and_ends_when_told(end, start, tmp_path):
    bucket_folder(tmp_path / "b", 2)
    process, url, said = start("--bucket", "b", lines=6)
    arn = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit"
    assert said == [
        f"CloudTrail and S3 (read only) at {url}; signatures of requests are not checked",
        f"export AWS_ENDPOINT_URL_CLOUDTRAIL={url} AWS_ENDPOINT_URL_S3={url}",
        "export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any  # unless there are some",
        f"aws cloudtrail validate-logs --region eu-central-1 --trail-arn {arn} --start-time 2026-09-21T00:00:00Z",
        "aws cloudtrail lookup-events --region us-east-1 --max-items 10  # events of all regions, in any",
        f"the page: {url}/",
    ]
    assert client(url).get_trail(Name="audit")["Trail"]["TrailARN"] == arn
    process.send_signal(end)
    assert (process.wait(20), process.stderr.read()) == (0, "")


def looked_up(url, expected):
    """What is found, as soon as it is what is expected: the machine may be busy."""
    end = time.monotonic() + 20
    while True:
        found = numbers(event["EventId"] for event in client(url).lookup_events()["Events"])
        if found == expected or time.monotonic() > end:
            return found


def test_events_are_looked_up_as_options_say(start, tmp_path):
    old = record(0, eventTime=event_time(now() - 3 * 86_400))
    put(tmp_path / "b", "1", [old, record(1), record(2, eventCategory="Data")])
    for expected, *options in ([2, 1, 0],), ([1], "--days", "2", "--management-only"):
        _, url, _ = start("--bucket", "b", *options, BOTOTRAIL_CACHE=f"cache{len(options)}")
        assert looked_up(url, expected) == expected


def test_events_of_all_trails_are_found_also_of_those_whose_bucket_comes_later(start, tmp_path):
    (tmp_path / "trails.toml").write_text(TRAILS)
    _, url, _ = start("--trails", "trails.toml")
    assert looked_up(url, []) == []
    put(tmp_path / "recorded", "1", [record(0)])
    assert looked_up(url, [0]) == [0]


def test_it_ends_at_once_while_it_reads_a_large_bucket(start, tmp_path):
    for number in range(12):
        records = [record(n, userAgent=os.urandom(2000).hex()) for n in range(number * 400, number * 400 + 400)]
        put(tmp_path / "b", str(number), records)
    process, url, _ = start("--bucket", "b")
    client(url).lookup_events()
    assert running(str(tmp_path))
    begin = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert (process.wait(20), process.stderr.read()) == (0, "")
    assert time.monotonic() - begin < 10
    assert not running(str(tmp_path))


class Empty(BaseHTTPRequestHandler):
    """A bucket with nothing in it, that stops answering when it is told to."""

    silent = threading.Event()
    asked = threading.Event()
    end = threading.Event()

    def do_GET(self):
        if self.silent.is_set():
            self.asked.set()
            self.end.wait(60)
            return
        body = b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def test_it_ends_without_noise_while_a_bucket_does_not_answer(start):
    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        threading.Thread(target=server.serve_forever).start()
        process, url, _ = start("--bucket", f"s3://silent?endpoint_url=http://127.0.0.1:{server.server_port}", lines=6)
        assert looked_up(url, []) == []
        Empty.silent.set()
        assert Empty.asked.wait(20)
        process.send_signal(signal.SIGTERM)
        assert (process.wait(20), process.stderr.read()) == (0, "")
        Empty.end.set()
        server.shutdown()


def running(words):
    """Processes, apart from this one, that were started with these words in their arguments or environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            said = (path / "cmdline").read_bytes() + (path / "environ").read_bytes()
            if words.encode() in said and int(path.name) != os.getpid():
                found.append(path.name)
    return found


def test_an_organization_needs_a_third_address_and_accounts(start, tmp_path):
    bucket_folder(tmp_path / "b", 1, chain=CHAIN._replace(organization="o-exampleorgid"))
    _, url, said = start("--bucket", "b", lines=5)
    assert said[3] == f"export AWS_ENDPOINT_URL_ORGANIZATIONS={url}"
    assert " --account-id 111122223333 " in said[4]


def test_the_key_folder_is_read_for_each_request(start, tmp_path):
    bucket_folder(tmp_path / "b", 1)
    _, url, _ = start("--bucket", "b", "--state", "state")
    list_keys = client(url).list_public_keys
    assert list_keys()["PublicKeyList"] == []
    (tmp_path / "key.der").write_bytes(public_key().value)
    CliRunner().invoke(main, ["keys", "import", "--state", str(tmp_path / "state"), str(tmp_path / "key.der")])
    assert [key["Value"] for key in list_keys()["PublicKeyList"]] == [public_key().value]


def test_public_keys_that_are_given(start, tmp_path):
    bucket_folder(tmp_path / "b", 1)
    (tmp_path / "key.der").write_bytes(public_key().value)
    _, url, _ = start("--bucket", "b", "--public-keys", "key.der")
    assert [key["Fingerprint"] for key in client(url).list_public_keys()["PublicKeyList"]] == [public_key().fingerprint]


def test_trails_come_from_the_environment_and_the_bucket_from_them(start, tmp_path):
    bucket_folder(tmp_path / "recorded", 1)
    (tmp_path / "trails.toml").write_text(TRAILS)
    _, url, _ = start(BOTOTRAIL_TRAILS="trails.toml", BOTOTRAIL="nowhere")
    assert client(url).get_trail(Name="audit")["Trail"]["LogFileValidationEnabled"] is False  # as the file says
    assert client(url, "s3").list_objects(Bucket="my-trail-bucket")["Contents"]


def test_a_copy_of_a_bucket_stands_for_that_of_the_trails(start, tmp_path):
    bucket_folder(tmp_path / "copy", 1)
    (tmp_path / "trails.toml").write_text(TRAILS)
    _, url, _ = start("--bucket", "copy", "--trails", "trails.toml")
    assert client(url, "s3").list_objects(Bucket="my-trail-bucket")["Contents"]


def test_a_trails_file_that_is_not_there_yet_is_made_by_its_first_trail(start, tmp_path):
    _, url, said = start("--trails", "new.toml", lines=5)
    assert said[3:] == ["no digest files yet", f"no trails file {tmp_path / 'new.toml'} yet: CreateTrail makes it"]
    assert client(url).create_trail(Name="audit", S3BucketName="logs")["Name"] == "audit"
    assert (tmp_path / "new.toml").read_text().startswith('[[trailList]]\nName = "audit"\n')


def test_a_read_only_server_changes_no_trails_file(start, tmp_path):
    (tmp_path / "trails.toml").write_text(TRAILS)
    _, url, _ = start("--trails", "trails.toml", "--read-only")
    trails = client(url)
    with pytest.raises(trails.exceptions.OperationNotPermittedException):
        trails.stop_logging(Name="audit")
    assert (tmp_path / "trails.toml").read_text() == TRAILS


def test_the_token_is_not_printed(start, tmp_path):
    bucket_folder(tmp_path / "b", 1)
    _, url, said = start("--bucket", "b", BOTOTRAIL_TOKEN=TOKEN)
    assert said[2].startswith('export AWS_ACCESS_KEY_ID="$BOTOTRAIL_TOKEN" ')
    assert TOKEN not in "".join(said)
    assert client(url, key=TOKEN).describe_trails()["trailList"]


def test_wrong_use_is_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = refused("--bucket", tmp_path, "--port", port)
        assert (code, f"127.0.0.1:{port}; found Address already in use" in said) == (2, True)
    for arguments, words in (
        (["--bucket", tmp_path / "none"], "found nothing there"),
        ([], "neither --bucket, --trails nor $BOTOTRAIL"),
        (["--trails", tmp_path / "none.toml", "--read-only"], "name a TOML or JSON file with trails"),
        (["--trails", tmp_path / "none" / "trails.toml"], "make it, or name another file"),
        (["--bucket", tmp_path, "--host", "0.0.0.0"], "set BOTOTRAIL_TOKEN"),
        (["--bucket", tmp_path, "--token", "short"], "a token of 16 to 128"),
        (["--bucket", tmp_path, "--port", "65536"], "65535"),
        (["--bucket", tmp_path, "--public-keys", tmp_path / "none.json"], "none.json"),
    ):
        code, said = refused(*arguments)
        assert (code, words in " ".join(said.split())) == (2, True), said


@pytest.mark.parametrize("package", ["starlette", "uvicorn"])
def test_without_its_packages_it_says_which_extra_brings_them(package, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.startswith(("bototrail.endpoint", package))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)  # as if it were not installed
    code, said = refused("--bucket", tmp_path)
    assert (code, "pip install 'bototrail[history]'" in said) == (2, True)
