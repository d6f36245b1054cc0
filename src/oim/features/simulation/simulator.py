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

from oim.features.matching import (
    CongestionLedger,
    Document,
    Embedder,
    InMemoryIndex,
    Policy,
    Profile,
    assess_candidates,
    build_query,
    rank,
    retrieve,
    select_list,
    understand,
)
from oim.features.simulation.behaviour import (
    Matrix,
    OfferNumbers,
    RandomDraws,
    assign_places,
    compute_utilities,
    simulate_applications,
)
from oim.features.simulation.population import SimulatedPerson

LIST_LENGTH = 10
LIST_METHODS = ("popularity", "engine", "engine, congestion")
UNSTATED_PLACES = (1, 6)  # places drawn for offers that state none, the last one excluded


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """What one way of making lists did; rows are people, numbers are those of the offers."""

    lists: OfferNumbers  # (people, LENGTH), -1 where there is no offer
    applications: list[list[int]]
    placements: OfferNumbers  # (people,), -1 for none
    utilities: Matrix
    eligibility: npt.NDArray[np.bool_]


def simulate(
    people: Sequence[SimulatedPerson],
    documents: Sequence[Document],
    embedder: Embedder,
    at: datetime,
    on_progress: Callable[[int], None] = lambda _: None,
    seed: int = 1,
) -> dict[str, SimulationResult]:
    """Each of `LISTS` on the same people and offers. `told` hears how many people were answered."""
    dice = np.random.default_rng(seed)
    places = [document.card.places or int(dice.integers(*UNSTATED_PLACES)) for document in documents]
    suit = compute_utilities(people, [document.card for document in documents], dice)
    lots = dice.random((len(people), LIST_LENGTH))
    answered = _answer_everybody(people, documents, embedder, at, on_progress)
    answered.lists[LIST_METHODS[0]] = _rank_by_popularity(answered, suit, lots)

    def outcome(lists: OfferNumbers) -> SimulationResult:
        applied = simulate_applications(lists, suit, answered.eligibility, lots)
        return SimulationResult(
            lists, applied, assign_places(applied, suit, places, seed), suit, answered.eligibility
        )

    return {name: outcome(answered.lists[name]) for name in LIST_METHODS}


@dataclass(frozen=True, slots=True)
class _AnsweredLists:
    """The lists, and of each person the offers retrieved that are open to them, best first."""

    lists: dict[str, OfferNumbers]
    eligibility: npt.NDArray[np.bool_]
    eligible_offers: list[OfferNumbers] = field(default_factory=list)


def _answer_everybody(
    people: Sequence[SimulatedPerson],
    offers: Sequence[Document],
    embedder: Embedder,
    at: datetime,
    on_progress: Callable[[int], None],
) -> _AnsweredLists:
    exact = InMemoryIndex(offers)
    numbers = {offer.id: number for number, offer in enumerate(offers)}
    policies = {LIST_METHODS[1]: Policy(), LIST_METHODS[2]: Policy(ledger=CongestionLedger())}
    done = _AnsweredLists(
        {name: np.full((len(people), LIST_LENGTH), -1, np.int64) for name in LIST_METHODS},
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
        done.eligible_offers.append(np.array(open_, np.int64))
        done.eligibility[row, open_] = True
        for name, policy in policies.items():
            # Two people who tell the same are two.
            own = replace(policy, identify_asker=partial(_row_number, row))
            chosen = select_list(understanding, ranked, found, LIST_LENGTH, own)
            done.lists[name][row, : len(chosen)] = [numbers[one.hit.id] for one in chosen]
        on_progress(row + 1)
    return done


def _row_number(row: int, _: Profile) -> int:
    return row


def _rank_by_popularity(answered: _AnsweredLists, utilities: Matrix, draws: RandomDraws) -> OfferNumbers:
    lists = answered.lists[LIST_METHODS[0]]
    wanted = np.zeros(utilities.shape[1], np.int64)
    for row, found in enumerate(answered.eligible_offers):
        best = found[np.argsort(-wanted[found], kind="stable")][:LIST_LENGTH]
        lists[row, : len(best)] = best
        one = slice(row, row + 1)
        (applied,) = simulate_applications(lists[one], utilities[one], answered.eligibility[one], draws[one])
        wanted[applied] += 1
    return lists
