"""What verbs share of the terminal: its language, where lines go, progress bars."""

from __future__ import annotations

import os

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from oim.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES, Language, translator


def _detect_language() -> Language:
    """The language of the environment, where it is one of ours; else French."""
    named = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
    return next((language for language in LANGUAGES if named.startswith(language)), DEFAULT_LANGUAGE)


t = translator(_detect_language())
output = Console(highlight=False, emoji=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


def report(message: str, /, **values: object) -> None:
    """One line of progress, beside the data that a verb prints."""
    errors.print(f"· {t(message, **values)}", markup=False)


def progress_bar() -> Progress:
    """A progress bar on standard error; nothing is drawn where that is no terminal."""
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
