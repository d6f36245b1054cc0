"""The simulation gives out no place twice, answers everybody, and its fairness figures add up."""

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


class LetterEmbedder:
    """An embedder that counts the letters of a text."""

    url, dimension, cosine_range = "letters", 26, (0.4, 1.0)

    def embed_queries(self, texts: list[str]) -> np.ndarray:
        rows = np.array(
            [[text.lower().count(chr(97 + n)) + 0.01 for n in range(26)] for text in texts], np.float32
        )
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def make_offer(number: int) -> Document:
    trade = TRADES[number % len(TRADES)]
    occupation = occupations.get(trade)
    assert occupation
    card = Card(
        title=occupation.label_fr,
        kind=Kind.EMPLOYMENT,
        occupations=(trade,),
        places=1 + number % 3,
        published_at=NOW.timestamp() - number,
        stems=tuple(stem_text(occupation.label_fr, "fr")),
    )
    vector = LetterEmbedder().embed_queries([occupation.label_fr])[0]
    return Document(id=UUID(int=number + 1), vector=vector, terms=encode_document(card.stems, ()), card=card)


@pytest.fixture(scope="module")
def run():
    people = draw_population(200, TRADES, NOW.year)
    offers = [make_offer(number) for number in range(40)]
    return people, offers, simulate(people, offers, LetterEmbedder(), NOW)


def test_no_place_is_given_twice_and_only_applicants_are_placed(run) -> None:
    _, offers, results = run
    for name in LIST_METHODS:
        result = results[name]
        used = np.bincount(result.placements[result.placements >= 0], minlength=len(offers))
        assert all(used[row] <= offer.card.places for row, offer in enumerate(offers))
        assert all(
            placement < 0 or placement in applied
            for placement, applied in zip(result.placements, result.applications, strict=True)
        )


def test_congestion_spreads_exposure_and_places_more_people(run) -> None:
    people, _, results = run
    popularity, engine, congestion = (assess_fairness(people, results[name]) for name in LIST_METHODS)
    assert congestion.gini < engine.gini
    assert congestion.placed > engine.placed
    assert congestion.placed > popularity.placed


def test_popularity_shows_the_offers_with_most_applications_so_far(run) -> None:
    people, offers, results = run
    result, application_counts = results[LIST_METHODS[0]], np.zeros(len(offers))
    assert sum(map(len, result.applications)) > 0
    for row in range(len(people)):
        shown = result.lists[row][result.lists[row] >= 0]
        assert result.eligibility[row, shown].all()
        not_shown = np.setdiff1d(np.flatnonzero(result.eligibility[row]), shown)
        counts = [*application_counts[shown], *sorted(application_counts[not_shown])[::-1]]
        assert (np.diff(counts) <= 0).all()
        application_counts[result.applications[row]] += 1


def test_unstated_places_do_not_influence_the_lists() -> None:
    offers_without_places = [
        replace(document, card=replace(document.card, places=None)) for document in map(make_offer, range(40))
    ]
    results = simulate(draw_population(60, TRADES, NOW.year), offers_without_places, LetterEmbedder(), NOW)
    assert (results[LIST_METHODS[1]].lists == results[LIST_METHODS[2]].lists).all()


def test_groups_include_everybody_and_their_mean_exposure_is_one(run) -> None:
    people, _, results = run
    for groups in assess_fairness(people, results[LIST_METHODS[-1]]).groups.values():
        assert sum(share.people for share in groups.values()) == len(people)
        assert sum(share.people * share.exposure for share in groups.values()) / len(people) == pytest.approx(
            1
        )


def test_goals_compare_with_popularity_and_with_the_engine_without_congestion(run) -> None:
    people, _, results = run
    fairness = {name: assess_fairness(people, result) for name, result in results.items()}
    goals = measure_goals(fairness)
    assert goals.placed_ratio == fairness[LIST_METHODS[2]].placed / fairness[LIST_METHODS[0]].placed
    assert goals.relevance_loss <= 0.03


def test_the_same_seed_draws_the_same_population(run) -> None:
    assert draw_population(200, TRADES, NOW.year) == run[0]


def test_gini_is_zero_for_equal_values_and_grows_with_concentration() -> None:
    assert gini(np.ones(4)) == 0
    assert gini(np.array([0.0, 0, 0, 1])) == 0.75
    assert gini(np.zeros(3)) == 0
