"""The language of the command line, and its translator."""

from __future__ import annotations

import os

from oim.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES, Language, translator


def detect_language() -> Language:
    """Return the language of the environment if it is one of ours, else French."""
    # In the order of precedence that POSIX defines; an empty variable counts as unset. `fr_CM.UTF-8` -> fr
    named = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
    return next((language for language in LANGUAGES if named.startswith(language)), DEFAULT_LANGUAGE)


t = translator(detect_language())
