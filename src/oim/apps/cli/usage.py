"""Say what is wrong with a command line, in translated texts of ours: Click's are English only."""

from __future__ import annotations

# Typer bundles its own copy of Click and gives these classes no public name.
from typer._click.exceptions import (
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)

from oim.apps.cli.groups import NoSuchCommandError
from oim.apps.cli.language import t
from oim.kit.i18n import mark

_NO_OPTION = mark("There is no option %(name)s. See: %(command)s --help")
_OTHER_OPTION = mark("There is no option %(name)s. Did you mean %(close)s? See: %(command)s --help")
_NO_COMMAND = mark("There is no command %(name)s. See: %(command)s --help")
_OTHER_COMMAND = mark("There is no command %(name)s. Did you mean %(close)s? See: %(command)s --help")
_MISSING = mark("%(name)s is missing. See: %(command)s --help")
_BAD_VALUE = mark("%(name)s does not take this value. See: %(command)s --help")
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
        case MissingParameter(param=param) if param:
            return t(_MISSING, name=param.opts[0], command=command)
        case BadParameter(param=param) if param:
            return t(_BAD_VALUE, name=param.opts[0], command=command)
        case _:
            return t(_NOT_UNDERSTOOD, command=command)
