"""Capture: botocore's calls, seen from inside the program. The only part that knows wrapt and botocore's inside."""
