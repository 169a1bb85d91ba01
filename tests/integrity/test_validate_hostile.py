"""Nothing in a bucket can make validation fail, hang, write, or take much memory."""

from __future__ import annotations

import gzip
import os
import socket
import tracemalloc
import zlib
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from integrity.made import (
    ACCOUNT,
    CHAIN,
    HOUR,
    NOON,
    Made,
    bucket_folder,
    digest,
    public_key,
    write,
)
from integrity.tampering import bomb, log_files, rechained, signed_again

from bototrail.integrity import digests, logs
from bototrail.integrity.content import FormatError, parse, unpack
from bototrail.integrity.form import LogEntry, comment_of, pack, sha256
from bototrail.integrity.places import Wanted
from bototrail.integrity.summary import Summary
from bototrail.integrity.validate import among, validate
from bototrail.store.folder import FolderStore

KEYS = {public_key().fingerprint: public_key()}
NOW = NOON + 5 * HOUR - 600


def verdicts(folder: Path, *, now: float = NOW):
    return list(validate(FolderStore(folder), among(KEYS), Wanted(), jobs=2, now=now))


def faults(folder: Path, **options) -> list[tuple[str, str]]:
    return [(v.key, v.reason) for v in verdicts(folder, **options) if v.status == "INVALID"]


@pytest.fixture
def made(tmp_path) -> list[Made]:
    return bucket_folder(tmp_path)


def test_a_bomb_is_no_log_file(made, tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "MAX_BYTES", 64 << 20)
    write(tmp_path, log_files(made[1])[0], bomb(200 << 20))
    tracemalloc.start()
    found = faults(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found, peak < 24 << 20) == ([(log_files(made[1])[0], "invalid format")], True)


def test_a_bomb_is_no_digest_file(made, tmp_path):
    write(tmp_path, made[1].key, bomb(400 << 20))
    assert (made[1].key, "invalid format") in faults(tmp_path)


def test_an_endless_gzip_header_is_read_only_so_far(made, tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "MAX_BYTES", 2 << 20)
    endless = b"\x1f\x8b\x08\x08" + bytes(6) + b"x" * (64 << 20)
    write(tmp_path, log_files(made[1])[0], endless)
    write(tmp_path, made[2].key, endless)
    found = faults(tmp_path)
    assert {(log_files(made[1])[0], "invalid format"), (made[2].key, "invalid format")} <= set(found)


def test_gzip_blocks_without_content_are_read_only_so_far(made, tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "MAX_BYTES", 2 << 20)
    empty = b"\x1f\x8b\x08\x00" + bytes(6) + b"\x00\x00\x00\xff\xff" * (1 << 20)
    write(tmp_path, log_files(made[1])[0], empty)
    assert faults(tmp_path) == [(log_files(made[1])[0], "invalid format")]


HOSTILE_CONTENTS = {
    "deep": b"[" * 200_000,
    "deep objects": b'{"a":' * 200_000,
    "many values": b'{"logFiles":[' + b"{}," * 1_000_000 + b"{}]}",
    "many names": b"{" + b",".join(b'"%d":1' % n for n in range(500_000)) + b"}",
    "surrogates": rb'{"digestS3Bucket":"\ud800"}',
    "no UTF-8": b'{"digestS3Bucket":"\xff"}',
    "a number": b"1e999999",
    "not a number": b"NaN",
    "null": b"null",
    "nothing": b"",
    "a list": b"[]",
    "a byte order mark": b"\xef\xbb\xbf{}",
}


@pytest.mark.parametrize("name", HOSTILE_CONTENTS)
def test_hostile_json_is_no_digest_file(name, made, tmp_path):
    write(tmp_path, made[1].key, pack(HOSTILE_CONTENTS[name], made[1].metadata))
    assert (made[1].key, "invalid format") in faults(tmp_path)


