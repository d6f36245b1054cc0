"""The simulation run: the people, drawn at random, ask once each, and each list method answers them.

There are three list methods. Two are the engine, without and with the congestion ledger: understanding,
verdicts, ranking and `matching.select_list` are the production code, and so is retrieval, though over all
vectors exactly instead of through an approximate index. The third, popularity, is the baseline: of the offers
retrieved for a person, of the kinds they wish and open to them, it shows those with most applications so far
from the people it served itself. Offers with equally many stay in the order of retrieval, so the baseline
profits from the engine's search.

Offers that state no number of places get a random one, which no list method sees.
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
    build_query,
    rank,
    retrieve,
    select_eligible_and_near,
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
UNSTATED_PLACES = (1, 6)  # range of places drawn for offers that state none, upper bound excluded


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """The lists of one method and what people did with them.

    Rows are people; offers are given by their index in the sequence of documents.
    """

    lists: OfferNumbers  # shape (people, LIST_LENGTH), -1 where there is no offer
    applications: list[list[int]]  # for each person, the offers they applied to
    placements: OfferNumbers  # shape (people,), -1 for a person without a place
    utilities: Matrix  # shape (people, offers), see `behaviour.compute_utilities`
    eligibility: npt.NDArray[np.bool_]  # shape (people, offers): retrieved and open to the person


def simulate(
    people: Sequence[SimulatedPerson],
    documents: Sequence[Document],
    embedder: Embedder,
    at: datetime,
    on_progress: Callable[[int], None] = lambda _: None,
    seed: int = 1,
) -> dict[str, SimulationResult]:
    """Run each of `LIST_METHODS` on the same people and offers; returns the result of each by its name.

    `on_progress` is called with the number of people answered so far.
    """
    # The order of the draws below is part of what a seed means: moving one changes every figure.
    rng = np.random.default_rng(seed)
    places = [document.card.places or int(rng.integers(*UNSTATED_PLACES)) for document in documents]
    utilities = compute_utilities(people, [document.card for document in documents], rng)
    draws = rng.random((len(people), LIST_LENGTH))
    answered = _answer_everybody(people, documents, embedder, at, on_progress)
    answered.lists[LIST_METHODS[0]] = _rank_by_popularity(answered, utilities, draws)

    def to_result(lists: OfferNumbers) -> SimulationResult:
        """Let people apply to the offers of their lists, and give out the places."""
        applied = simulate_applications(lists, utilities, answered.eligibility, draws)
        placements = assign_places(applied, utilities, places, seed)
        return SimulationResult(lists, applied, placements, utilities, answered.eligibility)

    return {name: to_result(answered.lists[name]) for name in LIST_METHODS}


@dataclass(frozen=True, slots=True)
class _AnsweredLists:
    """The lists of each method, and for each person the retrieved offers open to them, best first."""

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
    """Let the engine make every person's lists, with and without congestion; popularity's stay empty."""
    index = InMemoryIndex(offers)
    numbers = {offer.id: number for number, offer in enumerate(offers)}
    # One ledger for the whole run: it fills up as people are answered, in the order of `people`.
    policies = {LIST_METHODS[1]: Policy(), LIST_METHODS[2]: Policy(ledger=CongestionLedger())}
    answered = _AnsweredLists(
        {name: np.full((len(people), LIST_LENGTH), -1, np.int64) for name in LIST_METHODS},
        np.zeros((len(people), len(offers)), np.bool_),
    )
    # Profiles of one trade and language have one text, so a population needs few embeddings.
    embed = lru_cache(maxsize=None)(lambda text: embedder.embed_queries([text])[0])
    compute_cosines = lru_cache(maxsize=None)(lambda text: index.compute_cosines(embed(text)[None])[0])
    for row, person in enumerate(people):
        understanding = understand(person.profile, at)
        vector, cosines = embed(understanding.query_text), compute_cosines(understanding.query_text)
        hits = retrieve(index.for_person(cosines), build_query(understanding, vector))
        verdicts = select_eligible_and_near(understanding, hits)
        ranked = rank(understanding, [hit for hit in hits if hit.id in verdicts], embedder.cosine_range)
        eligible = [
            numbers[hit.id] for hit in hits if hit.id in verdicts and not verdicts[hit.id].is_near_eligible
        ]
        answered.eligible_offers.append(np.array(eligible, np.int64))
        answered.eligibility[row, eligible] = True
        for name, policy in policies.items():
            # By default the ledger takes equal profiles for one asker; here each row is another person.
            own_policy = replace(policy, identify_asker=partial(_row_number, row))
            selected = select_list(understanding, ranked, verdicts, LIST_LENGTH, own_policy)
            answered.lists[name][row, : len(selected)] = [numbers[offer.hit.id] for offer in selected]
        on_progress(row + 1)
    return answered


def _row_number(row: int, _: Profile) -> int:
    """Identify the asker by their row, whatever their profile."""
    return row


def _rank_by_popularity(answered: _AnsweredLists, utilities: Matrix, draws: RandomDraws) -> OfferNumbers:
    """Fill the lists of the popularity method, one person after the other."""
    lists = answered.lists[LIST_METHODS[0]]
    application_counts = np.zeros(utilities.shape[1], np.int64)
    for row, eligible in enumerate(answered.eligible_offers):
        # A stable sort leaves offers with equally many applications in the order of retrieval.
        best = eligible[np.argsort(-application_counts[eligible], kind="stable")][:LIST_LENGTH]
        lists[row, : len(best)] = best
        # What this person applies to counts for the next one. With the same draws, `simulate` gets the same
        # applications again from the finished lists.
        own_row = slice(row, row + 1)
        (applied,) = simulate_applications(
            lists[own_row], utilities[own_row], answered.eligibility[own_row], draws[own_row]
        )
        application_counts[applied] += 1
    return lists
