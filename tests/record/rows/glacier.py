"""Amazon S3 Glacier."""

EVENTS = """
InitiateJob Management read
"""
