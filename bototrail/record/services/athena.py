"""Amazon Athena."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [facts §4.6]
    reads=frozenset(
        {
            "ExportNotebook",
        }
    ),
    # [rules.md §12]
    hidden={
        "*.CodeBlock": "HIDDEN_FOR_SECURITY_REASONS",
        "*.ExecutionParameters": "***OMITTED***",
        "*.Payload": "HIDDEN_FOR_SECURITY_REASONS",
        "*.QueryStatement": "***OMITTED***",
        "*.QueryString": "***OMITTED***",
    },
)
