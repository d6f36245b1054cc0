"""Checking all URL settings before anything starts, so that a mistyped one shows at once and by its name."""

from __future__ import annotations

import os
from pathlib import Path

from oim.bootstrap.tables import TABLES
from oim.bootstrap.urls import choose
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

_OLD_KEYS = "OIM_KEYS"  # the path of the key ring, before it became a URL


def find_faults(settings: Settings) -> list[BadInputError]:
    """Return what is wrong with the URL settings, in the order of the tables; nothing is connected to."""
    faults = []
    for setting, table in TABLES.items():
        try:
            choose(setting, getattr(settings, setting), table)
        except BadInputError as fault:
            faults.append(fault)
    return faults + _find_old_settings()


def check_urls(settings: Settings) -> None:
    """Raise the first BadInputError of `find_faults`, if there is one."""
    for fault in find_faults(settings):
        raise fault


def _find_old_settings() -> list[BadInputError]:
    """Return the error of a setting that has another name now: ignored, it would hide the keys."""
    path = next((value for name, value in os.environ.items() if name.upper() == _OLD_KEYS and value), None)
    if path is None:
        return []
    message = mark("OIM_KEYS is now OIM_KEYS_URL. Set that to %(url)s, and unset OIM_KEYS.")
    return [BadInputError(message, field="keys_url", url=Path(path).absolute().as_uri())]
