"""Proof that log files are as they were delivered: keys, signed digest files, and their validation."""
