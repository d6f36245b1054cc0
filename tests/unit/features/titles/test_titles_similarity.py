"""Titles are compared by their words and n-grams: those of one trade are more similar than others."""

import pytest

from oim.features.titles import score_similarity


@pytest.mark.parametrize(
    ("query", "title", "other"),
    [
        ("couturière", "Couturier", "Soudeur"),
        ("tailor", "Couturier", "Soudeur"),
        ("plonbier", "Plombier", "Comptable"),
        ("nurse", "Infirmier", "Maçon"),
    ],
)
def test_a_title_of_the_same_trade_scores_higher_than_another(query: str, title: str, other: str) -> None:
    near, far = score_similarity(query, [title, other])
    assert near > far


def test_every_title_is_scored_in_order_from_0_to_1() -> None:
    scores = score_similarity("soudeur", ["Maçon", "soudeur", "", "Ω"])
    assert scores.argmax() == 1
    assert scores[1] == pytest.approx(1.0, abs=1e-5)
    assert ((scores >= 0) & (scores <= 1 + 1e-5)).all()
    assert score_similarity("soudeur", []).shape == (0,)
    assert not score_similarity("", ["soudeur"]).any()


def test_a_title_scores_the_same_at_every_position_in_the_list() -> None:
    """To the last bit: the order of candidates with equal scores must not depend on where they came from."""
    other_titles = ["Couturière", "Soudeur", "offre", "Chauffeur poids lourd", "Aide-maçon"]
    scores = {
        float(
            score_similarity("couture", [*other_titles[:start], "Tailleur", *other_titles[start:end]])[start]
        )
        for start in range(len(other_titles))
        for end in range(start, len(other_titles))
    }
    assert len(scores) == 1
