"""The command line: `bototrail --help`."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Final

import click

from bototrail._version import __version__
from bototrail.cli.shown import shown
from bototrail.errors import BototrailError

_COMMANDS: Final = {
    # name: the module that has it under this name
    "demo": "demo_command",
    "digest": "digest",
    "explain": "explain",
    "flush": "flush",
    "keys": "keys",
    "lookup": "lookup",
    "policy": "policy",
    "run": "run",
    "serve": "serve",
    "show": "show",
    "status": "status",
    "sync": "sync",
    "tail": "lookup",
    "trails": "trails",
    "validate": "validate",
    "why": "why",
}


def _paused() -> AbstractContextManager[None]:
    """What a command sends itself is no call of the program's, whatever $BOTOTRAIL says.

    Where nothing can record, nothing is imported for it: it would take as long as to validate a small bucket.
    """
    if not ({"BOTOTRAIL", "BOTOTRAIL_TRAILS"} & os.environ.keys() or "bototrail.recorder" in sys.modules):
        return nullcontext()
    from bototrail.capture.scope import paused

    return paused()


class Commands(click.Group):
    """Imports a command when it is asked for: all of them together take longer than many a command itself.

    Turns our errors, and those of files, into one clear line and exit code 2; a closed pipe is no error. Ctrl-C is
    exit code 130, as in shells, because 1 is what a check says.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return sorted({*_COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name in _COMMANDS and cmd_name not in self.commands:
            self.add_command(getattr(import_module(f"bototrail.cli.{_COMMANDS[cmd_name]}"), cmd_name))
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            with _paused():
                return super().invoke(ctx)
        except BototrailError as error:
            raise click.UsageError(shown(str(error))) from None
        except BrokenPipeError:
            sys.stderr.close()  # what is still buffered would complain at exit
            ctx.exit(0)
        except OSError as error:
            raise click.UsageError(shown(_said(error))) from None
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(130)


def _said(error: OSError) -> str:
    """What stands in the way of reading or writing a file that no part looks after, the standard output for one."""
    found = error.strerror or str(error)
    if error.filename is None:
        return f"expected an output that can be written; found {found}; make room, or send it elsewhere"
    return f"expected a file that can be used at {error.filename}; found {found}; correct its name or its rights"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bototrail")
def main() -> None:
    """CloudTrail for the client side: every AWS SDK call of a program, recorded as CloudTrail log files."""
