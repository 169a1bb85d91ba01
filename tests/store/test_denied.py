"""Folders that may not be read: as an error of ours, by whoever is no superuser."""

from __future__ import annotations

import os

import pytest

from bototrail.errors import BucketError
from bototrail.store import open_store
from bototrail.store.folder import FolderStore

pytestmark = pytest.mark.skipif(os.geteuid() == 0, reason="this user may read everywhere")


@pytest.fixture
def closed(tmp_path):
    folder = tmp_path / "closed"
    (folder / "below" / "deeper").mkdir(parents=True)
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


def test_what_lies_behind_a_closed_folder_is_not_just_absent(closed, tmp_path):
    store = FolderStore(tmp_path)
    for listing in (store.entries, store.folders):
        with pytest.raises(BucketError, match="closed/below: Permission denied"):
            list(listing("closed/below/deeper/"))


def test_a_bucket_behind_a_closed_folder_is_told(closed):
    with pytest.raises(BucketError, match="Permission denied"):
        open_store(closed / "below")
