"""`import bototrail.auto` records what the environment says (`BOTOTRAIL=...`), as the variable itself would."""

from bototrail.recorder import start_from_environment

start_from_environment()
