"""Amazon CloudWatch Internet Monitor."""

REQUESTS = [
    ("DeleteMonitor", {"MonitorName": "m"}, {"MonitorName": "m"}),
]
