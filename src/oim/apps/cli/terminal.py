"""The terminal, as all commands use it: its language, where lines go, progress bars."""

from __future__ import annotations

import os

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from oim.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES, Language, translator


def _detect_language() -> Language:
    """Return the language of the environment if it is one of ours, else French."""
    # In the order of precedence that POSIX defines; an empty variable counts as unset. `fr_CM.UTF-8` -> fr
    named = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
    return next((language for language in LANGUAGES if named.startswith(language)), DEFAULT_LANGUAGE)


t = translator(_detect_language())
# `emoji=False`: rich would replace a `:name:` in an offer's title. `soft_wrap`: lines stay whole in a pipe.
output = Console(highlight=False, emoji=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


def report(message: str, /, **values: object) -> None:
    """Print one line of progress to standard error, which keeps it apart from the data on standard output."""
    errors.print(f"· {t(message, **values)}", markup=False)


def progress_bar() -> Progress:
    """Create a progress bar on standard error; nothing is drawn where that is not a terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[detail]}"),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )
