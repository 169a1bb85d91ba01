"""AWS Step Functions."""

EVENTS = """
GetActivityTask    Data       read
StartExecution     Management write
StartSyncExecution Data       write
"""
