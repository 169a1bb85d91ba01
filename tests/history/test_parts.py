"""Parts and catalogue by themselves, and buckets of other kinds."""

from __future__ import annotations

import stat

import pytest
from history.buckets import BASE, event, id_of, ids, key, packed, wanted

from bototrail.errors import BucketError
from bototrail.history.catalogue import Catalogue, File, Known, Part
from bototrail.history.event import Cursor, event_of, row_of
from bototrail.history.filters import Filter, Pattern, Term
from bototrail.history.parts import BrokenPartError, merge_parts, rows_of, write_part
from bototrail.history.updating import Updated


def made(folder, *numbers):
    return write_part(folder, [row_of(event(number)) for number in numbers])


def test_a_part_is_in_the_order_of_time_and_says_what_is_in_it(tmp_path):
    part = made(tmp_path, 3, 1, 2)
    rows = [row_of(event(number)) for number in (1, 2, 3)]
    assert rows_of(tmp_path, part) == rows
    assert part[1:] == (3, part.bytes, BASE + 1, BASE + 3)
    assert part.bytes >= sum(len(row[-1]) for row in rows)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_merged_part_has_the_events_of_all(tmp_path):
    one, two = made(tmp_path, 1, 5, 9), made(tmp_path, 4, 2)
    merged = merge_parts(tmp_path, [one, two])
    assert [row[1] for row in rows_of(tmp_path, merged)] == id_of(1, 2, 4, 5, 9)
    assert (merged.rows, merged.first, merged.last) == (5, BASE + 1, BASE + 9)


def test_a_part_that_cannot_be_read_is_named(tmp_path):
    one, two = made(tmp_path, 1), made(tmp_path, 2)
    (tmp_path / f"{two.name}.records.parquet").write_bytes(b"PAR1PAR1")
    with pytest.raises(BrokenPartError) as error:
        merge_parts(tmp_path, [one, two])
    assert error.value.part == two


