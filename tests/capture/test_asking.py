"""Asking who calls, by several threads."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from bototrail.capture import ask
from bototrail.capture.ask import Asker


def test_who_reads_while_another_thread_asks_waits_for_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answer, learned = threading.Event(), threading.Event(), []

    def who(*_: object) -> str:
        asked.set()
        assert answer.wait(10)
        return "them"

    monkeypatch.setattr(ask, "_who", who)
    monkeypatch.setattr(ask, "snapshot", lambda client, key: key)
    asker = Asker(lambda key, identity: learned.append((key, identity)))
    facts = SimpleNamespace(region="us-east-1", emulator=False)
    asker.want("key", "AKIA", SimpleNamespace(client=None, facts=facts, connection=None))  # type: ignore[arg-type]
    background = threading.Thread(target=asker.ask)
    background.start()
    assert asked.wait(10)
    seen: list[object] = []
    reader = threading.Thread(target=lambda: (asker.ask(), seen.extend(learned)))
    reader.start()
    reader.join(0.2)
    assert reader.is_alive()
    answer.set()
    reader.join(10)
    background.join(10)
    assert seen == [("key", "them")]
