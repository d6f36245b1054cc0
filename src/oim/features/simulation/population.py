"""The simulated population: profiles drawn at random from the shares stated here.

The same seed gives the same people. The shares of regions are those of Cameroon's population; all others are
plausible, not measured.
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
ENGLISH_SHARES = {True: 0.85, False: 0.08}  # share who write English, inside and outside those regions
STATUS_SHARES: dict[Status | None, float] = {
    Status.RETURNEE: 0.25,
    Status.DISPLACED: 0.20,
    Status.REFUGEE: 0.10,
    Status.HOST_COMMUNITY: 0.25,
    None: 0.20,
}
EDUCATION_SHARES = {0: 0.10, 1: 0.25, 2: 0.25, 3: 0.25, 5: 0.08, 6: 0.07}  # ISCED 2011 level
KIND_SHARES: dict[Kind | None, float] = {Kind.EMPLOYMENT: 0.3, Kind.TRAINING: 0.15, Kind.AGR: 0.15, None: 0.4}
AGE_RANGE = (18, 56)  # years, upper bound excluded
T = TypeVar("T")
# Zipf's law: the k-th most popular trade is wished for k ** -0.7 times as often as the first.
POPULARITY_EXPONENT = 0.7


@dataclass(frozen=True, slots=True)
class SimulatedPerson:
    """A simulated person: their profile, and the trade they wish for."""

    profile: Profile
    trade: str  # ISCO-08 code

    @property
    def groups(self) -> dict[str, str]:
        """The groups that fairness is compared by: trait to the person's group, "-" when not stated."""
        profile = self.profile
        return {
            "gender": (profile.gender or "-"),
            "region": profile.region or "-",
            "status": profile.statuses[0].value if profile.statuses else "-",
            "language": profile.language or "-",
        }


def draw_population(size: int, trades: Sequence[str], year: int, seed: int = 1) -> list[SimulatedPerson]:
    """Draw people who wish for these trades (ISCO-08 codes), some trades far more often than others.

    `year` is the current one, from which birth years are counted back.
    """
    rng = np.random.default_rng(seed)
    known_trades = [code for code in dict.fromkeys(trades) if occupations.get(code)]
    # Which trades are popular is random too, not the order of the offers.
    rng.shuffle(known_trades)
    popularity = np.arange(1, len(known_trades) + 1) ** -POPULARITY_EXPONENT
    drawn_trades = rng.choice(len(known_trades), size, p=popularity / popularity.sum())
    return [_draw_person(rng, known_trades[number], year) for number in drawn_trades]


def _draw_person(rng: np.random.Generator, trade: str, year: int) -> SimulatedPerson:
    """Draw one person. Their text is the label of the trade in their language."""
    region = _draw_weighted(rng, REGION_SHARES)
    status, kind = _draw_weighted(rng, STATUS_SHARES), _draw_weighted(rng, KIND_SHARES)
    english = rng.random() < ENGLISH_SHARES[region in ENGLISH_REGIONS]
    occupation = occupations.get(trade)
    profile = Profile(
        text=(occupation.label_en if english else occupation.label_fr) if occupation else "",
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
    """Draw a key with the probability of its share."""
    keys = list(shares)
    # Where a number from 0 to 1 falls among the cumulated shares. The clip keeps the last key for a number
    # above their sum, which rounding can leave a little under 1.
    return keys[int(np.searchsorted(np.cumsum(list(shares.values())), rng.random()).clip(0, len(keys) - 1))]
