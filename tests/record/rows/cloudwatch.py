"""Amazon CloudWatch."""

EVENTS = """
GetDashboard         Management read
GetMetricData        Data       read
GetMetricStatistics  Data       read
GetMetricWidgetImage Data       read
ListMetrics          Data       read
PutMetricData        Data       write
"""

REQUESTS = [
    ("GetDashboard", {"DashboardName": "d"}, None),
]
