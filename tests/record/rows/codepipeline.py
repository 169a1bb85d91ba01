"""AWS CodePipeline."""

EVENTS = """
PollForJobs Management read
"""
