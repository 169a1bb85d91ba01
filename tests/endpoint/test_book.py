"""The trails file under changes: by several at a time, by others meanwhile, and files that cannot be changed."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import threading
import time
from contextlib import contextmanager

import pytest
from border import delivered
from moto import mock_aws

import bototrail
from bototrail.deliver.totals import read_trails
from bototrail.endpoint import book as book_module
from bototrail.endpoint.book import Book
from bototrail.endpoint.digests import Digests
from bototrail.endpoint.library import NO_ACCOUNT
from bototrail.errors import BucketError, ConfigError, ServiceError
from bototrail.trails.file import load_trails

FILE = """\
[buckets]
audit = "./audit"

[[trailList]]
Name = "first"
S3BucketName = "audit"
HomeRegion = "eu-central-1"
"""


@pytest.fixture
def path(tmp_path):
    (tmp_path / "trails.toml").write_text(FILE)
    return tmp_path / "trails.toml"


def stop(editing):
    editing.put(editing.told[0], "IsLogging", False)


def names(path):
    return [trail.Name for trail in load_trails(path).trails]


def test_changes_at_once_all_count(serve_file, path):
    served = serve_file()
    regions = ["eu-central-1", "eu-west-1", "eu-west-2", "us-east-1"]

    def create(number):
        client = served.client("cloudtrail", region=regions[number % 4])
        client.create_trail(Name=f"trail-{number:02}", S3BucketName="audit")

    threads = [threading.Thread(target=create, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names(path)) == ["first", *(f"trail-{number:02}" for number in range(16))]


def test_what_somebody_else_saves_meanwhile_stays(path):
    tries = []

    def edit(editing):
        tries.append(len(editing.told))
        if len(tries) == 1:
            path.write_text(FILE.replace('"first"', '"first"  # mine') + 'S3KeyPrefix = "p"\n')
        stop(editing)

    Book(path).change(edit)
    expected = FILE.replace('"first"', '"first"  # mine') + 'S3KeyPrefix = "p"\nIsLogging = false\n'
    assert (path.read_text(), tries) == (expected, [1, 1])
    assert os.listdir(path.parent) == ["trails.toml"]


def test_somebody_who_saves_without_end_is_told(path):
    def edit(editing):
        path.write_text(path.read_text() + "#\n")
        stop(editing)

    with pytest.raises(ServiceError, match=r"ConflictException: .* Try again"):
        Book(path).change(edit)
    assert "IsLogging" not in path.read_text()
    assert os.listdir(path.parent) == ["trails.toml"]


@contextmanager
def locked(folder):
    fd = os.open(folder, os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    yield
    os.close(fd)


def test_a_change_does_not_wait_for_ever(path, monkeypatch):
    monkeypatch.setattr(book_module, "WAIT_SECONDS", 0.1)
    with locked(path.parent), pytest.raises(ServiceError, match="ConflictException"):
        Book(path).change(stop)
    Book(path).change(stop)
    assert not load_trails(path).trails[0].IsLogging


SPELLINGS = [
    (FILE.encode(), b"IsLogging = false\n"),
    (FILE.replace("\n", "\r\n").encode(), b"IsLogging = false\r\n"),
    (b"\xef\xbb\xbf" + FILE.encode(), b"IsLogging = false\n"),
    (FILE.rstrip().encode(), b"\nIsLogging = false\n"),
]


@pytest.mark.parametrize(("before", "line"), SPELLINGS, ids=range(len(SPELLINGS)))
def test_the_spelling_of_a_file_stays(before, line, path):
    path.write_bytes(before)
    Book(path).change(stop)
    assert path.read_bytes() == before + line


def test_a_change_that_changes_nothing_touches_nothing(path):
    before = path.stat()
    Book(path).change(lambda editing: None)
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize("broken", [b"[[trailList]]\n", b"{", b"\xff", b"x" * 10_000_001])
def test_a_broken_file_is_not_changed_and_trails_stay_as_they_were(broken, serve_file, path, caplog):
    client = serve_file().client("cloudtrail")
    assert client.list_trails()["Trails"]
    path.write_bytes(broken)
    with pytest.raises(client.exceptions.ConflictException, match="has faults: correct it first"):
        client.stop_logging(Name="first")
    assert path.read_bytes() == broken
    assert [trail["Name"] for trail in client.list_trails()["Trails"]] == ["first"]
    assert caplog.text.count("goes on with the trails that it has") == 1
    path.write_text(FILE.replace("first", "mended"))
    assert [trail["Name"] for trail in client.list_trails()["Trails"]] == ["mended"]


def test_a_file_that_has_gone_is_not_made_anew(serve_file, path):
    client = serve_file().client("cloudtrail")
    path.unlink()
    with pytest.raises(client.exceptions.ConflictException, match="no trails file"):
        client.create_trail(Name="second", S3BucketName="audit")
    assert not path.exists()


def test_what_cannot_be_written_is_told(serve_file, path, monkeypatch):
    client = serve_file().client("cloudtrail")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(book_module.os, "fsync", refuse)
    with pytest.raises(client.exceptions.OperationNotPermittedException, match="cannot be written: Permission denied"):
        client.stop_logging(Name="first")
    assert (path.read_text(), os.listdir(path.parent)) == (FILE, ["trails.toml"])


@pytest.mark.skipif(os.geteuid() == 0, reason="this user may write everywhere")
def test_a_file_without_the_right_to_write_is_not_replaced(serve_file, path):
    path.chmod(0o444)
    client = serve_file().client("cloudtrail")
    with pytest.raises(client.exceptions.OperationNotPermittedException, match="cannot be written: Permission denied"):
        client.stop_logging(Name="first")
    assert path.read_text() == FILE


def test_a_single_trail_takes_no_second_one(serve_file, path):
    path.write_text('Name = "first"\nS3BucketName = "audit"\nHomeRegion = "eu-central-1"\n')
    client = serve_file().client("cloudtrail")
    with pytest.raises(
        client.exceptions.UnsupportedOperationException, match=r"change it by hand; .*\[\[trailList\]\]"
    ):
        client.create_trail(Name="second", S3BucketName="audit")
    client.stop_logging(Name="first")
    assert path.read_text().endswith('"eu-central-1"\nIsLogging = false\n')


def test_a_folder_that_is_not_there_holds_no_new_file(tmp_path):
    with pytest.raises(ConfigError, match="make it, or name another file"):
        Book(tmp_path / "none" / "trails.toml", new=True)
    with pytest.raises(ConfigError, match="name a TOML or JSON file"):
        Book(tmp_path / "none.toml")


def test_a_json_file_is_made_by_its_name(serve_file, tmp_path):
    client = serve_file("new.json").client("cloudtrail")
    client.create_trail(Name="first", S3BucketName="audit")
    assert (
        (tmp_path / "new.json").read_text().startswith('{\n    "trailList": [\n        {\n            "Name": "first"')
    )
    client.delete_trail(Name="first")
    assert load_trails(tmp_path / "new.json").trails == ()


# ---- what records by the file
@pytest.fixture
def aws():
    with mock_aws():
        yield


SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=any/20261121/eu-central-1/cloudtrail/aws4_request"}


def test_a_program_that_records_hears_of_every_change(serve_file, path, client, aws):
    served, audit = serve_file(), path.parent / "audit"
    bototrail.start(trails=path, flush_seconds=3600)
    iam = client("iam")

    def changed(operation, **arguments):
        """Without a client of botocore, whose calls would be recorded, too."""
        answer = served.call(operation, json.dumps(arguments).encode(), **SIGNED)
        assert answer.status == 200, answer.body
        bototrail.flush()  # takes the change in

    def prefixes(call):
        getattr(iam, call)()
        bototrail.flush()
        return sorted({file.relative_to(audit).parts[0] for file in audit.rglob("*.json.gz")})

    changed("UpdateTrail", Name="first", IsMultiRegionTrail=True, S3KeyPrefix="one")
    assert prefixes("list_users") == ["one"]
    changed("StopLogging", Name="first")
    changed("CreateTrail", Name="second", S3BucketName="audit", S3KeyPrefix="two", IsMultiRegionTrail=True)
    assert prefixes("list_groups") == ["one"]
    changed("StartLogging", Name="second")
    assert prefixes("list_roles") == ["one", "two"]
    changed("PutEventSelectors", TrailName="second", EventSelectors=[{"ReadWriteType": "WriteOnly"}])
    prefixes("list_groups")
    changed("DeleteTrail", Name="first")
    changed("DeleteTrail", Name="second")
    iam.create_user(UserName="alice")
    prefixes("list_groups")
    assert sorted(record["eventName"] for record in delivered(audit)) == ["ListRoles", "ListUsers"]
    assert bototrail.status()["trails"] == []
    status = {row["Name"]: row["IsLogging"] for row in read_trails(path.parent / "state", [])}
    assert status == {"first": False, "second": False}


# ---- buckets that cannot be read
def test_no_change_waits_for_a_bucket(serve_file, path):
    """This one accepts connections, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = f'{{ location = "s3://slow", endpoint_url = "http://127.0.0.1:{silent.getsockname()[1]}" }}'
        path.write_text(FILE.replace("[buckets]\n", f"[buckets]\nslow = {slow}\n"))
        client = serve_file().client("cloudtrail")
        begin = time.monotonic()
        arn = client.create_trail(Name="second", S3BucketName="slow")["TrailARN"]
        client.update_trail(Name="second", S3KeyPrefix="p")
        client.put_event_selectors(TrailName="second", EventSelectors=[{"ReadWriteType": "All"}])
        client.put_insight_selectors(TrailName="second", InsightSelectors=[])
        client.start_logging(Name="second")
        client.add_tags(ResourceId=arn, TagsList=[{"Key": "a"}])
        assert client.list_tags(ResourceIdList=[arn])["ResourceTagList"][0]["TagsList"] == [{"Key": "a", "Value": ""}]
        client.remove_tags(ResourceId=arn, TagsList=[{"Key": "a"}])
        client.stop_logging(Name="second")
        client.delete_trail(Name="second")
        assert time.monotonic() - begin < 10
        silent.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody came
            silent.accept()


def test_a_bucket_that_cannot_be_read_hides_no_trail(serve_file, path, monkeypatch, caplog):
    def fail(self):
        raise BucketError(str(path), "no rights")

    monkeypatch.setattr(Digests, "spans", fail)
    (path.parent / "audit").mkdir()
    client = serve_file().client("cloudtrail")
    for _ in range(2):
        (trail,) = client.describe_trails()["trailList"]
        assert trail["TrailARN"] == f"arn:aws:cloudtrail:eu-central-1:{NO_ACCOUNT}:trail/first"
    assert caplog.text.count("trail first is told without its digest files: ") == 1
