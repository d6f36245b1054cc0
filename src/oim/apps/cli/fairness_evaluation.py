"""`oim evaluate fairness`: a simulated population, shown and placed, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from oim import bootstrap
from oim.apps.cli.terminal import output, progress_bar, t
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
    """The shipped sample of offers before so many simulated people."""
    at = now()
    embedder = bootstrap.embedder(bootstrap.embedder_url(Settings()))
    offers = _documents(embedder, at)
    with progress_bar() as bar:
        people = draw_population(size, [code for offer in offers for code in offer.card.occupations], at.year)
        task = bar.add_task(t("Asking"), total=size, detail="")
        lists = simulate(people, offers, embedder, at, lambda done: bar.update(task, completed=done))
    found = {name: assess_fairness(people, one) for name, one in lists.items()}
    return found, measure_goals(found)


def _documents(embedder: Embedder, at: datetime) -> list[Document]:
    drafts = [one for one in sample_drafts(at.astimezone(CAMEROON).date()) if isinstance(one, Draft)]
    found = embed_offers(embedder, [build_passage(draft) for draft in drafts])
    return [
        build_document(_to_opportunity(draft, at), vector)
        for draft, vector in zip(drafts, found, strict=True)
    ]


def _to_opportunity(draft: Draft, at: datetime) -> Opportunity:
    id_ = uuid5(NAMESPACE_URL, draft.external_id)
    return Opportunity(id=id_, source="sample", draft=draft, first_seen_at=at, changed_at=at)


def to_dict(results: FairnessByList, measured_goals: Goals) -> dict[str, Any]:
    """Everything measured, as data."""
    return {"lists": {name: asdict(one) for name, one in results.items()}, "goals": asdict(measured_goals)}


def show(results: FairnessByList, measured_goals: Goals) -> None:
    """Three short tables: the ways of making lists, the groups, the goals."""
    for name, one in results.items():
        told = t(
            "%(placed)s placed, relevance %(relevance)s, Gini %(gini)s",
            placed=one.placed,
            relevance=f"{one.relevance:.3f}",
            gini=f"{one.gini:.3f}",
        )
        output.print(f"{name:<20}  {told}", markup=False)
    output.print(t("With congestion, against the mean of all: people, exposure, placed"))
    for trait, groups in list(results.values())[-1].groups.items():
        for group, share in groups.items():
            told = f"{share.people:>6}  {share.exposure:.2f}  {share.placed:.2f}"
            output.print(f"  {trait:<9} {group:<15} {told}", markup=False)
    for line in (
        t("Placed, against popularity: %(ratio)s times (goal: %(goal)s)",
          ratio=f"{measured_goals.placed_ratio:.2f}", goal=PLACED_RATIO_GOAL),
        t("Relevance lost to congestion: %(loss)s %% (goal: at most %(goal)s %%)",
          loss=f"{measured_goals.relevance_loss * 100:.2f}", goal=round(RELEVANCE_LOSS_GOAL * 100)),
        t("Least exposure of a group: %(ratio)s (goal: %(goal)s)",
          ratio=f"{measured_goals.least_ratio:.2f}", goal=EXPOSURE_RATIO_GOAL),
    ):  # fmt: skip
        output.print(line, markup=False)
