"""Turn an error that stopped a command into the line to print and the exit code: 1 failed, 2 bad input."""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

# Typer bundles its own copy of Click and gives these classes no public name.
from typer._click.exceptions import (
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)

from oim.apps.cli.terminal import t
from oim.kit.errors import BadInputError, OimError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

_NO_OPTION = mark("There is no option %(name)s. See: %(command)s --help")
_MISSING = mark("%(name)s is missing. See: %(command)s --help")
_BAD_VALUE = mark("%(name)s does not take this value. See: %(command)s --help")
_NOT_UNDERSTOOD = mark("This command is not understood. See: %(command)s --help")


def to_exit(error: Exception) -> tuple[str, int] | None:
    """Return the line to print and the exit code; None for an unforeseen error, which keeps its traceback."""
    # The order matters: NoArgsIsHelpError, whose message is the help text, is a UsageError too.
    match error:
        case OimError():
            return t(error.message, **error.values), 2 if isinstance(error, BadInputError) else 1
        case NoArgsIsHelpError():
            return error.message, 2
        case UsageError():
            return _usage_message(error), 2
        # Of `Settings` alone: any other validation error is a bug of ours.
        case ValidationError(title=Settings.__name__):
            return _setting_message(error), 2
        case SQLAlchemyError():
            # `orig` is the driver's error: SQLAlchemy's own text goes on with the statement.
            cause = str(getattr(error, "orig", None) or error).splitlines()[0]
            return t("The database does not answer as it should: %(cause)s", cause=cause), 1
        case _:
            return None


def _usage_message(error: UsageError) -> str:
    """Say what is wrong with a command line, in a translated text of ours: Click's are English only."""
    command = error.ctx.command_path if error.ctx else "oim"
    match error:
        case NoSuchOption():
            return t(_NO_OPTION, name=error.option_name, command=command)
        case MissingParameter(param=param) if param:
            return t(_MISSING, name=param.opts[0], command=command)
        case BadParameter(param=param) if param:
            return t(_BAD_VALUE, name=param.opts[0], command=command)
        case _:
            return t(_NOT_UNDERSTOOD, command=command)


def _setting_message(error: ValidationError) -> str:
    """Name the first setting whose value cannot be used."""
    name = str(error.errors()[0]["loc"][0]).upper()
    return t("OIM_%(name)s cannot be used as it is set. docs/settings.md says what it takes.", name=name)
