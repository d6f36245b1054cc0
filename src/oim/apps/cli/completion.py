"""`oim completion`: print the script by which a shell completes commands and their options."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

# Typer's own, which it offers only as options with English texts.
from typer._completion_shared import get_completion_script

from oim.apps.cli.language import t

VARIABLE = "_OIM_COMPLETE"  # set by the script when the shell wants completions


class Shell(StrEnum):
    """The shells that Typer has a script for, of those that people here use."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


ShellName = Annotated[
    Shell, typer.Argument(help=t("bash, zsh or fish."), metavar="|".join(Shell), show_default=False)
]


def completion(shell: ShellName) -> None:
    """Print the script for the shell to read."""
    typer.echo(get_completion_script(prog_name="oim", complete_var=VARIABLE, shell=shell.value))
