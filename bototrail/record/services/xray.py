"""AWS X-Ray."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "BatchGetTraces",
            "GetSamplingTargets",
            "GetServiceGraph",
            "GetTimeSeriesServiceStatistics",
            "GetTraceGraph",
            "GetTraceSummaries",
            "PutTelemetryRecords",
            "PutTraceSegments",
        }
    ),
    # Only ids of traces. [facts §11]
    hidden={
        "*.TraceSegmentDocuments": HIDDEN,
    },
)
