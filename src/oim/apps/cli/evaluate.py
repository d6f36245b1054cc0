"""`oim evaluate`: measure how good the matching is, on test sets with known relevant answers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import format_figure, output, t

if TYPE_CHECKING:
    from oim.features.evaluation import EvaluationReport, EvaluationSet


MELO_DEPTH = 100  # rank at which a ranking is cut, as the authors of MELO do
DEPTH = 1000  # rank at which other rankings are cut, as TREC does
GOAL = 1.15  # nDCG@10 of the engine, over that of the best baseline

app = typer.Typer()


class System(StrEnum):
    """The ranking systems that can be evaluated."""

    ADAPTER = "adapter"
    EMBEDDER = "embedder"
    BM25 = "bm25"


Folder = Annotated[
    Path, typer.Argument(help=t("Folder of queries.tsv, corpus_elements.tsv and annotations.tsv."))
]
SystemName = Annotated[
    System,
    typer.Option(help=t("What to evaluate: ours, the embedder as it is, or BM25."), metavar="|".join(System)),
]


class HalfName(StrEnum):
    """The halves of the judged requests."""

    SEEN = "seen"
    UNSEEN = "unseen"
    ALL = "all"


Judged = Annotated[Path, typer.Argument(help=t("Folder of offers.csv, trades.csv and requests/*.csv."))]
Half = Annotated[
    HalfName, typer.Option(help=t("The half of the requests to put."), metavar="|".join(HalfName))
]
Offers = Annotated[
    Path | None, typer.Argument(help=t("CSV file of offers with ROME codes; ../shared/data by default."))
]
Titles = Annotated[
    Path | None, typer.Option(help=t("CSV file of ROME titles; the one beside the offers by default."))
]
Size = Annotated[int, typer.Option("--people", help=t("How many people are simulated."), min=10)]


@app.command("melo", help=t("Rank ESCO labels for job titles, beside published figures; the folder may hold "
                            "several sets. Example: oim evaluate melo ../shared/data/melo"))  # fmt: skip
def melo(folder: Folder, system: SystemName = System.ADAPTER, json_: AsJson = False) -> None:
    """Print the figures of each set, its rankings cut at 100."""
    from oim.features.evaluation import find_sets, read_set

    sets = [read_set(path) for path in find_sets(folder)]
    figures = {set_.name: _evaluate_set(set_, system, MELO_DEPTH, json_) for set_ in sets}
    if json_:
        # A single set is printed without its name, as `oim evaluate retrieval` prints it.
        print_json(figures if len(figures) > 1 else next(iter(figures.values())))


@app.command("retrieval", help=t("Rank the texts of any set of the same three files. "
                                 "Example: oim evaluate retrieval my-set"))  # fmt: skip
def retrieval(folder: Folder, system: SystemName = System.ADAPTER, json_: AsJson = False) -> None:
    """Print the figures of one set, its rankings cut at 1000."""
    from oim.features.evaluation import read_set

    figures = _evaluate_set(read_set(folder), system, DEPTH, json_)
    if json_:
        print_json(figures)


@app.command("offers", help=t("Find the offers of a ROME code by its titles: BM25, the embedder, the engine. "
                              "Example: oim evaluate offers"))  # fmt: skip
def offers(path: Offers = None, titles: Titles = None, json_: AsJson = False) -> None:
    """Print the figures of each system, and how the engine compares with the best baseline."""
    from oim.apps.cli.evaluation_output import collect_figures, print_table
    from oim.apps.cli.offers_evaluation import compare_systems

    set_, reports = compare_systems(path, titles)
    figures_by_system = {name: collect_figures(report) for name, report in reports.items()}
    if json_:
        print_json(figures_by_system)
        return
    title = t("%(queries)s titles, %(offers)s offers", queries=len(set_.queries), offers=len(set_.ids))
    print_table(title, list(figures_by_system.items()))
    gains = {name: figures["nDCG@10"] for name, figures in figures_by_system.items()}
    output.print(_compare_with_best(gains), markup=False)


@app.command("requests", help=t("Put judged requests to the engine, over the sample of offers. "
                                "Example: oim evaluate requests tests/quality --half seen"))  # fmt: skip
def requests(folder: Judged, half: Half = HalfName.ALL, json_: AsJson = False) -> None:
    """Print how many answers are good, acceptable and wrong, by register and by difficulty."""
    from oim.apps.cli import requests_evaluation
    from oim.features.evaluation import SEEN, UNSEEN

    answers = requests_evaluation.measure(
        folder, frozenset({SEEN, UNSEEN}) if half is HalfName.ALL else frozenset({half.value})
    )
    if json_:
        print_json(requests_evaluation.to_dict(answers))
    else:
        requests_evaluation.show(answers)


@app.command("fairness", help=t("Simulate people who ask: who is shown what, who is placed, by group. "
                                "Example: oim evaluate fairness"))  # fmt: skip
def fairness(size: Size = 20000, json_: AsJson = False) -> None:
    """Print the fairness of the engine's lists beside that of lists by popularity."""
    from oim.apps.cli import fairness_evaluation as fairness_report

    results, measured_goals = fairness_report.measure(size)
    if json_:
        print_json(fairness_report.to_dict(results, measured_goals))
    else:
        fairness_report.show(results, measured_goals)


def _compare_with_best(gains: dict[str, float]) -> str:
    """Say in one line how the engine's nDCG@10 compares with that of the best baseline."""
    from oim.apps.cli.offers_evaluation import ENGINE

    engine = gains.pop(ENGINE)
    best = max(gains, key=gains.__getitem__)
    ratio = format_figure(engine / gains[best], 2) if gains[best] else "-"
    return t("nDCG@10: the engine has %(ratio)s times that of %(best)s (goal: %(goal)s)",
             ratio=ratio, best=best, goal=format_figure(GOAL, 2))  # fmt: skip


def _evaluate_set(evaluation_set: EvaluationSet, system: System, depth: int, quiet: bool) -> dict[str, float]:
    """Run every query of a set on a system; print a table unless `quiet`, and return the mean figures."""
    from oim.apps.cli.evaluation_output import collect_figures, open_cached_embedder, run_queries
    from oim.features.evaluation import SYSTEMS

    with open_cached_embedder() as embedder:
        ranker = SYSTEMS[system](embedder, evaluation_set.groups).index(evaluation_set.texts)
    report = run_queries(evaluation_set, ranker, depth)
    if not quiet:
        _print_report(evaluation_set, system, report)
    return collect_figures(report)


def _print_report(evaluation_set: EvaluationSet, system: System, report: EvaluationReport) -> None:
    """Print a table of published figures for a set, then ours, then ours on its hard queries."""
    from oim.apps.cli.evaluation_output import print_table
    from oim.features.evaluation import find_hard_queries, load_published_figures

    published = load_published_figures(evaluation_set.name)
    hard = find_hard_queries(evaluation_set)
    rows = [(entry.system, entry.figures) for entry in published]
    rows.append((f"OIM, {system}", report.mean_figures() | report.time_percentiles()))
    # No row of its own where all queries are hard, or none.
    if 0 < len(hard) < len(evaluation_set.queries):
        rows.append((t("· its %(hard)s queries unlike any text", hard=len(hard)), report.mean_figures(hard)))
    print_table(f"{evaluation_set.name} ({len(evaluation_set.queries)} × {len(evaluation_set.ids)})", rows)
    # A dict keeps the order and drops repeats: several systems often come from one paper.
    for source in dict.fromkeys(entry.source for entry in published):
        output.print(t("Figures of others: %(source)s", source=source), markup=False)
