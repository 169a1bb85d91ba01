"""Buckets to read from: a local folder, S3, any fsspec URL. Nothing is ever written."""

from __future__ import annotations

from bototrail.store.base import Entry, Opened, Store
from bototrail.store.opening import open_store

__all__ = ["Entry", "Opened", "Store", "open_store"]
