"""A process's folder in the spool: who owns it, and the segments in it.

    STATE/spool/PID-RANDOM/          mode 0700
        lock                         locked by the owner for as long as it lives
        trails.json                  the trails its records are for
        counters.json                what its owner counted
        00000001.open                the segment that is being appended to, mode 0600
        00000002-20261121T0931Z.sealed

The lock is a POSIX record lock: it ends with the process, however that ends, and a forked child does not inherit it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import stat
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bototrail.clock import event_id, minute, now
from bototrail.errors import ConfigError
from bototrail.spool.entry import Entry, parse
from bototrail.trails import Trail

FORMER = "former"
"""In trails.json, says that a trail is not used any more: records may still be for it."""

_SEALED = re.compile(r"(\d{8})-(\d{8}T\d{4}Z)\.sealed")
_OPEN = re.compile(r"(\d{8})\.open")
_CALLER = b'"kind":"identity"'
_ours: set[Path] = set()  # a process does not conflict with its own POSIX locks
_guard = threading.RLock()


def spool_root(state: Path) -> Path:
    """The directory below which every process has its folder."""
    return state / "spool"


@dataclass(frozen=True, eq=False, repr=False)
class Segment:
    """A sealed segment: an immutable file of entries.

    Attributes:
        path: the file.
        unique: what tells this segment from every other one; names of log files are derived from it.
        sealed: when it was sealed, `YYYYMMDDTHHmmZ`.
    """

    path: Path
    unique: str
    sealed: str

    def entries(self) -> Iterator[Entry | None]:
        """Its entries in the order they were written; None for a line that was torn."""
        with self.path.open("rb") as file:
            for line in file:
                if line.strip():
                    yield parse(line) if line.endswith(b"\n") else None

    def callers(self) -> Iterator[Entry]:
        """What it says of callers, found without looking at its records."""
        with self.path.open("rb") as file:
            for line in file:
                if _CALLER in line[:200] and (entry := parse(line)) is not None:
                    yield entry


class Folder:
    """A folder that this process owns, its own one or an adopted one."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def create(cls, state: Path, trails: Iterable[Trail], former: Iterable[Trail] = ()) -> Folder:
        """A new folder for this process, locked before anybody else can see it."""
        root = spool_root(state)
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{os.getpid()}-{event_id()}"  # log files of many hosts in one bucket are named after it
        hidden, path = root / f".{name}", root / name
        hidden.mkdir(mode=0o700)
        lock = os.open(hidden / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            folder = cls(hidden, lock)
            folder.write_trails(trails, former)
            with _guard:
                _ours.add(path)
                hidden.rename(path)
            folder.path = path
        except BaseException:
            os.close(lock)
            raise
        return folder

    @classmethod
    def adopt(cls, path: Path) -> Folder | None:
        """The folder of a process that is gone; None when it lives, or somebody else was faster."""
        with _guard:
            if path in _ours:
                return None
            try:
                lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            except OSError:
                return None
            try:
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(lock).st_ino != (path / "lock").stat().st_ino:
                    raise FileNotFoundError  # removed by the one who adopted it before
            except OSError:
                os.close(lock)
                return None
            _ours.add(path)
        folder = cls(path, lock)
        try:
            folder.seal_all()
        except OSError:
            folder.forget()
            return None
        return folder

    def trails(self) -> list[Trail]:
        """The trails that its records are for; empty when the list cannot be read."""
        rows = self.read_json("trails.json", list)
        return [Trail.from_dict(t) for t in rows if isinstance(t, dict) and {"Name", "bucket"} <= set(t)]

    def write_trails(self, trails: Iterable[Trail], former: Iterable[Trail] = ()) -> None:
        """Write down the trails, beside former ones of other names that records here may still be for."""
        used = {t.Name: t.to_dict() for t in trails}
        rest = {t.Name: {**t.to_dict(), FORMER: True} for t in (*self.trails(), *former) if t.Name not in used}
        self.write_json("trails.json", [*rest.values(), *used.values()])

    def segments(self) -> list[Segment]:
        """Its sealed segments, oldest first."""
        found = ((p, _SEALED.fullmatch(p.name)) for p in sorted(self.path.iterdir()))
        return [Segment(p, f"{self.path.name}/{m[1]}", m[2]) for p, m in found if m]

    def seal_all(self) -> None:
        """Seal what a dead owner was still appending to."""
        for path in sorted(self.path.iterdir()):
            if _OPEN.fullmatch(path.name):
                seal(path)

    def set_aside(self, segment: Segment) -> Path:
        """Move a segment that holds nothing readable out of the way, never deleting it."""
        target = self.path.parent.parent / "damaged" / f"{self.path.name}-{segment.path.name}"
        target.parent.mkdir(mode=0o700, exist_ok=True)
        segment.path.rename(target)
        return target

    def leave(self) -> None:
        """Give the folder up; it is removed when nothing undelivered is left in it."""
        with _guard, contextlib.suppress(OSError):
            left = any(_SEALED.fullmatch(p.name) or _OPEN.fullmatch(p.name) for p in self.path.iterdir())
            if not left:
                shutil.rmtree(self.path, ignore_errors=True)
        self.forget()

    def forget(self) -> None:
        """Drop the lock only: somebody else may adopt the folder. Also for a forked child, which holds no lock."""
        with contextlib.suppress(OSError):
            os.close(self._lock)
        _ours.discard(self.path)

    def write_json(self, name: str, value: Any) -> None:
        """Write a small file in one step, so that no reader sees half of it."""
        temporary = self.path / f".{name}.{os.getpid()}"
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(orjson.dumps(value))
        temporary.replace(self.path / name)

    def read_json(self, name: str, kind: type[Any]) -> Any:
        """A small file's value, or an empty `kind` when it is missing or broken."""
        try:
            value = orjson.loads((self.path / name).read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return kind()
        return value if isinstance(value, kind) else kind()


def seal(path: Path) -> None:
    """Close a segment for ever: from now on it is immutable, and its name says when that was."""
    if path.stat().st_size == 0:
        path.unlink()
        return
    path.rename(path.with_name(f"{path.name[:8]}-{minute(now())}.sealed"))


def folders(state: Path) -> list[Path]:
    """Every folder in the spool that belongs to this user, whoever owns it."""
    try:
        entries = sorted(spool_root(state).iterdir())
    except OSError:
        return []
    return [p for p in entries if _is_ours(p)]


def _is_ours(path: Path) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not path.name.startswith(".")


def is_alive(path: Path) -> bool:
    """Whether the owner of a folder lives (this process counts)."""
    if path in _ours:
        return True
    try:
        lock = os.open(path / "lock", os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


def waiting_bytes(state: Path) -> int:
    """How many bytes wait in the spool, all processes together."""
    total = 0
    for folder in folders(state):
        with contextlib.suppress(OSError):
            total += sum(p.stat().st_size for p in folder.iterdir() if p.suffix in (".open", ".sealed"))
    return total


def check_state(state: Path) -> None:
    """See whether the state directory can be used.

    Raises:
        ConfigError: it cannot.
    """
    root = spool_root(state)
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = root / f".{event_id()}"
        probe.touch(mode=0o600)
        probe.unlink()
        next(root.iterdir(), None)
    except OSError as error:
        todo = "correct its permissions, or name another one with state=... or BOTOTRAIL_STATE"
        raise ConfigError("a state directory that can be written", f"{root}: {error.strerror}", todo) from None


def after_fork_in_child() -> None:
    """A child owns nothing of its parent's, and the parent's threads are not there to release their guard."""
    global _guard
    _guard = threading.RLock()
    _ours.clear()
