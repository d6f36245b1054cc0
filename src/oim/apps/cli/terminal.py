"""The terminal, as all commands use it: where lines go, progress bars, and the translator of texts."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from oim.apps.cli.language import t

__all__ = ["errors", "format_figure", "output", "progress_bar", "report", "t"]

# `emoji=False`: rich would replace a `:name:` in an offer's title. `soft_wrap`: lines stay whole in a pipe.
output = Console(highlight=False, emoji=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


def report(message: str, /, **values: object) -> None:
    """Print one line of progress to standard error, which keeps it apart from the data on standard output."""
    errors.print(f"· {t(message, **values)}", markup=False)


def format_figure(value: float, digits: int) -> str:
    """Format a figure with so many decimals, after the comma of French or the point of English."""
    return f"{value:.{digits}f}".replace(".", "," if t.language == "fr" else ".")


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
