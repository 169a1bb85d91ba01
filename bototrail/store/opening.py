"""Which store is at a location."""

from __future__ import annotations

import os
from pathlib import Path

from bototrail.errors import BucketError, ConfigError
from bototrail.settings import bucket_location
from bototrail.store.base import Store
from bototrail.store.folder import FolderStore


def open_store(location: str | os.PathLike[str]) -> Store:
    """The bucket at `location`, a folder or URL as for recording (`s3://bucket/prefix?endpoint_url=...`).

    Raises:
        ConfigError: it is no place that can be opened, or is not there.
        BucketError: one may not look for it.
        MissingExtraError: the package of its scheme is not installed.
    """
    text = bucket_location(location)
    if text.startswith("s3://"):
        from bototrail.store.s3 import S3Store  # whose clients take longer to import than a folder to read

        return S3Store(text)
    if "://" in text:
        from bototrail.store.url import UrlStore

        return UrlStore(text)
    folder = Path(text)
    try:
        folder.stat()
    except PermissionError:
        raise BucketError(text, "Permission denied") from None
    except OSError:  # there is nothing
        pass
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing there"
        raise ConfigError(f"a folder with log files at {folder}", found, "name the bucket that was recorded into")
    return FolderStore(folder)
