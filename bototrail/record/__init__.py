"""From a call to its CloudTrail record: pure functions, and the facts about each service as data."""

from __future__ import annotations

from bototrail.record.assemble import assemble
from bototrail.record.plan import Plan, plan_for

__all__ = ["Plan", "assemble", "plan_for"]
