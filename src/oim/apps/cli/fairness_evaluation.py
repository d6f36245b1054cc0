"""`oim evaluate fairness`: recommend to a simulated population, and tabulate who is shown and placed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from oim import bootstrap
from oim.apps.cli.terminal import format_figure, output, progress_bar, t
from oim.features.ingestion import sample_drafts
from oim.features.matching import Document, Embedder, build_document, build_passage, embed_offers
from oim.features.opportunities import Draft, Opportunity
from oim.features.simulation import (
    EXPOSURE_RATIO_GOAL,
    PLACED_RATIO_GOAL,
    RELEVANCE_LOSS_GOAL,
    Fairness,
    Goals,
    assess_fairness,
    draw_population,
    measure_goals,
    simulate,
)
from oim.kit.clock import CAMEROON, now
from oim.kit.settings import Settings

FairnessByList = Mapping[str, Fairness]


def measure(size: int) -> tuple[FairnessByList, Goals]:
    """Simulate `size` people who ask for recommendations from the shipped sample of offers.

    Returns the fairness of each method of making lists, by its name, and the goals measured from them.
    """
    at = now()
    embedder = bootstrap.embedder(bootstrap.embedder_url(Settings()))
    offers = _sample_documents(embedder, at)
    with progress_bar() as bar:
        people = draw_population(size, [code for offer in offers for code in offer.card.occupations], at.year)
        task = bar.add_task(t("Asking"), total=size, detail="")
        simulations = simulate(people, offers, embedder, at, lambda done: bar.update(task, completed=done))
    results = {name: assess_fairness(people, simulation) for name, simulation in simulations.items()}
    return results, measure_goals(results)


def _sample_documents(embedder: Embedder, at: datetime) -> list[Document]:
    """Build the indexed form of the sample offers, without a database."""
    # Reading the sample yields rejects too, for records that cannot be used.
    drafts = [item for item in sample_drafts(at.astimezone(CAMEROON).date()) if isinstance(item, Draft)]
    vectors = embed_offers(embedder, [build_passage(draft) for draft in drafts])
    return [
        build_document(_to_opportunity(draft, at), vector)
        for draft, vector in zip(drafts, vectors, strict=True)
    ]


def _to_opportunity(draft: Draft, at: datetime) -> Opportunity:
    """Make an offer of a draft, with an id derived from its own so that every run has the same ones."""
    id_ = uuid5(NAMESPACE_URL, draft.external_id)
    return Opportunity(id=id_, source="sample", draft=draft, first_seen_at=at, changed_at=at)


def to_dict(results: FairnessByList, measured_goals: Goals) -> dict[str, Any]:
    """Return everything that was measured, ready for JSON."""
    lists = {name: asdict(fairness) for name, fairness in results.items()}
    return {"lists": lists, "goals": asdict(measured_goals)}


def show(results: FairnessByList, measured_goals: Goals) -> None:
    """Print three short tables: the methods of making lists, the groups of people, the goals."""
    for name, fairness in results.items():
        summary = t(
            "%(placed)s placed, relevance %(relevance)s, Gini %(gini)s",
            placed=fairness.placed,
            relevance=format_figure(fairness.relevance, 3),
            gini=format_figure(fairness.gini, 3),
        )
        output.print(f"{name:<20}  {summary}", markup=False)
    output.print(t("With congestion, against the mean of all: people, exposure, placed"))
    # The last method is the engine's own, with congestion.
    for trait, groups in list(results.values())[-1].groups.items():
        for group, share in groups.items():
            figures = (
                f"{share.people:>6}  {format_figure(share.exposure, 2)}  {format_figure(share.placed, 2)}"
            )
            output.print(f"  {trait:<9} {group:<15} {figures}", markup=False)
    for line in (
        t("Placed, against popularity: %(ratio)s times (goal: %(goal)s)",
          ratio=format_figure(measured_goals.placed_ratio, 2), goal=format_figure(PLACED_RATIO_GOAL, 2)),
        t("Relevance lost to congestion: %(loss)s %% (goal: at most %(goal)s %%)",
          loss=format_figure(measured_goals.relevance_loss * 100, 2), goal=round(RELEVANCE_LOSS_GOAL * 100)),
        t("Least exposure of a group: %(ratio)s (goal: %(goal)s)",
          ratio=format_figure(measured_goals.least_ratio, 2), goal=format_figure(EXPOSURE_RATIO_GOAL, 2)),
    ):  # fmt: skip
        output.print(line, markup=False)
