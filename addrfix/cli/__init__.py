"""The command line: one file per command; this one only finds them and prints errors.

`addrfix --help` must answer at once, so no command's module, and with it no heavy library, is
imported before that command is asked for.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

from addrfix import __version__
from addrfix.model.errors import AddrfixError

# Command and its one line of help; the module of the same name holds the rest.
COMMANDS = {
    "parse": "Read one address and explain it.",
    "clean": "Complete and correct the addresses of a file.",
    "compare": "Tell whether two addresses are the same place.",
    "learn": "Fit the scorer to your own outcomes.",
    "pick": "Choose for each case the address most likely to be signed for.",
    "numbers": "Keep the tracking numbers that the carrier allotted.",
    "explain": "Show why an address of one case was chosen.",
    "features": "Describe each case's addresses for risk models.",
    "templates": "List, check and approve the templates of letters.",
    "letters": "Render the letters of a batch with their manifest.",
    "verify": "Check a batch folder against its manifest.",
    "qc": "Write the quality report of a batch, one page to file.",
    "cancel": "Take letters back before the hand-over.",
    "approve": "Draw the sample for a second person and record who approved the batch.",
    "handover": "Write what print house and post get.",
    "bind": "Bind tracking numbers that come back from the carrier.",
    "track": "Take in the carrier's results.",
    "blacklist": "List the places that returned letters showed to be gone.",
    "report": "Show sign-for rates over any number of batches.",
    "run": "clean, pick and letters in one go.",
    "gazetteer": "Build, show and search the gazetteer.",
}


class Commands(click.Group):
    """A group whose commands are imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, importing its module; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"addrfix.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="addrfix")
def addrfix() -> None:
    """Turn a messy file of debtors into lawyer letters that arrive."""


def main() -> None:
    """Run the command line; errors a person can act on become one sentence and an exit code."""
    # A Windows console may speak GBK: a character it lacks must not break the message.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        # Without its standalone mode click hands back what `ctx.exit` was given.
        code = addrfix(prog_name="addrfix", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("addrfix: interrupted", err=True)
        sys.exit(1)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except AddrfixError as error:
        click.echo(f"addrfix: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away; point stdout at nothing so that exit stays quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)
