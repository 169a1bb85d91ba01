"""Threads whose results come in the order of the work."""

from __future__ import annotations

import time
from functools import partial

import pytest

from bototrail.integrity.pool import Job, Pool


@pytest.fixture
def pool():
    made = Pool(3)
    yield made
    made.close()


def _slowly(number: int) -> int:
    time.sleep(0.01 * (number % 3))
    return number


def test_results_come_in_order_and_what_is_no_job_between(pool):
    items = [Job(partial(_slowly, n)) if n % 4 else -n for n in range(60)]
    assert list(pool.ordered(items, 7)) == [n if n % 4 else -n for n in range(60)]


def test_no_more_is_taken_than_is_to_be_ahead(pool):
    taken = []

    def items():
        for n in range(50):
            taken.append(n)
            yield Job(partial(_slowly, n))

    assert [len(taken) - done for done, _ in enumerate(pool.ordered(items(), 5))] == [5] * 46 + [4, 3, 2, 1]


def test_an_error_comes_in_its_place(pool):
    def fails() -> int:
        raise KeyError("no")

    results = pool.ordered([Job(partial(_slowly, 1)), Job(fails), Job(partial(_slowly, 2))], 3)
    assert next(results) == 1
    with pytest.raises(KeyError):
        next(results)


def test_streams_can_be_nested(pool):
    inner = pool.ordered((Job(partial(_slowly, n)) for n in range(20)), 3)
    outer = pool.ordered((Job(partial(_slowly, n + 1)) for n in inner), 3)
    assert list(outer) == list(range(1, 21))


def test_threads_end():
    pool = Pool(4)
    assert list(pool.ordered([Job(partial(_slowly, 1))], 1)) == [1]
    mine = set(pool.running())
    pool.close()
    for thread in mine:
        thread.join(10)
    assert (len(mine), [thread for thread in mine if thread.is_alive()]) == (4, [])
