"""Capture: botocore's calls, seen from inside the program. The only part that knows wrapt and botocore's inside."""

from bototrail.capture.capture import Capture
from bototrail.capture.scope import labelled, paused

__all__ = ["Capture", "labelled", "paused"]
