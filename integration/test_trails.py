"""Several trails at once: the right records in each destination and only those."""

from __future__ import annotations

import sys

import pytest
from three_trails import Three


@pytest.fixture(autouse=True)
def photos(moto):
    moto.client("s3").create_bucket(Bucket="photos")


def test_three_trails_get_the_right_records_and_only_those(place, seaweed, moto):
    three = Three(place, seaweed, moto, "three-at-once")
    place.run(sys.executable, three.program, three.name, 3, **three.options)
    assert len(three.finished()) == 21
    three.check()
