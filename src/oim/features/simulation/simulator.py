"""The run: everybody asks once, in an order drawn by lot, and is answered by each way of making lists.

Understanding, verdicts and ranking are matching's own; so is retrieving, exact rather than by an index. The
list is `stages.pick` with the congestion ledger and without. Popularity takes the offers retrieved for a
person, of the kinds they wish and open to them, and shows the most applied for until then by the people it
served itself; equals stay as they were retrieved, so it is helped by the engine's search.

Offers that state no places have some, drawn by lot; no way of making lists is told how many.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt

from oim.features.matching.congestion import CongestionLedger
from oim.features.matching.in_memory_index import InMemoryIndex
from oim.features.matching.near_eligible import assess_candidates
from oim.features.matching.pipeline import select_list
from oim.features.matching.policy import Policy
from oim.features.matching.ports import Embedder
from oim.features.matching.ranking import rank
from oim.features.matching.retrieval import build_query, retrieve
from oim.features.matching.types import Document, Profile
from oim.features.matching.understanding import understand
from oim.features.simulation.behaviour import Lots, Matrix, Numbers, applications, placed, suits
from oim.features.simulation.population import Person

LENGTH = 10
LISTS = ("popularity", "engine", "engine, congestion")
UNSTATED = (1, 6)  # places drawn for offers that state none, the last one excluded


@dataclass(frozen=True, slots=True)
class Simulated:
    """What one way of making lists did; rows are people, numbers are those of the offers."""

    lists: Numbers  # (people, LENGTH), -1 where there is no offer
    applied: list[list[int]]
    placed: Numbers  # (people,), -1 for none
    suit: Matrix
    open_: npt.NDArray[np.bool_]


def simulate(
    people: Sequence[Person],
    documents: Sequence[Document],
    embedder: Embedder,
    at: datetime,
    told: Callable[[int], None] = lambda _: None,
    seed: int = 1,
) -> dict[str, Simulated]:
    """Each of `LISTS` on the same people and offers. `told` hears how many people were answered."""
    dice = np.random.default_rng(seed)
    places = [document.card.places or int(dice.integers(*UNSTATED)) for document in documents]
    suit = suits(people, [document.card for document in documents], dice)
    lots = dice.random((len(people), LENGTH))
    answered = _answer(people, documents, embedder, at, told)
    answered.lists[LISTS[0]] = _popular(answered, suit, lots)

    def outcome(lists: Numbers) -> Simulated:
        applied = applications(lists, suit, answered.open_, lots)
        return Simulated(lists, applied, placed(applied, suit, places, seed), suit, answered.open_)

    return {name: outcome(answered.lists[name]) for name in LISTS}


@dataclass(frozen=True, slots=True)
class _Answered:
    """The lists, and of each person the offers retrieved that are open to them, best first."""

    lists: dict[str, Numbers]
    open_: npt.NDArray[np.bool_]
    retrieved: list[Numbers] = field(default_factory=list)


def _answer(
    people: Sequence[Person],
    offers: Sequence[Document],
    embedder: Embedder,
    at: datetime,
    told: Callable[[int], None],
) -> _Answered:
    exact = InMemoryIndex(offers)
    numbers = {offer.id: number for number, offer in enumerate(offers)}
    policies = {LISTS[1]: Policy(), LISTS[2]: Policy(ledger=CongestionLedger())}
    done = _Answered(
        {name: np.full((len(people), LENGTH), -1, np.int64) for name in LISTS},
        np.zeros((len(people), len(offers)), np.bool_),
    )
    asked = lru_cache(maxsize=None)(lambda text: embedder.embed_queries([text])[0])
    compared = lru_cache(maxsize=None)(lambda text: exact.compute_cosines(asked(text)[None])[0])
    for row, person in enumerate(people):
        understanding = understand(person.profile, at)
        vector, cosines = asked(understanding.query_text), compared(understanding.query_text)
        hits = retrieve(exact.for_person(cosines), build_query(understanding, vector))
        found = assess_candidates(understanding, hits)
        ranked = rank(understanding, [hit for hit in hits if hit.id in found], embedder.cosine_range)
        open_ = [numbers[hit.id] for hit in hits if hit.id in found and not found[hit.id].is_near_eligible]
        done.retrieved.append(np.array(open_, np.int64))
        done.open_[row, open_] = True
        for name, policy in policies.items():
            # Two people who tell the same are two.
            own = replace(policy, identify_asker=partial(_number, row))
            chosen = select_list(understanding, ranked, found, LENGTH, own)
            done.lists[name][row, : len(chosen)] = [numbers[one.hit.id] for one in chosen]
        told(row + 1)
    return done


def _number(row: int, _: Profile) -> int:
    return row


def _popular(answered: _Answered, suit: Matrix, lots: Lots) -> Numbers:
    lists = answered.lists[LISTS[0]]
    wanted = np.zeros(suit.shape[1], np.int64)
    for row, found in enumerate(answered.retrieved):
        best = found[np.argsort(-wanted[found], kind="stable")][:LENGTH]
        lists[row, : len(best)] = best
        one = slice(row, row + 1)
        (applied,) = applications(lists[one], suit[one], answered.open_[one], lots[one])
        wanted[applied] += 1
    return lists
