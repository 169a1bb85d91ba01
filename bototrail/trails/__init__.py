"""Trails: which records are kept, and everywhere they go.

`bototrail.trails.file` reads them out of a file; it stands apart because programs without one need not import it.
"""

from bototrail.trails.trail import DEFAULT_SELECTORS, LOG_KINDS, Trail, bucket_name, default_trail

__all__ = ["DEFAULT_SELECTORS", "LOG_KINDS", "Trail", "bucket_name", "default_trail"]
