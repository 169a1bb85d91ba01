"""Watchers: what the program gave each call, as it was then; and that watching changes nothing for the program."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import threading
import weakref

import botocore.exceptions
import orjson
import pytest
from border import answer, handlers
from botocore.client import BaseClient
from hostile import Broken, Items, Loud, Untouchable, cyclic, cyclic_mapping, nested

import bototrail
from bototrail.capture.given import copy, given
from bototrail.capture.scope import current, label_process
from bototrail.recorder import watching


class Watcher:
    def __init__(self, _capture):
        self.entries, self.given = [], []

    def see(self, later, seen):
        self.entries.append(later)
        self.given.append(seen.given)


@pytest.fixture
def s3(client):
    made = client("s3")
    answer(made, (200, b""))
    return made


def test_arguments_are_kept_as_they_were_when_the_call_was_made(s3):
    body, metadata = bytearray(b"one"), {"a": "1"}

    def change(**_):
        body[:] = b"two"
        metadata["a"] = "2"

    s3.meta.events.register("request-created", change)
    with watching(Watcher) as watcher:
        s3.put_object(Bucket="bucket", Key="k", Body=body, Metadata=metadata)
    assert body == b"two"
    expected = {"Bucket": "bucket", "Key": "k", "Body": bytearray(b"one"), "Metadata": {"a": "1"}}
    assert watcher.given[0].arguments == expected


def test_a_stream_is_the_programs_own_and_unread(s3):
    body = io.BytesIO(b"body")
    with watching(Watcher) as watcher:
        s3.put_object(Bucket="bucket", Key="k", Body=body)
    assert watcher.given[0].arguments["Body"] is body


def test_place_and_thread_are_those_of_the_program(s3):
    def work():
        s3.list_buckets()

    with watching(Watcher) as watcher:
        thread = threading.Thread(target=work, name="mine")
        thread.start()
        thread.join()
        list(s3.get_paginator("list_objects_v2").paginate(Bucket="bucket"))
    first, second = watcher.given
    assert (first.file, first.line, first.thread) == (__file__, work.__code__.co_firstlineno + 1, "mine")
    assert (second.file, second.line) == (__file__, work.__code__.co_firstlineno + 7)
    assert second.number > first.number


def test_a_call_from_nowhere_has_no_place(s3):
    """As in a thread of s3transfer's."""
    with watching(Watcher) as watcher:
        thread = threading.Thread(target=s3.list_buckets)
        thread.start()
        thread.join()
    assert (watcher.given[0].file, watcher.given[0].line) == ("", 0)


async def test_coroutines_are_watched_where_they_are_made(client, monkeypatch):
    """aiobotocore's method makes a coroutine, which may be awaited elsewhere."""
    from bototrail.capture.hooks import Hooks

    seen = []
    hooks = Hooks(lambda s, _e: seen.append(s), None, lambda *_: None)
    hooks.watched = True
    made = client("sts")

    async def wrapped(name, params):
        await asyncio.sleep(0)

    arguments = {"RoleArn": "r"}
    coroutine = hooks.call_async(wrapped, made, ("AssumeRole", arguments), {})
    arguments["RoleArn"] = "changed"
    looked = []
    monkeypatch.setattr(hooks, "_close", lambda s, _e: looked.append(s.given.arguments))
    await coroutine
    assert looked == [{"RoleArn": "r"}]
    hooks.detach_all()


def test_a_sink_and_a_watcher_have_the_same_entry(s3):
    with bototrail.recording() as trail, watching(Watcher) as watcher:
        s3.list_buckets()
    assert watcher.entries[0].entry() is trail._entries[0]


def test_nothing_is_kept_while_nobody_watches(s3, monkeypatch):
    monkeypatch.setattr("bototrail.capture.hooks.given", lambda *_: pytest.fail("looked"))
    with bototrail.recording() as trail:
        with watching(Watcher):
            pass
        s3.list_buckets()
    assert len(trail.records) == 1


def test_a_watcher_that_raises_hurts_neither_the_program_nor_others(s3, caplog):
    caplog.set_level(logging.DEBUG, "bototrail")

    class Bad(Watcher):
        def see(self, later, seen):
            raise RuntimeError("mine")

    with watching(Bad), watching(Watcher) as good, bototrail.recording() as trail:
        s3.list_buckets()
    assert (len(good.entries), len(trail.records)) == (1, 1)
    assert "watcher: mine" in caplog.text


