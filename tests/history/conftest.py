"""Buckets and their indexes."""

from __future__ import annotations

import pytest
from history.buckets import Bucket

from bototrail.history.history import History


@pytest.fixture
def bucket(tmp_path):
    return Bucket(tmp_path / "bucket")


@pytest.fixture
def opened(tmp_path, bucket):
    """Opens a bucket, the test's own if none is named, with the test's cache directory."""
    histories = []

    def make(location=None, **options):
        options.setdefault("cache", tmp_path / "cache")
        histories.append(History(location or bucket.folder, **options))
        return histories[-1]

    yield make
    for history in histories:
        history.close()
