"""Train a ranker from events: learn on past lists, compare on later ones, put in force what clearly wins."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from oim.features.matching.learning import registry
from oim.features.matching.learning.events import ShownList, add_strangers, load_shown_lists
from oim.features.matching.learning.gate import ScorerComparison, compare_scorers
from oim.features.matching.learning.lambdamart import fit_scorer
from oim.features.matching.learning.propensity import estimate_propensities
from oim.features.matching.learning.serving import load_scorer_in_force
from oim.features.matching.learning.training_data import FEATURE_NAMES, Floats, build_training_data
from oim.kit.db import Database
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark

HELD_OUT_SHARE = 0.2  # share of the lists, the latest ones, that the comparison uses
MIN_LISTS = 200  # lists with feedback


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """A trained and saved ranker, and whether it was put in force."""

    version: int
    in_force: bool
    card: dict[str, Any]


def train_ranker(database: Database) -> TrainingResult:
    """Train, compare and save a ranker; put it in force if it passes the gate.

    Raises ConflictError when there are too few events.
    """
    with database.read() as session:
        lists = load_shown_lists(session)
        current_version, current_scorer = load_scorer_in_force(session)
    if len(lists) < MIN_LISTS:
        raise ConflictError(
            mark("%(held)s lists led to something; a ranker learns from %(least)s at least."),
            held=len(lists),
            least=MIN_LISTS,
        )
    # Compared on lists of people alone: strangers may teach a little, but judge nothing.
    past, later = split_by_time(lists)
    with database.read() as session:
        past = add_strangers(session, past, before=later[0].at)
    training_data = build_training_data(past)
    # Estimated from the past only: the held-out lists must not influence what they judge.
    propensities = _load_propensities(database, later[0].at)
    new_scorer = fit_scorer(training_data)
    comparison = compare_scorers(later, new_scorer, current_scorer, propensities)
    card = _build_card(past, later, comparison) | {
        "beaten": current_version,
        "propensities": [round(propensity, 3) for propensity in propensities],
    }
    with database.write() as session:
        version = registry.save_ranker(session, new_scorer, card)
        if comparison.passes_gate:
            registry.put_ranker_in_force(session, version)
    return TrainingResult(version, comparison.passes_gate, card)


def _load_propensities(database: Database, before: datetime) -> Floats:
    """Estimate propensities from all lists shown before a time, with feedback or without.

    Strangers' lists count little here too. Lists with feedback alone would make positions far down seem to be
    looked at too often.
    """
    with database.read() as session:
        people = load_shown_lists(session, with_feedback=False, before=before)
        data = build_training_data(add_strangers(session, people, with_feedback=False, before=before))
    return estimate_propensities(data.features, data.positions, data.gains > 0)


def split_by_time(lists: list[ShownList]) -> tuple[list[ShownList], list[ShownList]]:
    """Split lists, oldest first, into the past to train on and the later ones to compare on."""
    # By time and not by chance: in use, a ranker always meets offers newer than those it was trained on.
    cut = int(len(lists) * (1 - HELD_OUT_SHARE))
    return lists[:cut], lists[cut:]


def _build_card(
    past: list[ShownList], later: list[ShownList], comparison: ScorerComparison
) -> dict[str, Any]:
    """The ranker's card: method, features, time spans of the data, and the figures of the comparison."""
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
