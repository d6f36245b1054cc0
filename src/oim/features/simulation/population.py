"""Who asks: drawn from stated shares, the same for the same seed.

Regions by their share of Cameroon's people; the other shares are plausible, not measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from oim.features import occupations
from oim.features.matching import Profile
from oim.features.opportunities import Gender, Kind, Status

REGION_SHARES = {
    "CM-AD": 0.05, "CM-CE": 0.19, "CM-ES": 0.04, "CM-EN": 0.18, "CM-LT": 0.15,
    "CM-NO": 0.11, "CM-NW": 0.09, "CM-OU": 0.09, "CM-SU": 0.03, "CM-SW": 0.07,
}  # fmt: skip
ENGLISH_REGIONS = frozenset(("CM-NW", "CM-SW"))
ENGLISH_SHARES = {True: 0.85, False: 0.08}  # share that writes English, in those regions and in the others
STATUS_SHARES: dict[Status | None, float] = {
    Status.RETURNEE: 0.25,
    Status.DISPLACED: 0.20,
    Status.REFUGEE: 0.10,
    Status.HOST_COMMUNITY: 0.25,
    None: 0.20,
}
EDUCATION_SHARES = {0: 0.10, 1: 0.25, 2: 0.25, 3: 0.25, 5: 0.08, 6: 0.07}  # ISCED 2011 level
KIND_SHARES: dict[Kind | None, float] = {Kind.EMPLOYMENT: 0.3, Kind.TRAINING: 0.15, Kind.AGR: 0.15, None: 0.4}
AGE_RANGE = (18, 56)  # the last one excluded
T = TypeVar("T")
POPULARITY_EXPONENT = 0.7  # the k-th most wanted trade is wanted k**-CROWDING as much as the first


@dataclass(frozen=True, slots=True)
class SimulatedPerson:
    """A profile, and the trade it wishes."""

    profile: Profile
    trade: str  # ISCO-08 code

    @property
    def groups(self) -> dict[str, str]:
        """What fairness compares by."""
        held = self.profile
        return {
            "gender": (held.gender or "-"),
            "region": held.region or "-",
            "status": held.statuses[0].value if held.statuses else "-",
            "language": held.language or "-",
        }


def draw_population(size: int, trades: Sequence[str], year: int, seed: int = 1) -> list[SimulatedPerson]:
    """People who wish these trades, some far more than others."""
    dice = np.random.default_rng(seed)
    known = [code for code in dict.fromkeys(trades) if occupations.get(code)]
    dice.shuffle(known)
    wanted = np.arange(1, len(known) + 1) ** -POPULARITY_EXPONENT
    drawn = dice.choice(len(known), size, p=wanted / wanted.sum())
    return [_draw_person(dice, known[number], year) for number in drawn]


def _draw_person(rng: np.random.Generator, trade: str, year: int) -> SimulatedPerson:
    region = _draw_weighted(rng, REGION_SHARES)
    status, kind = _draw_weighted(rng, STATUS_SHARES), _draw_weighted(rng, KIND_SHARES)
    english = rng.random() < ENGLISH_SHARES[region in ENGLISH_REGIONS]
    named = occupations.get(trade)
    profile = Profile(
        text=(named.label_en if english else named.label_fr) if named else "",
        language="en" if english else "fr",
        birth_year=year - int(rng.integers(*AGE_RANGE)),
        gender=(Gender.FEMALE, Gender.MALE)[int(rng.integers(2))],
        statuses=(status,) if status else (),
        region=region,
        education=_draw_weighted(rng, EDUCATION_SHARES),
        kinds=(kind,) if kind else (),
    )
    return SimulatedPerson(profile, trade)


def _draw_weighted(rng: np.random.Generator, shares: dict[T, float]) -> T:
    keys = list(shares)
    return keys[int(np.searchsorted(np.cumsum(list(shares.values())), rng.random()).clip(0, len(keys) - 1))]
