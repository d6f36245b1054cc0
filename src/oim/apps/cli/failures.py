"""Turn an error that stopped a command into the line to print and the exit code: 1 failed, 2 bad input."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from oim.adapters.engine_http.client import UNAVAILABLE_MESSAGE as NO_ENGINE
from oim.apps.cli.language import t
from oim.bootstrap.urls import mask_url
from oim.kit.cache import CACHE_UNAVAILABLE
from oim.kit.db.failures import NO_ANSWER as NO_DATABASE
from oim.kit.errors import BadInputError, OimError
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED, Settings

_DATABASE_URLS = ("database_url", "database_owner_url")
# By what does not answer: the settings that say where it is.
_URLS = {
    NO_DATABASE: _DATABASE_URLS,
    CACHE_UNAVAILABLE: ("valkey_url", "broker_url"),
    NO_ENGINE: ("engine_url",),
}
# What a setting takes where its type does not say it.
_TAKES = {
    "proxies": mark("addresses or networks with commas between, such as 10.0.0.7, 10.1.0.0/16"),
    "helplines": mark("French name / English name / number, several with ; between"),
}


def to_exit(error: Exception) -> tuple[str, int] | None:
    """Return the line to print and the exit code; None for an unforeseen error, which keeps its traceback."""
    match error:
        case OimError():
            line = _name_settings(t(error.message, **error.values), _URLS.get(error.message, ()))
            return line, 2 if isinstance(error, BadInputError) else 1
        # Of `Settings` alone: any other validation error is a bug of ours.
        case ValidationError(title=Settings.__name__):
            return _describe_setting(error), 2
        case SQLAlchemyError():
            # `orig` is the driver's error: SQLAlchemy's own text goes on with the statement.
            cause = str(getattr(error, "orig", None) or error).splitlines()[0]
            line = t("The database does not answer as it should: %(cause)s", cause=cause)
            return _name_settings(line, _DATABASE_URLS), 1
        case _:
            return None


def _name_settings(line: str, names: tuple[str, ...]) -> str:
    """Add to a line which settings to look at, of those that name a server elsewhere; no secret of them."""
    settings = Settings() if names else None
    urls = {name: getattr(settings, name) for name in names}
    set_urls = {name: url for name, url in urls.items() if url not in {"", EMBEDDED}}
    if not set_urls:
        return line
    shown = ", ".join(f"OIM_{name.upper()} ({mask_url(url)})" for name, url in set_urls.items())
    return f"{line} " + t("Check %(settings)s.", settings=shown)


def _describe_setting(error: ValidationError) -> str:
    """Name the first setting whose value cannot be used, and say what it takes."""
    name = str(error.errors()[0]["loc"][0])
    values = {"name": name.upper(), "takes": describe_values(name)}
    if not values["takes"]:
        return t("OIM_%(name)s cannot be used as it is set. docs/settings.md says what it takes.", **values)
    return t("OIM_%(name)s cannot be used as it is set. It takes %(takes)s.", **values)


def describe_values(name: str) -> str:
    """Describe the values that a setting takes; empty where its type does not say."""
    if name in _TAKES:
        return t(_TAKES[name])
    field = Settings.model_fields.get(name)
    if field is None:
        return ""
    if field.annotation is int:
        bounds: dict[type, Any] = {type(bound): bound for bound in field.metadata}
        return t("a whole number from %(low)s to %(high)s", low=bounds[Ge].ge, high=bounds[Le].le)
    choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    return t("one of %(known)s", known=", ".join(choices)) if choices else ""
