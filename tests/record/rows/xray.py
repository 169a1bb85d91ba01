"""AWS X-Ray."""

from record.rows import HIDDEN

EVENTS = """
BatchGetTraces                 Data read
GetSamplingTargets             Data read
GetServiceGraph                Data read
GetTimeSeriesServiceStatistics Data read
GetTraceGraph                  Data read
GetTraceSummaries              Data read
PutTelemetryRecords            Data write
PutTraceSegments               Data write
"""

REQUESTS = [
    ("PutTraceSegments", {"TraceSegmentDocuments": ["{}"]}, {"traceSegmentDocuments": HIDDEN}),
]