FIELDS = [
    {"digestStartTime": "0000-01-01T00:00:00Z"},
    {"digestStartTime": "2026-02-30T00:00:00Z"},
    {"digestStartTime": "2026-09-21T12:00:60Z"},
    {"digestStartTime": "２０２６-09-21T12:00:00Z"},  # noqa: RUF001 wide digits
    {"digestStartTime": "2026-09-21T12:00:00Z\n"},
    {"digestStartTime": 1789992000},
    {"digestStartTime": None},
    {"digestS3Bucket": None},
    {"digestS3Object": ["x"]},
    {"digestPublicKeyFingerprint": 1},
    {"digestPublicKeyFingerprint": "x" * 10_000},
    {"digestSignatureAlgorithm": "none"},
    {"previousDigestSignature": None},
    {"previousDigestHashAlgorithm": "MD5"},
    {"previousDigestS3Object": 5},
    {"logFiles": None},
    {"logFiles": {}},
    {"logFiles": [None]},
    {"logFiles": [{}]},
    {"logFiles": [{"s3Bucket": 1, "s3Object": "x", "hashValue": "x", "hashAlgorithm": "SHA-256"}]},
    {"awsAccountId": 111122223333},
]


@pytest.mark.parametrize("change", FIELDS, ids=str)
def test_fields_of_other_types_are_an_invalid_format(change, made, tmp_path):
    fields = {**orjson.loads(made[1].content), **change}
    write(tmp_path, made[1].key, signed_again(fields).body)
    assert (made[1].key, "invalid format") in faults(tmp_path)


@pytest.mark.parametrize("year", [1, 9999])
def test_digests_of_other_ages(year, tmp_path):
    made = digest([], NOON, None, change={"digestEndTime": f"{year:04d}-12-31T23:59:59Z"})
    key = CHAIN.key(f"{year:04d}-12-31T23:59:59Z")
    again = signed_again({**orjson.loads(made.content), "digestS3Object": key})
    write(tmp_path, key, again.body)
    said = "public key was not valid at that time" if year == 1 else "digestEndTime is in the future"
    assert (key, said) in faults(tmp_path)


STAMPS = ["00000921T120000Z", "20261321T120000Z", "20260230T120000Z", "20260921T126000Z", "99999999T999999Z"]


@pytest.mark.parametrize("stamp", STAMPS)
def test_a_key_whose_time_is_none_is_told(stamp, made, tmp_path):
    name = made[0].key.rpartition("/")[2].replace("20260921T120000Z", stamp)
    key = f"{CHAIN.folder}{stamp[:4]}/{stamp[4:6]}/{stamp[6:8]}/{name}"
    write(tmp_path, key, made[0].body)
    assert faults(tmp_path) == [(key, "has no name of a digest file")]


@pytest.mark.parametrize(
    "key",
    [
        "../../../../etc/passwd",
        "/etc/passwd",
        "a/../b",
        "nul\0byte",
        "line\nbreak\x1b[2J",
        "",
        "/",
        ".",
        "x" * 5000,
        "x/" * 2000,
        "AWSLogs",
        "é" * 100,
    ],
    ids=lambda key: repr(key)[:20],
)
def test_names_of_log_files_lead_nowhere(key, tmp_path):
    some = [LogEntry("my-trail-bucket", key, "0" * 64, "", "")]
    made = digest(some, NOON, None)
    write(tmp_path, made.key, made.body)
    assert faults(tmp_path, now=NOON + 60) == [(key, "not found")]


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _link(path: Path) -> None:
    path.with_name("beside").write_bytes(gzip.compress(b"{}"))
    path.symlink_to(path.with_name("beside"))


def _folder(path: Path) -> None:
    path.mkdir()


def _socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # names of sockets are short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("s")
        os.rename("s", path.name)
    finally:
        os.chdir(here)


@pytest.mark.parametrize("put", [_fifo, _link, _folder, _socket])
def test_what_is_no_ordinary_file_is_not_there(put, made, tmp_path):
    for key in (made[1].key, log_files(made[2])[0]):
        (tmp_path / key).unlink()
        put(tmp_path / key)
    found = [each for each in faults(tmp_path) if each[1] == "not found"]
    assert found == [(made[1].key, "not found"), (log_files(made[2])[0], "not found")]


