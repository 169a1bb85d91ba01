"""AWS CloudFormation."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # [facts §4.6]
    reads=frozenset(
        {
            "EstimateTemplateCost",
        }
    ),
    # Of parameters the keys only, and no templates. [rules.md §12]
    hidden={
        "*.ParameterValue": OMITTED,
        "*.ResolvedValue": OMITTED,
        "*.TemplateBody": OMITTED,
    },
)
