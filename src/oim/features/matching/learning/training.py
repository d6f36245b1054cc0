"""Training from the events: learn on the past, judge on what came after, put in force what surely beats."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from oim.features.matching.learning import registry
from oim.features.matching.learning.events import ShownList, load_shown_lists
from oim.features.matching.learning.gate import ScorerComparison, compare_scorers
from oim.features.matching.learning.lambdamart import fit_scorer
from oim.features.matching.learning.propensity import estimate_propensities
from oim.features.matching.learning.serving import load_scorer_in_force
from oim.features.matching.learning.training_data import FEATURE_NAMES, Floats, build_training_data
from oim.kit.db import Database
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark

HELD_OUT_SHARE = 0.2  # the latest lists
MIN_LISTS = 200  # lists of which something came


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """A ranker that was recorded, and whether it was put in force."""

    version: int
    in_force: bool
    card: dict[str, Any]


def train_ranker(database: Database) -> TrainingResult:
    """Train, judge, record; put in force if the gate says so. Raises ConflictError: too few events."""
    with database.read() as session:
        lists = load_shown_lists(session)
        before, serving = load_scorer_in_force(session)
    if len(lists) < MIN_LISTS:
        raise ConflictError(
            mark("%(held)s lists led to something; a ranker learns from %(least)s at least."),
            held=len(lists),
            least=MIN_LISTS,
        )
    past, later = split_by_time(lists)
    rows = build_training_data(past)
    looked = _load_propensities(database, later[0].at)
    found = fit_scorer(rows)
    verdict = compare_scorers(later, found, serving, looked)
    card = _build_card(past, later, verdict) | {
        "beaten": before,
        "propensities": [round(p, 3) for p in looked],
    }
    with database.write() as session:
        version = registry.save_ranker(session, found, card)
        if verdict.passes_gate:
            registry.put_ranker_in_force(session, version)
    return TrainingResult(version, verdict.passes_gate, card)


def _load_propensities(database: Database, before: datetime) -> Floats:
    """Propensities by every list, whether or not something came of it: else those far down seem too great."""
    with database.read() as session:
        rows = build_training_data(load_shown_lists(session, with_feedback=False, before=before))
    return estimate_propensities(rows.features, rows.positions, rows.gains > 0)


def split_by_time(lists: list[ShownList]) -> tuple[list[ShownList], list[ShownList]]:
    """The past to learn from and the later lists to judge by."""
    cut = int(len(lists) * (1 - HELD_OUT_SHARE))
    return lists[:cut], lists[cut:]


def _build_card(
    past: list[ShownList], later: list[ShownList], comparison: ScorerComparison
) -> dict[str, Any]:
    return {
        "method": "LightGBM LambdaMART, additive and monotone, positions corrected",
        "features": list(FEATURE_NAMES),
        "lists": {"learned": len(past), "held_out": len(later)},
        "from": past[0].at.isoformat(),
        "held_out_from": later[0].at.isoformat(),
        "until": later[-1].at.isoformat(),
        "ndcg@10": {name: round(value, 4) for name, value in asdict(comparison).items()},
        "passed": comparison.passes_gate,
    }
