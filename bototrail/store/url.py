"""Any other store that fsspec knows, such as gs:// or memory://, as a bucket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any, Final

from bototrail.errors import BucketError, ConfigError, MissingExtraError, MissingObjectError
from bototrail.record.failures import harmless
from bototrail.store.base import Entry, Opened, is_plain

_TIMES: Final = ("mtime", "LastModified", "last_modified", "modified", "updated", "created")
"""Under which names the stores of fsspec tell when an object was last written."""


class UrlStore:
    """Whatever fsspec can open. A listing is held in memory while it is gone through."""

    bucket: str | None = None
    prefix = ""

    def __init__(self, location: str) -> None:
        scheme = location.partition("://")[0]
        try:
            import fsspec

            fsspec.get_filesystem_class(scheme)
        except ImportError:
            raise MissingExtraError(f"reading from {scheme}://", "fsspec") from None
        except ValueError as error:
            todo = "use a folder, s3:// or a scheme that fsspec knows"
            raise ConfigError(f"a bucket URL whose scheme {scheme}:// can be opened", str(error), todo) from None
        self.location = location.partition("?")[0]
        try:
            self._system, path = fsspec.core.url_to_fs(self.location)
            self._root = str(path).rstrip("/")
        except Exception as error:
            raise self._unreadable(error) from error

    def entries(self, under: str = "", after: str = "") -> Iterator[Entry]:
        """See `Store`."""
        found = self._list("find", under.rpartition("/")[0])
        rows = [(key.encode(), key, about) for key, about in found if key.startswith(under)]
        last = after.encode()
        for raw, key, about in sorted(rows, key=lambda row: row[0]):
            if raw > last and about.get("type", "file") == "file":
                yield Entry(key, int(about.get("size") or 0), _modified(about))

    def folders(self, under: str = "") -> Iterator[str]:
        """See `Store`."""
        found = {f"{key}/" for key, about in self._list("ls", under.rstrip("/")) if about.get("type") == "directory"}
        yield from sorted((key for key in found if key.startswith(under) and key != under), key=str.encode)

    def _list(self, how: str, start: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Keys and what is known about them, by a method of fsspec's file systems."""
        if start and not is_plain(start):
            return []
        place = f"{self._root}/{start}" if start else self._root
        try:
            self._system.invalidate_cache()
            found = getattr(self._system, how)(place, detail=True)
        except FileNotFoundError:
            found = []
        except Exception as error:
            raise self._unreadable(error) from error
        if not found and not self._is_there():
            raise self._unreadable("no such bucket or folder")
        rows = found.items() if isinstance(found, dict) else ((about["name"], about) for about in found)
        return [(str(path).rstrip("/").removeprefix(self._root).lstrip("/"), about) for path, about in rows]

    def _is_there(self) -> bool:
        try:
            return bool(self._system.exists(self._root))
        except Exception:  # noqa: BLE001 every store raises its own
            return False

    @contextmanager
    def open(self, key: str) -> Iterator[Opened]:
        """See `Store`."""
        if not is_plain(key):
            raise MissingObjectError(key)
        try:
            file = self._system.open(f"{self._root}/{key}", "rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise MissingObjectError(key) from None
        except Exception as error:
            raise self._unreadable(error) from error

        def read(size: int) -> bytes:
            try:
                return bytes(file.read(size))
            except Exception as error:
                raise self._unreadable(error) from error

        with file:
            yield Opened(read)

    def _unreadable(self, error: Exception | str) -> BucketError:
        found = error if isinstance(error, str) else f"{type(error).__name__}: {harmless(str(error))}"
        return BucketError(self.location, found)


def _modified(about: Mapping[str, Any]) -> float:
    """Seconds since 1970, 0 when it is not told."""
    for name in _TIMES:
        found = about.get(name)
        if isinstance(found, str):
            try:
                found = datetime.fromisoformat(found.replace("Z", "+00:00"))
            except ValueError:
                continue
        if isinstance(found, datetime):
            return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp()
        if isinstance(found, (int, float)):
            return float(found)
    return 0.0
