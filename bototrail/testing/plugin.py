"""The pytest plug-in: a fixture that records the AWS calls of one test in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bototrail.results import Recording


@pytest.fixture(name="bototrail")
def bototrail_fixture() -> Iterator[Recording]:
    """The AWS calls of this test as CloudTrail records: `bototrail.records`."""
    from bototrail.recorder import recording

    with recording() as trail:
        yield trail
