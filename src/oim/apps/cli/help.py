"""The help of commands, in the language of the terminal: what Typer writes of its own is English only."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Typer bundles its own copy of Click and gives these classes no public name.
from typer._click.core import Context
from typer._click.formatting import HelpFormatter

from oim.apps.cli.language import t
from oim.kit.i18n import mark

# By what Typer writes: of headings, of the usage line, and of the second column of parameters.
_HEADINGS = {"Arguments": mark("Arguments:"), "Options": mark("Options:"), "Commands": mark("Commands:")}
_USAGE = {"[OPTIONS]": mark("[OPTIONS]"), "COMMAND [ARGS]...": mark("COMMAND [ARGUMENTS]…")}
_REMARKS = {"required": mark("required"), "default:": mark("default:")}
_HELP_OF_HELP = {"Show this message and exit.": mark("Show this help.")}
# Of types of values.
_TYPES = {
    "str": mark("text"),
    "list[str]": mark("text"),
    "int": mark("number"),
    "int range": mark("number"),
    "path": mark("path"),
}
# Of arguments, as their functions name them.
_NAMES = {
    "email": mark("e-mail"),
    "file": mark("file"),
    "folder": mark("folder"),
    "offer": mark("offer"),
    "path": mark("file"),
}


class Formatter(HelpFormatter):
    """Writes the help of a command, with Typer's own words translated."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how a command is called."""
        args = re.sub(r"\{(\w+)\}", lambda match: f"{{{translate_name(match[1])}}}", _translate(args, _USAGE))
        super().write_usage(prog, args, prefix or t("Usage: "))

    def write_heading(self, heading: str) -> None:
        """Write the heading of a list."""
        self.write(f"{'':>{self.current_indent}}{_translate(heading, _HEADINGS)}\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a list of commands, or of parameters and what they mean."""
        super().write_dl(
            [(_translate_parameter(left), _translate_meaning(right)) for left, right in rows],
            col_max,
            col_spacing,
        )


def translate_help() -> None:
    """Have the help of every command written by `Formatter`."""
    Context.formatter_class = Formatter


def translate_name(name: str) -> str:
    """Translate the name of an argument; that of an option is a part of the command line, and stays."""
    return t(_NAMES[name]) if name in _NAMES else name


def _translate(text: str, words: dict[str, str]) -> str:
    """Translate the words of a text that are in a table."""
    for word, message in words.items():
        text = text.replace(word, t(message))
    return text


def _translate_parameter(text: str) -> str:
    """Translate the name and type of a parameter: `folder <path>`."""
    text = re.sub(
        r"<([^<>]+)>", lambda match: f"<{t(_TYPES[match[1]])}>" if match[1] in _TYPES else match[0], text
    )
    name, space, rest = text.partition(" ")
    return f"{translate_name(name)}{space}{rest}"


def _translate_meaning(text: str) -> str:
    """Translate what Typer adds to the meaning of a parameter, in brackets at its end."""
    text = _translate(text, _HELP_OF_HELP)
    return re.sub(r"\[[^][]*\]$", lambda match: _translate(match[0], _REMARKS), text)
