"""What the program says about the calls it makes here: `paused()` and `labelled()`.

A context variable keeps threads and tasks apart. s3transfer hands botocore's own context to its threads, so the scope
travels on that one as well, and an upload in parts carries the labels of whoever started it.

Below all of them lie labels of the whole process, which no context hides: a test runner's name of the test that runs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Scope:
    """Whether recording is paused here, and the labels that records get."""

    paused: bool = False
    labels: Mapping[str, str] | None = None

    def __deepcopy__(self, _memo: Any) -> Scope:
        return self  # botocore copies its context for every call


NOTHING = Scope()
_scope: ContextVar[Scope | None] = ContextVar("bototrail_scope", default=None)
_ATTRIBUTE = "bototrail_scope"

try:
    from botocore.context import get_context, start_as_current_context
except ImportError:  # botocore before 1.37 has no context, and s3transfer hands none on

    def get_context() -> Any:
        """No context."""

    start_as_current_context = contextlib.nullcontext


_process_labels: Mapping[str, str] = {}


def label_process(**labels: str) -> None:
    """Give `labels` to every record of this process, in all threads, until this is called again.

    Labels of `labelled` win where both name the same.
    """
    global _process_labels
    _process_labels = labels


def current() -> Scope:
    """The scope that holds for a call made here and now."""
    scope = _entered_here()
    return scope if not _process_labels else replace(scope, labels={**_process_labels, **(scope.labels or {})})


def _entered_here() -> Scope:
    scope = _scope.get()
    if scope is not None:
        return scope
    return getattr(get_context(), _ATTRIBUTE, NOTHING)


@contextlib.contextmanager
def _entered(scope: Scope) -> Iterator[None]:
    token = _scope.set(scope)
    botocores = start_as_current_context()
    botocores.__enter__()
    try:
        if (context := get_context()) is not None:
            setattr(context, _ATTRIBUTE, scope)
        yield
    finally:
        # ValueError: left in another context than entered (generators of web frameworks and async fixtures).
        with contextlib.suppress(ValueError):
            botocores.__exit__(None, None, None)
        with contextlib.suppress(ValueError):
            _scope.reset(token)


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Record nothing inside; other threads and tasks go on being recorded."""
    with _entered(replace(_entered_here(), paused=True)):
        yield


@contextlib.contextmanager
def labelled(**labels: object) -> Iterator[None]:
    """Write `labels` (values become text) into additionalEventData.labels of every record made inside.

    Labels of an outer `labelled` stay, the inner one wins where both name the same.
    """
    scope = _entered_here()  # without those of the process, which may change while we are inside
    merged = {**(scope.labels or {}), **{k: str(v) for k, v in labels.items()}}
    with _entered(replace(scope, labels=merged)):
        yield
