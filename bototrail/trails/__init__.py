"""Trails: which records are kept, and everywhere they go."""

from bototrail.trails.file import TrailsFile, load_trails
from bototrail.trails.trail import DEFAULT_SELECTORS, LOG_KINDS, Trail, default_trail

__all__ = ["DEFAULT_SELECTORS", "LOG_KINDS", "Trail", "TrailsFile", "default_trail", "load_trails"]
