"""Training from the events: learn on the past, judge on what came after, put in force what surely beats."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from oim.features.matching.learning import registry
from oim.features.matching.learning.events import ShownList, shown_lists
from oim.features.matching.learning.gate import Verdict, judge
from oim.features.matching.learning.in_force import scorer_in_force
from oim.features.matching.learning.lambdamart import fit
from oim.features.matching.learning.propensity import propensities
from oim.features.matching.learning.training_data import FEATURES, Floats, table
from oim.kit.db import Database
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark

HELD_OUT = 0.2  # the latest lists
LEAST = 200  # lists of which something came


@dataclass(frozen=True, slots=True)
class Trained:
    """A ranker that was recorded, and whether it was put in force."""

    version: int
    in_force: bool
    card: dict[str, Any]


def train_ranker(database: Database) -> Trained:
    """Train, judge, record; put in force if the gate says so. Raises ConflictError: too few events."""
    with database.read() as session:
        lists = shown_lists(session)
        before, serving = scorer_in_force(session)
    if len(lists) < LEAST:
        raise ConflictError(
            mark("%(held)s lists led to something; a ranker learns from %(least)s at least."),
            held=len(lists),
            least=LEAST,
        )
    past, later = split(lists)
    rows = table(past)
    looked = _looked(database, later[0].at)
    found = fit(rows)
    verdict = judge(later, found, serving, looked)
    card = _card(past, later, verdict) | {"beaten": before, "propensities": [round(p, 3) for p in looked]}
    with database.write() as session:
        version = registry.keep(session, found, card)
        if verdict.passed:
            registry.use(session, version)
    return Trained(version, verdict.passed, card)


def _looked(database: Database, before: datetime) -> Floats:
    """Propensities by every list, whether or not something came of it: else those far down seem too great."""
    with database.read() as session:
        rows = table(shown_lists(session, answered=False, before=before))
    return propensities(rows.features, rows.positions, rows.gains > 0)


def split(lists: list[ShownList]) -> tuple[list[ShownList], list[ShownList]]:
    """The past to learn from and the later lists to judge by."""
    cut = int(len(lists) * (1 - HELD_OUT))
    return lists[:cut], lists[cut:]


def _card(past: list[ShownList], later: list[ShownList], verdict: Verdict) -> dict[str, Any]:
    return {
        "method": "LightGBM LambdaMART, additive and monotone, positions corrected",
        "features": list(FEATURES),
        "lists": {"learned": len(past), "held_out": len(later)},
        "from": past[0].at.isoformat(),
        "held_out_from": later[0].at.isoformat(),
        "until": later[-1].at.isoformat(),
        "ndcg@10": {name: round(value, 4) for name, value in asdict(verdict).items()},
        "passed": verdict.passed,
    }