def test_a_linked_folder_is_no_part_of_the_bucket(tmp_path):
    bucket_folder(tmp_path / "elsewhere")
    (tmp_path / "bucket").mkdir()
    (tmp_path / "bucket" / "AWSLogs").symlink_to(tmp_path / "elsewhere" / "AWSLogs")
    assert verdicts(tmp_path / "bucket") == []


def test_what_cannot_be_read_is_told(made, tmp_path, monkeypatch):
    from bototrail.errors import BucketError

    real = FolderStore.open

    def denied(self, key):
        if key in (made[1].key, log_files(made[2])[0]):
            raise BucketError(self.location, "Permission denied")
        return real(self, key)

    monkeypatch.setattr(FolderStore, "open", denied)
    found = [each for each in faults(tmp_path) if each[1] == "cannot be read"]
    assert found == [(made[1].key, "cannot be read"), (log_files(made[2])[0], "cannot be read")]


def test_a_digest_that_names_itself(made, tmp_path):
    """As a log file, and as the one before it: both cannot be, because its own hash stands in neither."""
    fields = orjson.loads(made[1].content)
    own = {"s3Bucket": "my-trail-bucket", "s3Object": made[1].key, "hashValue": "0" * 64, "hashAlgorithm": "SHA-256"}
    rechained(tmp_path, made, 1, {"logFiles": [*fields["logFiles"], own], "previousDigestS3Object": made[1].key})
    assert faults(tmp_path) == [
        (made[1].key, "previousDigestS3Object is not the digest file before it"),
        (made[1].key, "hash value doesn't match"),
    ]


def test_digests_that_name_each_other(made, tmp_path):
    """A walk that goes forward meets each once; AWS's own follows what they say."""
    rechained(tmp_path, made, 1, {"previousDigestS3Object": made[2].key})
    rechained(tmp_path, made, 2, {"previousDigestS3Object": made[1].key})
    assert faults(tmp_path) == [(made[1].key, "previousDigestS3Object is not the digest file before it")]


def test_many_trails_in_a_folder_do_not_fill_the_memory(tmp_path, monkeypatch):
    from bototrail.integrity import walk

    monkeypatch.setattr(walk, "MOST_SERIES", 3)
    for n in range(5):
        write(tmp_path, CHAIN._replace(trail=f"trail{n}").key("2026-09-21T12:00:00Z"), b"")
    said = [reason for _, reason in faults(tmp_path, now=NOON + 60)]
    assert said == ["invalid format"] * 3 + ["belongs to one trail too many"] * 2


def test_a_large_digest_is_taken_apart_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(digests, "KEPT_BYTES", 100)
    bucket_folder(tmp_path)
    summary = Summary()
    for verdict in verdicts(tmp_path):
        summary.add(verdict)
    assert dict(summary.counts) == {("Digest file", "valid"): 4, ("Log file", "valid"): 8}


def test_an_hour_of_forty_thousand_log_files_has_a_digest():
    key = f"AWSLogs/{ACCOUNT}/CloudTrail/eu-central-1/2026/09/21/{ACCOUNT}_CloudTrail_eu-central-1_20260921T1102Z_"
    time = "2026-09-21T11:00:00Z"
    some = [LogEntry("bucket", f"{key}{n:016d}.json.gz", f"{n:064d}", time, time) for n in range(40_000)]
    files = parse(unpack(digest(some, NOON, None).body)).files
    assert files is not None
    assert len(files) == 40_000


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.binary(max_size=200).map(gzip.compress))
def test_any_bytes_are_a_digest_file_or_a_format_error(data):
    try:
        parse(unpack(data))
    except FormatError:
        pass
    else:
        raise AssertionError("no random bytes are a digest file")


