"""Listing: every kind of bucket has S3's order, and the same way with `under` and `after`."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import fsspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bototrail.errors import BucketError
from bototrail.store import Entry, open_store
from bototrail.store.folder import FolderStore

# No control characters: moto does not answer them as S3 does.
NASTY = [
    "a",
    "b",
    "a.b",
    "a-b",
    "a b",
    "a+b",
    "a%2Fb",
    "a&b",
    "é",
    "e\u0301",
    "日本",
    "😀",
    "\ufffd",
    "~x",
    "x?y",
    "x#y",
]
PARTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"), min_size=1, max_size=4),
).filter(lambda part: part not in (".", ".."))
KEYS = st.lists(st.lists(PARTS, min_size=1, max_size=3).map("/".join), max_size=8, unique=True)


def together(keys):
    """Without those that would be a file and a folder at a time."""
    return [key for key in keys if not any(other.startswith(f"{key}/") for other in keys)]


def s3_order(keys, under="", after=""):
    return sorted((k for k in keys if k.startswith(under) and k.encode() > after.encode()), key=str.encode)


def s3_folders(keys, under=""):
    rest = [key.removeprefix(under) for key in keys if key.startswith(under)]
    return sorted({under + key[: key.index("/") + 1] for key in rest if "/" in key}, key=str.encode)


def listed(store, under, after, folder):
    return [entry.key for entry in store.entries(under, after)], list(store.folders(folder))


def folder_with(keys, place):
    for key in keys:
        path = Path(place, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(key.encode())
    return open_store(place)


def memory_with(keys):
    memory = fsspec.filesystem("memory")
    memory.rm("/", recursive=True)
    memory.makedirs("/trail")
    for key in keys:
        memory.pipe_file(f"/trail/{key}", key.encode())
    return open_store("memory://trail")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=KEYS.map(together), data=st.data())
@example(keys=["a.b", "a/b", "a-b/c", "a b"], data=None)
def test_all_kinds_of_buckets_list_alike(keys, data, moto_s3, moto_url):
    some = keys + [key[:-1] for key in keys] + [key.partition("/")[0] for key in keys] + [""]
    under, after = (data.draw(st.sampled_from(some)), data.draw(st.sampled_from(some))) if data else ("a", "a-b")
    folder = under.rpartition("/")[0] + "/" if "/" in under else ""
    expected = s3_order(keys, under, after), s3_folders(keys, folder)
    moto_s3.create_bucket(Bucket="keys")
    for row in moto_s3.list_objects_v2(Bucket="keys").get("Contents", ()):
        moto_s3.delete_object(Bucket="keys", Key=row["Key"])
    for key in keys:
        moto_s3.put_object(Bucket="keys", Key=f"pre fix/{key}", Body=key.encode())
    with TemporaryDirectory() as place:
        stores = [folder_with(keys, place), memory_with(keys), open_store(f"s3://keys/pre fix?endpoint_url={moto_url}")]
        assert [listed(store, under, after, folder) for store in stores] == [expected] * 3
        for key in keys:
            assert [content(store, key) for store in stores] == [key.encode()] * 3


def content(store, key):
    with store.open(key) as opened:
        return opened.read(1000) + opened.read(1000)


def test_an_entry_tells_size_time_and_tag(tmp_path, moto_s3, moto_url):
    (tmp_path / "x").write_bytes(b"four")
    os.utime(tmp_path / "x", (5, 1_790_000_000.5))
    moto_s3.create_bucket(Bucket="keys")
    moto_s3.put_object(Bucket="keys", Key="x", Body=b"four")
    when = moto_s3.head_object(Bucket="keys", Key="x")["LastModified"].timestamp()
    memory = memory_with(["x"])
    told = fsspec.filesystem("memory").info("/trail/x")["created"].timestamp()
    tag = "8cbad96aced40b3838dd9f07f6ef5772"
    assert list(open_store(tmp_path).entries()) == [Entry("x", 4, 1_790_000_000.5)]
    assert list(memory.entries()) == [Entry("x", 1, told)]
    assert list(open_store(f"s3://keys?endpoint_url={moto_url}").entries()) == [Entry("x", 4, when, tag)]


def test_a_folder_that_is_a_link_is_listed_and_links_in_it_are_not(tmp_path):
    real, outside = tmp_path / "real", tmp_path / "outside"
    folder_with(["a/x", "y"], real)
    folder_with(["z"], outside)
    (real / "file").symlink_to(outside / "z")
    (real / "folder").symlink_to(outside)
    (real / "inside").symlink_to(real / "a")
    (tmp_path / "link").symlink_to(real)
    store = open_store(tmp_path / "link")
    assert listed(store, "", "", "") == (["a/x", "y"], ["a/"])
    assert listed(store, "folder/", "", "folder/") == ([], [])
    assert listed(store, "inside/", "", "inside/") == ([], [])


def test_what_could_be_no_object_is_not_listed(tmp_path):
    store = folder_with(["x"], tmp_path)
    os.mkfifo(tmp_path / "pipe")
    Path(os.fsdecode(bytes(tmp_path) + b"/\xff\xfe")).touch()
    place = tmp_path / "deep"
    for _ in range(12):
        place /= "d" * 99
    place.mkdir(parents=True)
    (place / "file").touch()
    assert [entry.key for entry in store.entries()] == ["x"]


def test_a_folder_of_any_depth_is_listed(tmp_path):
    key = "/".join("d" * 500) + "/x"
    assert [entry.key for entry in folder_with([key], tmp_path).entries()] == [key]


@pytest.mark.parametrize("under", ["../", "./a/", "/", "a//", "a/../", "nowhere/"])
def test_nothing_is_listed_outside(under, tmp_path):
    folder_with(["a/x"], tmp_path / "bucket")
    store = folder_with([], tmp_path / "bucket")
    assert listed(store, under, "", under) == ([], [])
    assert listed(memory_with(["a/x"]), under, "", under) == ([], [])


@pytest.mark.skipif(os.geteuid() == 0, reason="this user may read everywhere")
def test_a_folder_that_cannot_be_read_is_said(tmp_path):
    store = folder_with(["a/x"], tmp_path)
    (tmp_path / "a").chmod(0)
    with pytest.raises(BucketError, match="a: Permission denied"):
        list(store.entries())


def test_a_file_that_goes_meanwhile_is_passed_over(tmp_path, monkeypatch):
    store = folder_with(["x", "y"], tmp_path)
    entries = store.entries()
    assert next(entries).key == "x"
    (tmp_path / "y").unlink()
    assert [entry.key for entry in store.entries()] == ["x"]


def test_only_folders_that_matter_are_looked_into(tmp_path, monkeypatch):
    folder_with(["2026/20/x", "2026/21/x", "2026/22/x", "2027/01/x"], tmp_path)
    seen: list[str] = []
    scan = os.scandir

    def spy(path):
        seen.append(os.path.relpath(path, tmp_path))
        return scan(path)

    monkeypatch.setattr("os.scandir", spy)
    found = [entry.key for entry in FolderStore(tmp_path).entries("2026", after="2026/21/x")]
    assert (found, seen) == (["2026/22/x"], [".", "2026", "2026/21", "2026/22"])
