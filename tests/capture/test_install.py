"""Where the wraps are placed, and that nothing piles up."""

from __future__ import annotations

import gc
import sys
import types

import pytest
import wrapt
from border import STS_OK, answer

import bototrail
from bototrail.capture import install


@pytest.fixture
def module(monkeypatch):
    """A module that is imported only after recording began."""
    name = "late_botocore.client"
    made = types.ModuleType(name)

    class BaseClient:
        def _make_api_call(self):
            return "answer"

    made.BaseClient = BaseClient
    monkeypatch.setattr(install, "WRAPS", ((name, "BaseClient", "_make_api_call", "call"),))
    monkeypatch.delitem(sys.modules, name, raising=False)
    return made


def test_what_is_imported_later_is_wrapped_then(module, monkeypatch):
    with bototrail.recording():
        sys.modules[module.__name__] = module
        wrapt.notify_module_loaded(module)
        assert isinstance(module.BaseClient.__dict__["_make_api_call"], wrapt.FunctionWrapper)
        assert module.BaseClient()._make_api_call() == "answer"
    assert not isinstance(module.BaseClient.__dict__["_make_api_call"], wrapt.FunctionWrapper)
    monkeypatch.delitem(sys.modules, module.__name__)


def test_many_recordings_leave_nothing_behind(client):
    sts = client("sts")
    requests = answer(sts, (200, STS_OK))

    def once():
        with bototrail.recording():
            sts.get_caller_identity()
        requests.clear()

    once()
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(50):
        once()
    gc.collect()
    assert len(gc.get_objects()) - before < 500
    assert install._live == []


def test_a_client_that_is_dropped_is_not_kept(client):
    import weakref

    sts = client("sts")
    answer(sts, (200, STS_OK))
    with bototrail.recording():
        sts.get_caller_identity()
        gone = weakref.ref(sts)
        del sts
        gc.collect()
        assert gone() is None


def test_a_stale_list_of_listeners_is_noticed_and_renewed(client):
    """As when another thread looked up the listeners in the moment in which we registered."""
    sts = client("sts")
    answer(sts, (200, STS_OK))
    cache = sts.meta.events._emitter._lookup_cache
    with bototrail.recording() as trail:
        sts.get_caller_identity()
        emitter = sts.meta.events._emitter
        for event in ("before-parameter-build", "before-call", "after-call"):
            emitter._lookup_cache[f"{event}.sts.GetCallerIdentity"] = ()
        sts.get_caller_identity()
        sts.get_caller_identity()
    assert len(trail.records) == 2
    assert isinstance(cache, dict)
