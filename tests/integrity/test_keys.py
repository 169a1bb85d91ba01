"""The key folder: one key at a time, whoever asks first; the next one; what was signed before."""

from __future__ import annotations

import math
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest
from integrity.made import HOUR, NOON, private_key, public_key
from integrity.pems import pem, public_der, secrets_in

from bototrail.errors import KeyFormatError
from bototrail.integrity.kept import FOLDER, Kept, write_kept
from bototrail.integrity.key_files import load_public_keys
from bototrail.integrity.keys import DAY, VALID, KeyFolder
from bototrail.integrity.public import PublicKey

DATA = b"an hour"


@pytest.fixture
def folder(tmp_path):
    return KeyFolder(tmp_path / "state" / "keys")


def modes(path: Path) -> dict[str, int]:
    return {each.name: stat.S_IMODE(each.stat().st_mode) for each in [path, *path.iterdir()]}


def test_the_first_use_makes_a_key(folder):
    assert (folder.kept(), dict(folder.public_keys()), folder.in_use(NOON)) == ([], {}, None)
    assert not folder.path.parent.exists()
    signer = folder.current(NOON + 1234.5)
    assert (signer.public.start, signer.public.end) == (NOON - 31 * 86400, NOON + 366 * 86400)
    assert signer.public.verify(signer.sign(DATA), DATA)
    kept = Kept(signer.public, FOLDER, here=True)
    assert (folder.kept(), folder.in_use(NOON)) == ([kept], kept)
    assert dict(folder.public_keys()) == {signer.public.fingerprint: signer.public}


def test_the_key_stays_the_same(folder):
    first = folder.current(NOON).public
    for later in (0.0, 5 * DAY, VALID - DAY - 1):
        assert folder.current(NOON + later).public == first
        assert KeyFolder(folder.path).current(NOON + later).public == first
    assert folder.current(NOON - HOUR / 2).public == first  # a clock that was set back


def test_nobody_else_can_read_or_write_it(folder):
    old = os.umask(0)
    try:
        name = folder.current(NOON).public.fingerprint
    finally:
        os.umask(old)
    assert modes(folder.path) == {"keys": 0o700, "lock": 0o600, f"{name}.json": 0o600, f"{name}.pem": 0o600}
    assert stat.S_IMODE(folder.path.parent.stat().st_mode) == 0o700


def test_its_file_is_an_entry_of_list_public_keys(folder):
    public = folder.current(NOON).public
    row = orjson.loads((folder.path / f"{public.fingerprint}.json").read_bytes())
    assert row == {**public.fields(), "HeldBy": "folder"}
    assert list(load_public_keys([folder.path]).values()) == [public]


_CURRENT = """
import sys
from pathlib import Path
from bototrail.integrity.keys import KeyFolder

folder = KeyFolder(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
print(folder.current(float(sys.argv[2])).public.fingerprint)
"""


