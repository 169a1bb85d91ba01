"""What a record of an operation will look like, before anybody makes the call."""

from bototrail.record.explain.explanation import Errors, Explanation, explain

__all__ = ["Errors", "Explanation", "explain"]
