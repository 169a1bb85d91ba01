"""The spool: what was appended is there, whole and once, whoever reads it."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bototrail.record.identity import Identities, from_caller
from bototrail.settings import load
from bototrail.spool import Entry, Folder, Header, Spool, finish, folders, is_alive
from bototrail.spool import writer as writer_module
from bototrail.spool.entry import parse, unknown_owner
from bototrail.spool.folder import check_state, waiting_bytes
from bototrail.trails import default_trail

HEADER = Header(("default",), account="111122223333").encode()


def entry(number: int) -> Entry:
    return Entry(HEADER, b'{"n":%d}' % number)


@pytest.fixture
def spool(tmp_path: Path):
    made = Spool(load(str(tmp_path / "bucket"), state=tmp_path / "state"), [default_trail("/bucket")])
    yield made
    made.close()


def records(folder: Folder) -> list[bytes | None]:
    return [e.record if e else None for s in folder.segments() for e in s.entries()]


def adopted(spool: Spool) -> Folder:
    """The folder as another process finds it after this one was killed."""
    os.close(spool._fd)
    folder = spool.folder
    spool._fd, spool.folder = -1, None
    folder.forget()
    found = Folder.adopt(folder.path)
    assert found is not None
    return found


def test_what_was_appended_is_there_after_a_kill(spool):
    for number in range(3):
        spool.append(entry(number))
    assert records(adopted(spool)) == [b'{"n":0}', b'{"n":1}', b'{"n":2}']


def test_everything_is_private_to_the_user(spool, tmp_path):
    spool.append(entry(1))
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in [spool.folder.path, *spool.folder.path.iterdir()]}
    assert modes.pop(spool.folder.path.name) == 0o700
    assert set(modes.values()) == {0o600}


def test_a_folder_is_adopted_by_exactly_one_and_not_while_its_owner_lives(spool):
    spool.append(entry(1))
    path = spool.folder.path
    assert Folder.adopt(path) is None
    assert is_alive(path)
    first = adopted(spool)
    assert Folder.adopt(path) is None
    first.leave()
    assert path.exists()
    second = Folder.adopt(path)
    assert records(second) == [b'{"n":1}']
    second.segments()[0].path.unlink()
    second.leave()
    assert not path.exists()
    assert Folder.adopt(path) is None


def test_folders_of_hosts_that_number_their_processes_alike_differ(spool):
    """Names of log files are made of it: what two containers put under one name would be there once."""
    spool.append(entry(1))
    pid, _, random = spool.folder.path.name.partition("-")
    assert int(pid) == os.getpid()
    assert len(random.replace("-", "")) == 32


def test_a_torn_last_line_is_skipped_and_told(spool):
    spool.append(entry(1))
    os.write(spool._fd, entry(2).line()[:-4])
    assert records(adopted(spool)) == [b'{"n":1}', None]


@pytest.mark.parametrize(
    "line",
    [b"", b"\n", b"garbage\n", b"7 {}\n", b"99 {} {}\n", b"2 [] {}\n", b"2 x {}\n", b'1 {"a":1} {}\n', b"\xff\xfe\n"],
)
def test_foreign_lines_are_no_entries(line):
    assert parse(line) is None


@given(st.binary(max_size=60))
def test_parsing_never_raises(data):
    found = parse(data)
    assert found is None or found.line().strip() == data.strip()


@given(st.text(max_size=30), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
def test_a_line_comes_back_as_it_was(region, value):
    import orjson

    made = Entry(Header(("t",), region=region).encode(), orjson.dumps(value))
    assert parse(made.line()) == made


def test_segments_are_rolled_by_size_and_keep_their_order(spool, monkeypatch):
    monkeypatch.setattr(writer_module, "SEGMENT_BYTES", 300)
    for number in range(20):
        spool.append(entry(number))
    folder = adopted(spool)
    assert len(folder.segments()) > 3
    assert records(folder) == [b'{"n":%d}' % n for n in range(20)]


def test_a_full_disk_keeps_records_in_memory_and_the_segment_whole(spool, monkeypatch):
    spool.append(entry(1))
    real = os.write
    monkeypatch.setattr(writer_module, "_write", lambda fd, data: real(fd, data[:5]))
    spool.append(entry(2))
    monkeypatch.setattr(writer_module, "_write", real)
    spool.append(entry(3))
    assert [e.record for e in spool.take_memory()] == [b'{"n":2}']
    assert records(adopted(spool)) == [b'{"n":1}', b'{"n":3}']


def test_memory_is_bounded_and_what_is_lost_is_counted(tmp_path, monkeypatch, caplog):
    spool = Spool(load("/bucket", state=tmp_path / "state", memory_bytes=50), [])

    def refuse(*_):
        raise OSError(errno.EROFS, "read-only file system")

    monkeypatch.setattr(writer_module.Folder, "create", refuse)
    for number in range(20):
        spool.append(entry(number))
    kept = len(spool.take_memory())
    assert 0 < kept < 20
    assert (spool.counts["recorded"], spool.counts["dropped"]) == (20, 20 - kept)
    assert caplog.text.count("cannot be written") == 1


def test_a_full_spool_drops_and_counts(tmp_path, caplog):
    spool = Spool(load("/bucket", state=tmp_path / "state", spool_bytes=400), [])
    for number in range(20):
        spool.append(entry(number))
    assert 0 < spool.counts["dropped"] < 20
    assert waiting_bytes(tmp_path / "state") <= 400
    assert "spool full" in caplog.text
    spool.close()


def test_many_threads_write_whole_lines(spool):
    def work(start):
        for number in range(start, start + 200):
            spool.append(entry(number))

    threads = [threading.Thread(target=work, args=(i * 200,)) for i in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert sorted(records(adopted(spool))) == sorted(b'{"n":%d}' % n for n in range(1600))


def test_a_call_made_while_we_write_does_not_lock_up(spool, monkeypatch):
    """As from a signal handler or a finalizer."""
    real = os.write

    def interrupted(fd, data):
        monkeypatch.setattr(writer_module, "_write", real)
        spool.append(entry(2))
        return real(fd, data)

    monkeypatch.setattr(writer_module, "_write", interrupted)
    spool.append(entry(1))
    assert sorted(records(adopted(spool))) == [b'{"n":1}', b'{"n":2}']


def test_a_closed_spool_leaves_no_folder_and_opens_another_when_needed(spool, tmp_path):
    spool.append(entry(1))
    segment = spool.folder.path
    spool.seal()
    for found in spool.folder.segments():
        found.path.unlink()
    spool.close()
    assert not segment.exists()
    spool.append(entry(2))
    assert len(folders(tmp_path / "state")) == 1


def test_placeholders_are_filled_in_when_the_caller_is_known():
    marks = unknown_owner("m" * 32)
    record = b'{"userIdentity":%b,"recipientAccountId":"%b","arn":"arn:%b:x"}' % (
        marks.identity,
        marks.account,
        marks.account,
    )
    pending = Entry(Header(("default",), caller="AKIAX", mark="m" * 32).encode(), record)
    book = Identities()
    assert finish(pending, book)[0] == "000000000000"
    book.put("AKIAX", from_caller("arn:aws:iam::111122223333:user/a", "AIDA", "111122223333", "AKIAX"))
    account, finished = finish(pending, book)
    assert account == "111122223333"
    assert b"m" * 32 not in finished
    assert finished.count(b"111122223333") == 4


def test_a_state_directory_that_is_a_file_is_told(tmp_path):
    from bototrail.errors import ConfigError

    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="BOTOTRAIL_STATE"):
        check_state(tmp_path / "file")