def test_several_processes_at_first_use_make_one_key(folder):
    command = [sys.executable, "-c", _CURRENT, str(folder.path), str(NOON)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(4)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 4
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    names = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert [names] == [{kept.fingerprint for kept in folder.kept()}]
    assert len(names) == 1


def test_several_threads_at_first_use_make_one_key(folder):
    with ThreadPoolExecutor(8) as pool:
        names = {public.fingerprint for public in pool.map(lambda _: folder.current(NOON).public, range(8))}
    assert [names] == [{kept.fingerprint for kept in folder.kept()}]
    assert len(names) == 1


def test_what_a_crash_left_is_removed(folder):
    folder.path.mkdir(parents=True, mode=0o700)
    (folder.path / ".0.pem.x.new").write_bytes(b"half a key")
    folder.current(NOON)
    assert list(folder.path.glob(".*")) == []


def test_a_key_in_its_last_day_gets_a_successor(folder):
    first = folder.current(NOON).public
    late = first.end - DAY
    second = folder.current(late).public
    assert (second.start, second.end, folder.public_keys()[first.fingerprint]) == (late, late + VALID, first)
    assert folder.current(late + HOUR).public == second
    assert folder.signer_for(late - HOUR, late).public == first
    assert folder.signer_for(late, late).public == second


def test_rotation_ends_the_former_key_when_the_hour_that_has_begun_is_signed(folder):
    now = NOON + 1800
    first = folder.current(NOON - 9 * HOUR)
    signature = first.sign(DATA)
    second = folder.rotate(now)
    keys = folder.public_keys()
    assert {key.fingerprint: (key.start, key.end) for key in keys.values()} == {
        first.public.fingerprint: (NOON - 9 * HOUR - 31 * DAY, now + 2 * HOUR),
        second.public.fingerprint: (NOON, NOON + VALID),
    }
    assert keys[first.public.fingerprint].verify(signature, DATA)
    assert folder.current(now).public == second.public


ENDS = [
    # digestEndTime from noon on, in hours; which key signs it
    (-20, "first"),
    (-32 * 24, "second"),  # before there was any
    (-9, "first"),
    (-1, "first"),
    (0, "second"),
    (1, "second"),
    (2, "second"),
]


@pytest.mark.parametrize(("end", "expected"), ENDS)
def test_an_hour_is_signed_by_the_key_that_was_valid_when_it_ended(end, expected, folder):
    first = folder.current(NOON - 9 * HOUR)
    second = folder.rotate(NOON + 1800)
    signer = folder.signer_for(NOON + end * HOUR, NOON + 1800)
    name = {first.public.fingerprint: "first", second.public.fingerprint: "second"}[signer.public.fingerprint]
    assert name == expected
    assert folder.public_keys()[signer.public.fingerprint].verify(signer.sign(DATA), DATA)


def test_every_hour_of_a_year_and_more_is_signed_by_a_key_that_covers_it(folder, monkeypatch):
    made = iter(range(4))
    monkeypatch.setattr("bototrail.integrity.keys.new_key", lambda: pem(private_key(next(made))))
    for hour in range(0, 24 * 400, 7):
        end = NOON + hour * HOUR
        public = folder.signer_for(end, end + 300).public
        assert public in folder.public_keys().between(end, end + 2 * HOUR)
        if hour == 700:
            folder.rotate(end + 400)
    assert len(folder.kept()) == 3


def test_rotations_in_one_hour_leave_the_last_key_in_use(folder):
    made = [folder.rotate(NOON + minute * 60).public.fingerprint for minute in range(4)]
    assert folder.current(NOON + 300).public.fingerprint == made[-1]
    ends = {kept.fingerprint: kept.public.end - NOON for kept in folder.kept()}
    assert ends == dict(zip(made, [2 * HOUR + 60, 2 * HOUR + 120, 2 * HOUR + 180, VALID], strict=True))


def test_a_key_made_by_a_clock_that_was_far_ahead_is_not_used(folder):
    ahead = folder.current(NOON + 500 * DAY).public
    now = folder.current(NOON).public
    assert (now.start, folder.current(NOON + HOUR).public) == (NOON, now)
    folder.rotate(NOON + HOUR)
    assert folder.public_keys()[ahead.fingerprint].end == ahead.start


def test_a_discarded_key_is_gone_and_what_it_signed_stays_valid(folder):
    first = folder.current(NOON)
    signature, now = first.sign(DATA), NOON + HOUR + 600
    folder.rotate(NOON + HOUR)
    second = folder.rotate(now, discard=True)
    assert [path.stem for path in folder.path.glob("*.pem")] == [second.public.fingerprint]
    old = folder.public_keys()[first.public.fingerprint]
    assert (old.end, old.verify(signature, DATA)) == (now, True)
    assert folder.signer_for(NOON, now).public == second.public  # also by those who had it in memory
    assert Kept(old, FOLDER) in folder.kept()


def test_private_keys_of_keys_that_ended_long_ago_are_discarded_too(folder):
    folder.rotate(NOON)
    folder.rotate(NOON + DAY)
    last = folder.rotate(NOON + 9 * DAY, discard=True)
    assert [kept.fingerprint for kept in folder.kept() if kept.here] == [last.public.fingerprint]


def test_a_private_key_that_was_lost_is_followed_by_another(folder):
    first = folder.current(NOON).public
    (folder.path / f"{first.fingerprint}.pem").unlink()
    assert folder.current(NOON).public != first
    assert len(folder.kept()) == 2


def test_keys_of_others_are_taken_up_and_never_sign(folder):
    own = folder.current(NOON).public
    theirs = [PublicKey(public_key(n).value, NOON, NOON + DAY * (n + 1) * 300) for n in range(2)]
    assert folder.import_keys(theirs) == theirs
    assert folder.import_keys(theirs) == []
    assert dict(folder.public_keys()) == {key.fingerprint: key for key in [own, *theirs]}
    assert (folder.current(NOON).public, folder.rotate(NOON + DAY).public in theirs) == (own, False)
    assert [folder.public_keys()[key.fingerprint] for key in theirs] == theirs  # rotation is about our own


def test_news_of_a_key_of_others_change_its_validity(folder):
    value = public_key().value
    folder.import_keys([PublicKey(value)])
    assert folder.public_keys()[public_key().fingerprint] == PublicKey(value, 0.0, math.inf)
    for told, then in [((5, 50), (5, 50)), ((7, 40), (5, 40)), ((0, math.inf), (5, 40))]:
        folder.import_keys([PublicKey(value, *told)])
        assert folder.public_keys()[public_key().fingerprint] == PublicKey(value, *then)


def test_an_import_changes_nothing_of_our_own_keys(folder):
    own = folder.current(NOON).public
    assert folder.import_keys([PublicKey(own.value, 5, 10)]) == []
    assert folder.kept() == [Kept(own, FOLDER, here=True)]


class _Forged(PublicKey):
    fingerprint = public_key().fingerprint


def test_a_forged_fingerprint_is_not_taken_up(folder):
    folder.import_keys([public_key()])
    with pytest.raises(KeyFormatError, match="two different keys of fingerprint"):
        folder.import_keys([_Forged(public_key(1).value)])
    assert list(folder.public_keys().values()) == [public_key()]


def test_validity_is_told_apart_at_its_edges():
    key = PublicKey(public_key().value, 100, 200)
    ranges = [(0, 99), (0, 100), (150, 160), (0, 300), (200, 300), (201, 300)]
    assert [key.covers(*each) for each in ranges] == [False, True, True, True, True, False]


def test_no_private_key_comes_out_of_a_public_form(folder):
    folder.path.mkdir(parents=True, mode=0o700)
    made = Kept(PublicKey(public_key().value, NOON, NOON + VALID), FOLDER, here=True)
    write_kept(folder.path, made, pem())
    signer = folder.current(NOON)
    public = (folder.path / f"{made.fingerprint}.json").read_bytes()
    shown = [repr(folder), repr(signer), repr(folder.kept()), repr(folder.public_keys().as_json()), repr(vars(folder))]
    assert secrets_in(public, *shown) == []
    assert secrets_in((folder.path / f"{made.fingerprint}.pem").read_bytes()) != []
    assert public_der() not in public
