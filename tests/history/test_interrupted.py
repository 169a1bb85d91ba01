"""Ctrl-C while DuckDB is at work."""

from __future__ import annotations

import os
import signal
from threading import Timer

import pytest

from bototrail.history.engine import Engine

LONG = "SELECT count(*) FROM range(30_000_000_000) numbers(x) WHERE x % 7 = 3"


@pytest.fixture
def _heard():
    """Workers of a parallel run do not hear of Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_heard")
def test_ctrl_c_in_the_middle_of_a_question_is_ctrl_c(tmp_path):
    """DuckDB makes an error of its own of it."""
    engine = Engine(tmp_path)
    Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        engine.rows(LONG)
    assert engine.rows("SELECT 1") == [(1,)]
    engine.close()


def test_other_troubles_are_not(tmp_path):
    engine = Engine(tmp_path)
    with pytest.raises(engine.failure):
        engine.rows("SELECT nothing")
    engine.close()
