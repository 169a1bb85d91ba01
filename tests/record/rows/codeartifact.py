"""AWS CodeArtifact."""

EVENTS = """
GetAuthorizationToken Management write
"""
