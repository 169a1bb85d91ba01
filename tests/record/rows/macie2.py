"""Amazon Macie."""

EVENTS = """
UpdateFindingsFilter Management read
"""