def test_what_cannot_be_looked_at_is_recorded_nevertheless(s3, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG, "bototrail")
    monkeypatch.setattr("bototrail.capture.hooks.given", lambda *_: 1 / 0)
    with watching(Watcher) as watcher:
        s3.list_buckets()
    assert (len(watcher.entries), watcher.given) == (1, [None])
    assert "given: division by zero" in caplog.text


def test_refused_by_validation_is_not_seen(s3):
    with watching(Watcher) as watcher, pytest.raises(botocore.exceptions.ParamValidationError):
        s3.put_object(Bucket="bucket")
    assert watcher.entries == []


def test_a_record_that_is_made_later_says_what_was_true_when_the_call_ended(client):
    """The program takes its result apart, and may read its stream at any time."""
    kms, buckets = client("kms"), client("s3")
    arn = "arn:aws:kms:us-east-1:111122223333:key/6d1be1c6-6de5-4b06-a77b-1d5f9c5d1c3b"
    answer(kms, (200, orjson.dumps({"KeyMetadata": {"KeyId": "6d1b", "Arn": arn}})))
    answer(buckets, (200, b"body"), headers={"x-amz-id-2": "id2"})
    with watching(Watcher) as watcher:
        kms.describe_key(KeyId="alias/a").clear()
        got = buckets.get_object(Bucket="reports", Key="k")
        got["ResponseMetadata"]["HTTPHeaders"].clear()
        body = weakref.ref(got["Body"])
        del got
    gc.collect()
    assert body() is None
    first, second = (orjson.loads(later.entry().record) for later in watcher.entries)
    assert first["resources"][0]["ARN"] == arn
    assert second["additionalEventData"]["x-amz-id-2"] == "id2"
    assert watcher.entries[0].entry() is watcher.entries[0].entry()


def test_nothing_stays_behind(s3):
    original = BaseClient.__dict__["_make_api_call"]
    before = handlers(s3, "before-call.s3.ListBuckets")
    with watching(Watcher):
        with watching(Watcher) as inner:
            s3.list_buckets()
        s3.list_buckets()
    assert len(inner.entries) == 1
    assert BaseClient.__dict__["_make_api_call"] is original
    assert handlers(s3, "before-call.s3.ListBuckets") == before


def test_off_switches_watching_off(s3, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL", "off")
    with watching(Watcher) as watcher:
        s3.list_buckets()
    assert watcher.entries == []


def test_copies_hold_the_same_and_are_others():
    value = {"l": [1, {"m": (bytearray(b"x"), {"s"})}], "b": b"b", "t": ("t",)}
    copied = copy(value)
    assert copied == value
    assert copied["l"] is not value["l"]
    assert copied["l"][1]["m"][0] is not value["l"][1]["m"][0]
    assert copied["l"][1]["m"][1] is not value["l"][1]["m"][1]


def test_hostile_values_are_copied_without_asking_them():
    broken, items, loud, stream = Broken(UserName="u"), Items([1]), Loud(), Untouchable()
    copied = copy({"a": broken, "b": items, "c": loud, "d": stream})
    assert (copied["a"], copied["b"], copied["c"] is loud, stream.touched) == ({"UserName": "u"}, [1], True, False)


@pytest.mark.parametrize("make", [lambda: cyclic(3), cyclic_mapping, lambda: nested(1200, True)])
def test_cycles_and_depths_end(make):
    value = make()
    copied = copy(value)
    assert copied is not value
    assert type(copied) is type(value)


@pytest.mark.parametrize(("args", "kwargs"), [((), {}), (("ListBuckets", None), {}), (("X",), {"api_params": 7})])
def test_arguments_of_another_kind_are_none(args, kwargs):
    assert given(args, kwargs).arguments == {}


def test_arguments_may_come_by_name():
    assert given(("X",), {"api_params": {"a": [1]}}).arguments == {"a": [1]}


def test_labels_of_the_process_reach_its_threads_and_lie_below_all_others(s3):
    def work():
        s3.list_buckets()

    try:
        label_process(test="one", phase="call")
        with bototrail.recording() as trail:
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            with bototrail.labelled(phase="mine"):
                label_process(test="two", phase="call")
                s3.list_buckets()
                with bototrail.paused():
                    s3.list_buckets()
    finally:
        label_process()
    labels = [r["additionalEventData"]["labels"] for r in trail.records]
    assert labels == [{"test": "one", "phase": "call"}, {"test": "two", "phase": "mine"}]
    assert current().labels is None
