"""CloudTrail's limits, none of which can be raised.

Source: CloudTrail user guide, quotas. [facts §8.6]
"""

from __future__ import annotations

from typing import Final

TRAILS_PER_REGION: Final = 5
"""Trails of a region; those of all regions count in each."""

SELECTORS: Final = 5
"""Basic event selectors of a trail."""

DATA_RESOURCES: Final = 250
"""Data resources over all basic selectors of a trail; the forms that mean all of a type do not count."""

CONDITIONS: Final = 500
"""Values over all conditions of all advanced selectors of a trail."""

TAGS: Final = 50
"""Tags of a trail; the model says 200, the service's TagsLimitExceededException 50."""