def _changed(fields, draw):
    name = draw(st.sampled_from(sorted(fields)))
    junk = st.none() | st.integers() | st.text(max_size=20) | st.lists(st.none(), max_size=2)
    return {**fields, name: draw(junk.filter(lambda value: value != fields[name]))}


@st.composite
def mutations(draw, files: list[str], contents: dict[str, bytes]) -> tuple[dict[str, bytes | None], bool]:
    """What is put into some files (None: deleted), and whether that changes what the bucket says."""
    key = draw(st.sampled_from(files))
    body = contents[key]
    kind = draw(st.sampled_from(["flip", "cut", "append", "delete", "swap", "copy", "field", "again"]))
    if kind == "flip":
        at, bit = draw(st.integers(0, len(body) - 1)), draw(st.integers(0, 7))
        return {key: body[:at] + bytes([body[at] ^ (1 << bit)]) + body[at + 1 :]}, True
    if kind == "cut":
        return {key: body[: draw(st.integers(0, len(body) - 1))]}, True
    if kind == "append":
        return {key: body + draw(st.binary(min_size=1, max_size=30))}, True
    if kind == "delete":
        return {key: None}, True
    other = draw(st.sampled_from([each for each in files if each != key]))
    if kind == "swap":
        return {key: contents[other], other: body}, True
    if kind == "copy":
        where = draw(
            st.sampled_from([other, CHAIN.key("2026-09-21T12:30:00Z"), other.replace("Z_", "Z_Planted")[-1200:]])
        )
        return {where: body}, where not in contents or contents[where] != body
    fields = orjson.loads(zlib.decompress(body, 31))
    if kind == "field":
        return {key: signed_again(_changed(fields, draw), key=1).body}, True
    return {key: gzip.compress(zlib.decompress(body, 31))}, "Digest" in key  # it loses its comment


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    folder = tmp_path_factory.mktemp("good")
    bucket_folder(folder, 3)
    return folder


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_changed_is_found(data, good):
    contents = {str(p.relative_to(good)): p.read_bytes() for p in sorted(good.rglob("*.gz"))}
    change, matters = data.draw(mutations(list(contents), contents))
    try:
        for key, body in change.items():
            (good / key).unlink(missing_ok=True)
            if body is not None:
                write(good, key, body)
        found = faults(good, now=NOON + 4 * HOUR)
        assert bool(found) == matters or _same(change, contents)
    finally:
        for key in change:
            (good / key).unlink(missing_ok=True)
        for key, body in contents.items():
            write(good, key, body)


def _same(change: dict[str, bytes | None], contents: dict[str, bytes]) -> bool:
    """Whether all files still unpack to what they held, and digest files are signed as they were."""
    for key, body in change.items():
        if body is None or key not in contents:
            return False
        try:
            same = zlib.decompress(body, 31) == zlib.decompress(contents[key], 31)
        except zlib.error:
            return False
        mine, theirs = comment_of(body), comment_of(contents[key])
        if not same or ("Digest" in key and mine.get("signature", "").lower() != theirs["signature"]):
            return False
    return True


def test_memory_stays_flat(tmp_path):
    """Eight times as many log files and hours take no more of it, give or take what is being read."""
    peaks = []
    for count in (100, 800):
        folder, previous = tmp_path / str(count), None
        content = b'{"Records":[]}'
        for n in range(count):
            keys = [f"AWSLogs/{n // 24}/{n}-{i}.gz" for i in range(5)]  # a folder is held in memory
            for key in keys:
                write(folder, key, gzip.compress(content))
            named = [LogEntry("my-trail-bucket", key, sha256(content), "", "") for key in keys]
            each = digest(named, NOON + n * HOUR, previous)
            previous = each.link
            write(folder, each.key, each.body)
        tracemalloc.start()
        for _ in validate(FolderStore(folder), among(KEYS), Wanted(), jobs=1, now=NOON + count * HOUR):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_500_000


def test_nothing_is_written(made, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    verdicts(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
