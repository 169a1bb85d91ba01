"""Amazon Connect."""

EVENTS = """
ListRealtimeContactAnalysisSegmentsV2 Management write
"""

REQUESTS = [
    ("CreateInstance", {"InstanceAlias": "a"}, {"InstanceAlias": "a"}),
    ("GetContactAttributes", {"InstanceId": "i"}, {"InstanceId": "i"}),
]
