"""AWS Amplify backends."""

EVENTS = """
GetBackend          Management write
GetBackendAPI       Management write
GetBackendAPIModels Management write
GetBackendAuth      Management write
GetBackendStorage   Management write
GetToken            Management read
ListBackendJobs     Management write
ListS3Buckets       Management write
"""