def test_nothing_half_written_is_left_when_a_part_cannot_be_written(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", full)
    with pytest.raises(OSError, match="No space left on device"):
        made(tmp_path, 1)
    assert list(tmp_path.iterdir()) == []


def test_an_event_is_what_its_record_says(tmp_path):
    record = event(1, userIdentity={"type": "Root"}, readOnly=True)
    found = event_of(row_of(record)[-1])
    assert (found.parsed(), found.cursor) == (record, Cursor(BASE + 1, record["eventID"]))
    assert (found.user_name, found.read_only) == ("root", True)


@pytest.fixture
def catalogue(tmp_path):
    return Catalogue(tmp_path / "cache" / "index")


ONE, TWO, THREE = (
    Part(name, rows, 100, 10 * rows, 10 * rows + 5) for name, rows in (("one", 1), ("two", 2), ("three", 3))
)


def test_a_catalogue_knows_parts_and_their_files(catalogue):
    catalogue.add(
        [ONE, TWO], [File("a", "1", "one", 1), File("b", "1", "two", 2, cut=True), File("c", "1", problem="bad")]
    )
    assert sorted(catalogue.parts()) == sorted([ONE, TWO])
    assert catalogue.files() == {
        "a": Known("1", "one", False),
        "b": Known("1", "two", True),
        "c": Known("1", "", False),
    }
    assert (catalogue.counts(), catalogue.problems()) == ((3, 3), [("c", "bad")])


def test_a_part_is_replaced_with_its_files_in_one_step(catalogue):
    catalogue.add([ONE], [File("a", "1", "one"), File("b", "1", "one")])
    catalogue.add([TWO], [File("a", "2", "two")], "one")
    assert (catalogue.parts(), catalogue.files()) == ([TWO], {"a": Known("2", "two", False)})


def test_a_merged_part_takes_the_files_of_the_others(catalogue):
    catalogue.add([ONE, TWO], [File("a", "1", "one"), File("b", "1", "two")])
    catalogue.merge([ONE, TWO], THREE)
    assert (catalogue.parts(), {file.part for file in catalogue.files().values()}) == ([THREE], {"three"})


def test_parts_expire_and_their_files_stay_known_until_they_are_forgotten(catalogue):
    catalogue.add([ONE, TWO], [File("a", "1", "one"), File("b", "1", "two")])
    catalogue.expire(20)
    assert (catalogue.parts(), catalogue.files()) == ([TWO], {"a": Known("1", "", True), "b": Known("1", "two", False)})
    catalogue.forget_files(["a", "b"])
    assert list(catalogue.files()) == ["b"]


def test_a_step_that_fails_changes_nothing(catalogue):
    catalogue.add([ONE], [File("a", "1", "one")])
    with pytest.raises(Exception, match="not supported"):
        catalogue.add([TWO], [File("a", {}, "two")], "one")
    assert (catalogue.parts(), catalogue.files()) == ([ONE], {"a": Known("1", "one", False)})


def test_notes_are_kept_and_forgotten(catalogue):
    catalogue.write_notes(one=1, two="x")
    catalogue.write_notes(one=None, two=2.5)
    assert catalogue.notes() == {"two": "2.5"}


# ---- buckets of other kinds
def test_a_bucket_of_fsspec_is_followed(opened):
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    memory.pipe_file(f"/indexed/{key('a')}", packed([event(1)]))
    memory.pipe_file(f"/indexed/{key('b')}", packed(b"no log"))
    history = opened("memory://indexed/")
    done = history.refresh()
    assert (done.files, done.records, len(done.problems)) == (2, 1, 1)
    memory.pipe_file(f"/indexed/{key('c')}", packed([event(2)]))
    memory.pipe_file(f"/indexed/{key('b')}", packed([event(3)]))
    history.refresh()
    assert (ids(opened("memory://indexed")), history.problems()) == (id_of(1, 2, 3), [])
    memory.rm("/indexed", recursive=True)
    with pytest.raises(BucketError, match="no such bucket or folder"):
        history.refresh()
    assert ids(history) == id_of(1, 2, 3)


def test_a_folder_as_a_url_is_read(bucket, opened):
    bucket.put(key("a"), [event(1)])
    assert opened(f"file://{bucket.folder}").refresh() == Updated(1, 1)


# ---- words of filters that are no words of SQL or of patterns
@pytest.mark.parametrize("name", ["D\\user", "100%", "a_b", "it's", "x\\", "\\", "[a]", "a|b", "$1", "\\d", "\\n"])
def test_no_character_has_a_meaning_of_its_own(bucket, opened, name):
    arns = [{"ARN": f"arn:aws:s3:::{name}", "type": name}]
    bucket.put(
        key("a"), [event(1, eventName=name, resources=arns), event(2, eventName="other"), event(3, eventName="n")]
    )
    history = opened()
    history.refresh()
    quoted = name.replace("\\", "\\\\")
    queries = [
        Term("eventName", (Pattern(name),)),
        Term("eventName", (Pattern(f"{quoted}*", wild=True),)),
        Term("resourceName", (Pattern(f"arn:aws:s3:::{name}"),)),
        Term("resourceName", (Pattern(f"*:::{quoted}", wild=True),)),
        Term("text", (Pattern(f":::{name}"),)),
        Term("text", (Pattern(f":::{quoted}*", wild=True),)),
    ]
    assert [[found.event_id for found in history.events(Filter((term,)))] for term in queries] == [id_of(1)] * 6


def test_a_backslash_before_what_is_no_wildcard_is_a_backslash(bucket, opened):
    bucket.put(key("a"), [event(1, eventName="D\\user1"), event(2, eventName="Duser2")])
    history = opened()
    history.refresh()
    assert ids(history, "event=D\\user*") == id_of(1)
    assert ids(history, "event=D\\user1") == id_of(1)
    assert history.count(wanted("event=D*user*")) == 2
