"""AWS Well-Architected Tool."""

EVENTS = """
TagResource   Management read
UntagResource Management read
"""
