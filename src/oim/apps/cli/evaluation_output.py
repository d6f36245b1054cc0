"""What evaluations share: vectors kept from run to run, progress bars, one table of figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from oim import bootstrap
from oim.apps.cli.terminal import output, progress_bar, t
from oim.features.evaluation import (
    MEASURES,
    DiskCachedEmbedder,
    EvaluationReport,
    EvaluationSet,
    Ranker,
    evaluate,
)
from oim.kit.settings import Settings

TIME_COLUMNS = ("p50_ms", "p95_ms")
Row = tuple[str, Mapping[str, float]]


@contextmanager
def open_cached_embedder() -> Iterator[DiskCachedEmbedder]:
    """The embedder that settings want; what it embeds meanwhile is kept under the home."""
    settings = Settings()
    embedder = bootstrap.embedder(bootstrap.embedder_url(settings))
    path = settings.home.absolute() / "cache" / "vectors.sqlite"
    with progress_bar() as bar:
        task = bar.add_task(t("Embedding"), total=None, detail="")

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, detail=f"{done}/{total}")

        with DiskCachedEmbedder(embedder, path, progress) as kept:
            yield kept


def run_queries(evaluation_set: EvaluationSet, ranker: Ranker, depth: int) -> EvaluationReport:
    """Every query of a set asked, with a progress bar."""
    with progress_bar() as bar:
        task = bar.add_task(t("Asking"), total=len(evaluation_set.queries), detail=evaluation_set.name)
        return evaluate(evaluation_set, ranker, depth, lambda done: bar.update(task, completed=done))


def collect_figures(report: EvaluationReport) -> dict[str, float]:
    """All figures of a report as data: six decimals are more than they are worth."""
    return {
        name: round(value, 6) for name, value in (report.mean_figures() | report.time_percentiles()).items()
    }


def print_table(title: str, rows: Sequence[Row]) -> None:
    """A line of headings, then one a system; what a system has no figure for stays blank."""
    widest = max(len(name) for name in (title, *(name for name, _ in rows)))
    headings = [*MEASURES, *TIME_COLUMNS]
    _print_cells([title.ljust(widest), *(heading.rjust(_width(heading)) for heading in headings)])
    for name, held in rows:
        _print_cells(
            [name.ljust(widest), *(_cell(heading, held).rjust(_width(heading)) for heading in headings)]
        )


def _print_cells(cells: list[str]) -> None:
    output.print("  ".join(cells).rstrip(), markup=False)


def _width(heading: str) -> int:
    return max(6, len(heading))


def _cell(heading: str, figures: Mapping[str, float]) -> str:
    return f"{figures[heading]:.{1 if heading in TIME_COLUMNS else 3}f}" if heading in figures else ""
