"""Amazon CloudWatch."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "GetMetricData",
            "GetMetricStatistics",
            "GetMetricWidgetImage",
            "ListMetrics",
            "PutMetricData",
        }
    ),
    # [GetDashboard of 2021]
    hidden={
        "GetDashboardInput.DashboardName": OMITTED,
    },
)
