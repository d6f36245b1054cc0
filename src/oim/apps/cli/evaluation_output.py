"""What the evaluation commands share: cached vectors, progress bars and the table of figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from oim import bootstrap
from oim.apps.cli.terminal import format_figure, output, progress_bar, t
from oim.features.evaluation import (
    MEASURES,
    DiskCachedEmbedder,
    EvaluationReport,
    EvaluationSet,
    Ranker,
    evaluate,
)
from oim.kit.settings import Settings

TIME_COLUMNS = ("p50_ms", "p95_ms")  # milliseconds per query
Row = tuple[str, Mapping[str, float]]


@contextmanager
def open_cached_embedder() -> Iterator[DiskCachedEmbedder]:
    """Yield the configured embedder; the vectors it computes are stored under the home for later runs."""
    settings = Settings()
    embedder = bootstrap.embedder(bootstrap.embedder_url(settings))
    # In the home, but apart from the database: evaluations must not touch a person's own data.
    path = settings.home.absolute() / "cache" / "vectors.sqlite"
    with progress_bar() as bar:
        task = bar.add_task(t("Embedding"), total=None, detail="")

        def report_progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, detail=f"{done}/{total}")

        with DiskCachedEmbedder(embedder, path, report_progress) as cached_embedder:
            yield cached_embedder


def run_queries(evaluation_set: EvaluationSet, ranker: Ranker, depth: int) -> EvaluationReport:
    """Run every query of a set on a ranker, with a progress bar; rankings are cut at `depth`."""
    with progress_bar() as bar:
        task = bar.add_task(t("Asking"), total=len(evaluation_set.queries), detail=evaluation_set.name)
        return evaluate(evaluation_set, ranker, depth, lambda done: bar.update(task, completed=done))


def collect_figures(report: EvaluationReport) -> dict[str, float]:
    """Return all figures of a report by name, rounded to six decimals: more than they are precise to."""
    return {
        name: round(value, 6) for name, value in (report.mean_figures() | report.time_percentiles()).items()
    }


def print_table(title: str, rows: Sequence[Row]) -> None:
    """Print a line of headings, then one line per system; a figure that a system lacks stays blank."""
    widest = max(len(name) for name in (title, *(name for name, _ in rows)))
    headings = [*MEASURES, *TIME_COLUMNS]
    _print_cells([title.ljust(widest), *(heading.rjust(_width(heading)) for heading in headings)])
    for name, figures in rows:
        _print_cells(
            [name.ljust(widest), *(_cell(heading, figures).rjust(_width(heading)) for heading in headings)]
        )


def _print_cells(cells: list[str]) -> None:
    """Print one line of the table."""
    output.print("  ".join(cells).rstrip(), markup=False)


def _width(heading: str) -> int:
    """Return a column's width in characters: 6 hold a time such as `1234.5`."""
    return max(6, len(heading))


def _cell(heading: str, figures: Mapping[str, float]) -> str:
    """Format one figure: times with one decimal, measures (0 to 1) with three; blank where there is none."""
    digits = 1 if heading in TIME_COLUMNS else 3
    return format_figure(figures[heading], digits) if heading in figures else ""
