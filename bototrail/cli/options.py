"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from bototrail.settings import default_state

state_option = click.option(
    "--state",
    type=click.Path(path_type=Path),
    help="State directory: the spool, and keys.  [default: $BOTOTRAIL_STATE, else the platform's place for state]",
)

keys_option = click.option(
    "--keys",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Key folder.  [default: $BOTOTRAIL_KEYS, else keys in the state directory]",
)

signing_key_option = click.option(
    "--signing-key",
    metavar="FILE|ARN",
    help="PEM file, or key in AWS KMS, to sign with instead of a key of the folder.  [default: $BOTOTRAIL_SIGNING_KEY]",
)


def state_directory(given: Path | None) -> Path:
    """The state directory that a command works on."""
    return given.expanduser().absolute() if given is not None else default_state()
