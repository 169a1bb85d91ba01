"""Where the trails of a running program come from: one bucket, or a file that is read again when it has changed."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bototrail.errors import ConfigError
from bototrail.settings import Settings
from bototrail.trails.trail import Trail, default_trail


class TrailsSource(Protocol):
    """Where trails come from.

    Attributes:
        trails: the trails as they were last read.
        notes: what is odd about them, though it is no fault.
    """

    trails: Sequence[Trail]
    notes: Sequence[str]

    def changed(self) -> Sequence[Trail] | None:
        """The trails if they have changed since they were last read, else None.

        Raises:
            ConfigError: they have changed, and cannot be used; said once for each change.
        """


def trails_of(settings: Settings) -> TrailsSource:
    """Where the trails of these settings come from.

    Raises:
        ConfigError: the trails file cannot be used.
    """
    return DefaultTrail(settings) if settings.trails is None else WatchedFile(settings.trails)


class DefaultTrail:
    """The one trail that there is without a file."""

    def __init__(self, settings: Settings) -> None:
        trail = default_trail(settings.bucket, log_file_validation=settings.log_file_validation)
        self.trails: Sequence[Trail] = (trail,)
        self.notes: Sequence[str] = ()

    def changed(self) -> Sequence[Trail] | None:
        """See `TrailsSource`; never."""
        return None


class WatchedFile:
    """A trails file.

    Raises:
        ConfigError: it cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = self._signature()
        self._read()

    def _read(self) -> None:
        from bototrail.trails.file import load_trails

        if _is_special(self.path):  # a pipe would hold up the program until somebody writes
            raise ConfigError("a trails file", f"{self.path}, which is no file", "name a TOML or JSON file with trails")
        found = load_trails(self.path)
        self.trails: Sequence[Trail] = found.trails
        self.notes: Sequence[str] = found.notes

    def changed(self) -> Sequence[Trail] | None:
        """See `TrailsSource`."""
        signature = self._signature()
        if signature == self._seen:
            return None
        try:
            if signature is None:
                raise ConfigError("the trails file where it was", f"no file {self.path}", "put it back")
            self._read()
        finally:
            self._seen = signature  # last: a process that is forked meanwhile reads it by itself
        return self.trails

    def _signature(self) -> tuple[int, int, int] | None:
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino


def _is_special(path: Path) -> bool:
    """Whether there is something that is no file: a folder, a pipe, a device."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):  # whoever reads it says why
        return False
