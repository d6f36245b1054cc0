"""Say what is wrong with a command line, in translated texts of ours: Click's are English only."""

from __future__ import annotations

from enum import Enum
from typing import get_args
from uuid import UUID

# Typer bundles its own copy of Click and gives these classes no public name.
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer.core import TyperArgument, TyperOption

from oim.apps.cli.groups import NoSuchCommandError
from oim.apps.cli.help import translate_name
from oim.apps.cli.language import t
from oim.kit.i18n import mark

_NO_OPTION = mark("There is no option %(name)s. See: %(command)s --help")
_OTHER_OPTION = mark("There is no option %(name)s. Did you mean %(close)s? See: %(command)s --help")
_NO_COMMAND = mark("There is no command %(name)s. See: %(command)s --help")
_OTHER_COMMAND = mark("There is no command %(name)s. Did you mean %(close)s? See: %(command)s --help")
_MISSING = mark("%(name)s is missing. See: %(command)s --help")
_MISSING_CHOICE = mark("%(name)s is missing: give one of %(known)s. See: %(command)s --help")
_MISSING_VALUE = mark("%(name)s needs a value after it. See: %(command)s --help")
_BAD_VALUE = mark("%(name)s does not take this value. See: %(command)s --help")
_BAD_CHOICE = mark("%(name)s does not take this value, but one of %(known)s. See: %(command)s --help")
# By the type of the values.
_BAD_VALUES: dict[object, str] = {
    int: mark("%(name)s takes a whole number. See: %(command)s --help"),
    UUID: mark("%(name)s takes an identifier, 32 digits and letters a to f. See: %(command)s --help"),
}
_NOT_UNDERSTOOD = mark("This command is not understood. See: %(command)s --help")


def describe_usage_error(error: UsageError) -> str:
    """Describe a command line that cannot be used, in one line; of a group without a command, the help."""
    command = error.ctx.command_path if error.ctx else "oim"
    match error:
        case NoArgsIsHelpError():
            return error.message
        case NoSuchCommandError():
            message = _OTHER_COMMAND if error.close_names else _NO_COMMAND
            return t(message, name=error.name, close=", ".join(error.close_names), command=command)
        case NoSuchOption():
            close_names = error.possibilities or ()
            message = _OTHER_OPTION if close_names else _NO_OPTION
            return t(message, name=error.option_name, close=", ".join(close_names), command=command)
        case BadOptionUsage():
            return t(_MISSING_VALUE, name=error.option_name, command=command)
        case BadParameter(param=(TyperArgument() | TyperOption()) as param):
            return _describe_parameter(param, command, is_missing=isinstance(error, MissingParameter))
        case _:
            return t(_NOT_UNDERSTOOD, command=command)


def _describe_parameter(param: TyperArgument | TyperOption, command: str, *, is_missing: bool) -> str:
    """Describe what a parameter takes, where it is missing or has another value."""
    annotation = param.type_descriptor.annotation
    type_ = next(iter(get_args(annotation)), annotation)  # of a list, that of its items
    known = [str(member) for member in type_] if isinstance(type_, type) and issubclass(type_, Enum) else []
    if is_missing:
        message = _MISSING_CHOICE if known else _MISSING
    else:
        message = _BAD_CHOICE if known else _BAD_VALUES.get(type_, _BAD_VALUE)
    return t(message, name=translate_name(param.opts[0]), known=", ".join(known), command=command)
