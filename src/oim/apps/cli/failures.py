"""Turn an error that stopped a command into the line to print and the exit code: 1 failed, 2 bad input."""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from oim.apps.cli.language import t
from oim.kit.errors import BadInputError, OimError
from oim.kit.settings import Settings


def to_exit(error: Exception) -> tuple[str, int] | None:
    """Return the line to print and the exit code; None for an unforeseen error, which keeps its traceback."""
    match error:
        case OimError():
            return t(error.message, **error.values), 2 if isinstance(error, BadInputError) else 1
        # Of `Settings` alone: any other validation error is a bug of ours.
        case ValidationError(title=Settings.__name__):
            return _setting_message(error), 2
        case SQLAlchemyError():
            # `orig` is the driver's error: SQLAlchemy's own text goes on with the statement.
            cause = str(getattr(error, "orig", None) or error).splitlines()[0]
            return t("The database does not answer as it should: %(cause)s", cause=cause), 1
        case _:
            return None


def _setting_message(error: ValidationError) -> str:
    """Name the first setting whose value cannot be used."""
    name = str(error.errors()[0]["loc"][0]).upper()
    return t("OIM_%(name)s cannot be used as it is set. docs/settings.md says what it takes.", name=name)
