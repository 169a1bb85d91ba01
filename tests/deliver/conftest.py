"""What the tests of delivery share."""

from __future__ import annotations

import pytest
from deliver.spooled import Logs

from bototrail.deliver import clients


@pytest.fixture
def logs(monkeypatch) -> Logs:
    return Logs(monkeypatch)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(clients, "_PAUSES", (0.0, 0.0))
