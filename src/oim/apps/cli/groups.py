"""Groups of commands: mistyped ones are answered by those that resemble them, and listing imports none.

Typer bundles its own copy of Click and gives some of its classes no public name.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module

import typer
from typer._click.core import Command, Context
from typer._click.exceptions import UsageError
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from oim.apps.cli.table import COMMANDS, Entry


class NoSuchCommandError(UsageError):
    """Raised for a command that a group does not have, with the names that resemble it."""

    def __init__(self, name: str, close_names: list[str], ctx: Context) -> None:
        super().__init__(name, ctx)
        self.name = name
        self.close_names = close_names


class Group(TyperGroup):
    """A group whose commands are imported already."""

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Find the command that the first argument names. Raises NoSuchCommandError."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            raise NoSuchCommandError(args[0], get_close_matches(args[0], self.commands), ctx)
        return super().resolve_command(ctx, args)


class Program(Group):
    """`oim` itself, whose commands are imported when they are run: its help needs none of them."""

    def __init__(self, *, commands: Mapping[str, Command], **attributes: object) -> None:
        """`commands` are those that Typer found: none."""
        # A stand-in of each command has all that a list of commands shows.
        listed = {name: TyperCommand(name, help=entry.help) for name, entry in COMMANDS.items()}
        super().__init__(commands={**commands, **listed}, **attributes)  # type: ignore[arg-type]  # as Typer gives them

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Import the command that the first argument names. Raises NoSuchCommandError."""
        name, command, rest = super().resolve_command(ctx, args)
        if not ctx.resilient_parsing:  # so that it completes words whatever the settings are
            _configure_logging()
        return name, load_command(name) if name and command else None, rest


def load_command(name: str) -> Command:
    """Import a command or a group of the table."""
    entry: Entry = COMMANDS[name]
    written = getattr(import_module(f"oim.apps.cli.{name}"), entry.attribute)
    holder = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    holder.callback()(_hold)
    if isinstance(written, typer.Typer):
        holder.add_typer(written, name=name, help=entry.help, cls=Group, no_args_is_help=True)
    else:
        holder.command(name, help=entry.help)(written)
    loaded = get_command(holder)
    if not isinstance(loaded, TyperGroup):
        raise TypeError("Typer makes a group of an application with a callback")
    return loaded.commands[name]


def _configure_logging() -> None:
    """Log only warnings: a command reports progress in its own lines.

    Raises ValidationError for settings that cannot be used.
    """
    # Imported here because settings and logs take as long as all the rest of `oim --help`.
    from oim.kit.settings import Settings
    from oim.kit.telemetry import configure_logging

    configure_logging("WARNING", Settings().log_format)


def _hold() -> None:
    """Make Typer take its application for a group, even with a single command."""
