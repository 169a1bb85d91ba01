"""Resources that differ only in what changes from run to run."""

from __future__ import annotations

import pytest

from bototrail.policy import Need
from bototrail.policy.generalize import generalized


@pytest.mark.parametrize(
    ("used", "becomes"),
    [
        (["table/table-17", "table/table-18"], ["table/table-*"]),
        (["table/table-17"], ["table/table-17"]),
        (["table/orders", "table/table-18"], ["table/orders", "table/table-18"]),
        (["key/0b3e7c9a-1d2f-4a5b-8c6d-7e8f9a0b1c2d", "key/1b3e7c9a-1d2f-4a5b-8c6d-7e8f9a0b1c2d"], None),
        (["table/2024", "table/2025"], None),
        (["table/run-2026-11-20", "table/run-2026-11-21"], ["table/run-*"]),
        (["table/tmp-0a1b2c3d4e5f/index/a", "table/tmp-1a1b2c3d4e5f/index/a"], ["table/tmp-*/index/a"]),
    ],
)
def test_what_changes_from_run_to_run_becomes_a_star(used, becomes):
    start = "arn:aws:dynamodb:eu-central-1:111122223333:"
    found = generalized(Need("dynamodb:GetItem", start + one) for one in used)
    assert [need.resource.removeprefix(start) for need in found] == (used if becomes is None else becomes)


def test_many_objects_of_a_folder_become_the_folder():
    names = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    needs = [Need("s3:GetObject", f"arn:aws:s3:::b/in/{name}.csv") for name in names]
    assert [need.resource for need in generalized(needs)] == ["arn:aws:s3:::b/in/*"]
    assert len(generalized(needs[:9])) == 9


def test_a_bucket_s_name_is_generalized_only_with_its_letters():
    needs = [Need("s3:ListBucket", f"arn:aws:s3:::{name}") for name in ("logs-1", "logs-2", "1", "2")]
    assert [n.resource for n in generalized(needs)] == ["arn:aws:s3:::logs-*", "arn:aws:s3:::1", "arn:aws:s3:::2"]


def test_keys_that_are_nothing_but_numbers_stay():
    needs = [Need("s3:GetObject", f"arn:aws:s3:::bucket/{n}.csv") for n in (1, 2)]
    assert generalized(needs) == needs


def test_actions_are_generalized_apart():
    needs = [Need("s3:GetObject", "arn:aws:s3:::b/f-1"), Need("s3:PutObject", "arn:aws:s3:::b/f-2")]
    assert generalized(needs) == needs
