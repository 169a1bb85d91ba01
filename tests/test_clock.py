"""The clock stays true whatever a test does to time, and ids are never given out twice."""

from __future__ import annotations

import os
import threading
import time
import uuid
from unittest import mock

import pytest

from bototrail import clock


def test_event_ids_are_random_uuids():
    for _ in range(500):
        made = clock.event_id()
        assert str(uuid.UUID(made)) == made
        assert uuid.UUID(made).version == 4
        assert uuid.UUID(made).variant == uuid.RFC_4122


def test_event_ids_differ_between_threads():
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.extend(clock.event_id() for _ in range(5000))) for _ in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert len(set(made)) == 40_000


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_event_ids_differ_between_parent_and_child():
    clock.event_id()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, "\n".join(clock.event_id() for _ in range(100)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = set(os.read(reader, 65536).decode().split())
    mine = {clock.event_id() for _ in range(100)}
    assert len(theirs | mine) == 200


def test_a_mocked_clock_is_neither_believed_nor_used_up():
    before = time.time()
    with mock.patch("time.time", side_effect=[1.0]) as wall, mock.patch("os.urandom", side_effect=[b""]) as random:
        assert clock.now() >= before
        for _ in range(200):
            clock.event_id()
    assert (wall.called, random.called) == (False, False)


def test_event_time_is_in_whole_seconds():
    assert clock.event_time(1_700_000_000.999) == "2023-11-14T22:13:20Z"
    assert clock.event_time(1_700_000_001) == "2023-11-14T22:13:21Z"
    assert clock.minute(1_700_000_001) == "20231114T2213Z"
