"""AWS Backup."""

EVENTS = """
CreateLegalHold Management read
"""
