"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from bototrail.settings import default_state

state_option = click.option(
    "--state",
    type=click.Path(path_type=Path),
    help="State directory that holds the spool.  [default: $BOTOTRAIL_STATE, else the platform's place for state]",
)


def state_directory(given: Path | None) -> Path:
    """The state directory that a command works on."""
    return given.expanduser().absolute() if given is not None else default_state()
