"""Amazon SageMaker."""

EVENTS = """
DeleteModelCard  Management read
RenderUiTemplate Management read
"""
