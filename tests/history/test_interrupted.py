"""Ctrl-C while DuckDB is at work."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bototrail.history.engine import Engine

# Another process: one of a parallel run of tests must not be interrupted where it reads its next task.
PROGRAM = """
import os, signal, sys
from pathlib import Path
from threading import Timer
from bototrail.history.engine import Engine

signal.signal(signal.SIGINT, signal.default_int_handler)
engine = Engine(Path(sys.argv[1]))
before = engine.rows("SELECT 1")
Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    engine.rows("SELECT count(*) FROM range(30_000_000_000) numbers(x) WHERE x % 7 = 3")
except KeyboardInterrupt:
    print(before, engine.rows("SELECT 2"))
engine.close()
"""


def test_ctrl_c_in_the_middle_of_a_question_is_ctrl_c(tmp_path):
    """DuckDB makes an error of its own of it."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, tmp_path], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[(1,)] [(2,)]\n", "")


def test_other_troubles_are_not(tmp_path):
    engine = Engine(tmp_path)
    with pytest.raises(engine.failure):
        engine.rows("SELECT nothing")
    engine.close()
