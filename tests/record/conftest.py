from __future__ import annotations

from typing import Any

import pytest
from record import calls


@pytest.fixture(name="plan")
def plan_fixture() -> Any:
    return calls.plan


@pytest.fixture(name="line")
def line_fixture() -> Any:
    return calls.line


@pytest.fixture(name="record")
def record_fixture() -> Any:
    return calls.record


@pytest.fixture(name="service_model")
def service_model_fixture() -> Any:
    return calls.service_model
