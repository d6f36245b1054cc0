"""The `oim` program: its commands, and errors printed as one line with exit 1 (failed) or 2 (bad input)."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import Annotated

import typer
from typer._click.exceptions import UsageError
from typer._completion_classes import completion_init

from oim.apps.cli.completion import VARIABLE
from oim.apps.cli.groups import Program
from oim.apps.cli.help import translate_help
from oim.apps.cli.language import t
from oim.apps.cli.usage import describe_usage_error
from oim.kit.environment import PRIVATE_UMASK, drop_foreign_variables

app = typer.Typer(
    name="oim",
    cls=Program,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(is_asked: bool) -> None:
    """Print the version and end, if `--version` was given."""
    if is_asked:
        # Imported here because it takes a tenth of the time of `oim --help`, which needs it not.
        from importlib.metadata import version

        typer.echo(f"oim {version('oim')}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", help=t("Print the version."), callback=_print_version, is_eager=True)
]


@app.callback(help=t("Livelihood offers in Cameroon, gathered and matched to each person."))
def oim(version_: Version = False) -> None:
    """Declare the options of `oim` itself."""


def main() -> None:
    """Run the command that the command line names, and exit."""
    os.umask(PRIVATE_UMASK)
    drop_foreign_variables()
    _replace_unencodable()
    translate_help()
    if VARIABLE in os.environ:
        completion_init()
    try:
        # Not standalone: Click would print errors itself, in English, rather than raise them.
        sys.exit(app(prog_name="oim", standalone_mode=False))
    except UsageError as error:
        typer.echo(describe_usage_error(error), err=True)
        sys.exit(2)
    except Exception as error:
        # Imported here because it takes the libraries whose errors it knows, which `oim --help` does without.
        from oim.apps.cli.failures import to_exit

        failure = to_exit(error)
        if failure is None:
            raise
        line, code = failure
        typer.echo(line, err=True)
        sys.exit(code)


def _replace_unencodable() -> None:
    """Print `?` for what the terminal's encoding lacks, as for é where it is ASCII, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a test's may be another
            stream.reconfigure(errors="replace")
