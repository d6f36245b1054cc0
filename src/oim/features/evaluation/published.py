"""Figures that others published for a set, to stand beside ours. They are in `published.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources

from oim.features.evaluation.measures import MEASURES


@dataclass(frozen=True, slots=True)
class PublishedFigures:
    """A system's figures, and who published them."""

    system: str
    figures: dict[str, float]
    source: str


def load_published_figures(name: str) -> list[PublishedFigures]:
    """What was published for the set of a name, weakest first."""
    text = (resources.files("oim.features.evaluation") / "published.csv").read_text("utf-8")
    found = [
        PublishedFigures(row["system"], {measure: float(row[measure]) for measure in MEASURES}, row["source"])
        for row in csv.DictReader(text.splitlines())
        if row["set"] == name
    ]
    return sorted(found, key=lambda one: one.figures["MRR"])
