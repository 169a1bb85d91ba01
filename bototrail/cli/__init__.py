"""The command line: `bototrail --help`."""

from __future__ import annotations

import sys

import click

from bototrail._version import __version__
from bototrail.capture.scope import paused
from bototrail.cli.demo_command import demo
from bototrail.cli.digest import digest
from bototrail.cli.explain import explain
from bototrail.cli.flush import flush
from bototrail.cli.keys import keys
from bototrail.cli.policy import policy
from bototrail.cli.run import run
from bototrail.cli.serve import serve
from bototrail.cli.shown import shown
from bototrail.cli.status import status
from bototrail.cli.sync import sync
from bototrail.cli.trails import trails
from bototrail.cli.why import why
from bototrail.errors import BototrailError


class Commands(click.Group):
    """Turns our errors into one clear line and exit code 2; a closed pipe is no error."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            with paused():  # what a command sends itself is no call of the program's, whatever $BOTOTRAIL says
                return super().invoke(ctx)
        except BototrailError as error:
            raise click.UsageError(shown(str(error))) from None
        except BrokenPipeError:
            sys.stderr.close()  # what is still buffered would complain at exit
            ctx.exit(0)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bototrail")
def main() -> None:
    """CloudTrail for the client side: every AWS SDK call of a program, recorded as CloudTrail log files."""


for command in (demo, digest, explain, flush, keys, policy, run, serve, status, sync, trails, why):
    main.add_command(command)
