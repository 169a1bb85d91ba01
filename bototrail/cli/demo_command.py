"""`bototrail demo`."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("directory", metavar="DIR", default="audit", type=click.Path(path_type=Path))
def demo(directory: Path) -> None:
    """Record a real program's calls against an embedded moto, and show them.

    The program makes calls to many services; what it did is left in DIR (default ./audit) as CloudTrail log files, and
    printed as a table. Needs nothing but `pip install 'bototrail[demo]'`: no account, no network.
    """
    from bototrail.cli.demo import run_demo

    sys.exit(run_demo(directory, click.echo))
