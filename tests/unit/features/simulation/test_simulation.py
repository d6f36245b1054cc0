"""The simulated population: places are never overrun, everybody is answered, figures add up."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
import pytest

from oim.features import occupations
from oim.features.matching.bm25 import encode_document, stem_text
from oim.features.matching.index import Card, Document
from oim.features.opportunities import Kind
from oim.features.simulation import LIST_METHODS, assess_fairness, draw_population, measure_goals, simulate
from oim.features.simulation.fairness import gini

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TRADES = ("7531", "7212", "6122", "2221")


class Letters:
    """An embedder of which letters a text holds."""

    url, dimension, cosine_range = "letters", 26, (0.4, 1.0)

    def embed_queries(self, texts: list[str]) -> np.ndarray:
        rows = np.array(
            [[text.lower().count(chr(97 + n)) + 0.01 for n in range(26)] for text in texts], np.float32
        )
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def offer(number: int) -> Document:
    trade = TRADES[number % len(TRADES)]
    named = occupations.get(trade)
    assert named
    card = Card(
        title=named.label_fr,
        kind=Kind.EMPLOYMENT,
        occupations=(trade,),
        places=1 + number % 3,
        published_at=NOW.timestamp() - number,
        stems=tuple(stem_text(named.label_fr, "fr")),
    )
    vector = Letters().embed_queries([named.label_fr])[0]
    return Document(id=UUID(int=number + 1), vector=vector, terms=encode_document(card.stems, ()), card=card)


@pytest.fixture(scope="module")
def run():
    people = draw_population(200, TRADES, NOW.year)
    offers = [offer(number) for number in range(40)]
    return people, offers, simulate(people, offers, Letters(), NOW)


def test_no_place_is_given_twice_and_only_who_applied_is_placed(run) -> None:
    _, offers, lists = run
    for name in LIST_METHODS:
        found = lists[name]
        taken = np.bincount(found.placements[found.placements >= 0], minlength=len(offers))
        assert all(taken[row] <= one.card.places for row, one in enumerate(offers))
        assert all(
            got < 0 or got in asked for got, asked in zip(found.placements, found.applications, strict=True)
        )


def test_congestion_spreads_the_showing_and_places_more(run) -> None:
    people, _, lists = run
    popular, plain, fair = (assess_fairness(people, lists[name]) for name in LIST_METHODS)
    assert fair.gini < plain.gini
    assert fair.placed > plain.placed
    assert fair.placed > popular.placed


def test_popularity_shows_what_most_applied_for_before(run) -> None:
    people, offers, lists = run
    found, wanted = lists[LIST_METHODS[0]], np.zeros(len(offers))
    assert sum(map(len, found.applications)) > 0
    for row in range(len(people)):
        held = found.lists[row][found.lists[row] >= 0]
        assert found.eligibility[row, held].all()
        left = np.setdiff1d(np.flatnonzero(found.eligibility[row]), held)
        assert (np.diff([*wanted[held], *sorted(wanted[left])[::-1]]) <= 0).all()
        wanted[found.applications[row]] += 1


def test_nobody_is_told_of_places_that_are_not_stated() -> None:
    silent = [replace(one, card=replace(one.card, places=None)) for one in map(offer, range(40))]
    lists = simulate(draw_population(60, TRADES, NOW.year), silent, Letters(), NOW)
    assert (lists[LIST_METHODS[1]].lists == lists[LIST_METHODS[2]].lists).all()


def test_groups_hold_everybody_and_their_mean_is_one(run) -> None:
    people, _, lists = run
    for groups in assess_fairness(people, lists[LIST_METHODS[-1]]).groups.values():
        assert sum(share.people for share in groups.values()) == len(people)
        assert sum(share.people * share.exposure for share in groups.values()) / len(people) == pytest.approx(
            1
        )


def test_the_goals_compare_with_popularity_and_with_no_congestion(run) -> None:
    people, _, lists = run
    found = {name: assess_fairness(people, one) for name, one in lists.items()}
    reached = measure_goals(found)
    assert reached.placed_ratio == found[LIST_METHODS[2]].placed / found[LIST_METHODS[0]].placed
    assert reached.relevance_loss <= 0.03


def test_a_population_is_the_same_again(run) -> None:
    assert draw_population(200, TRADES, NOW.year) == run[0]


def test_gini() -> None:
    assert gini(np.ones(4)) == 0
    assert gini(np.array([0.0, 0, 0, 1])) == 0.75
    assert gini(np.zeros(3)) == 0
