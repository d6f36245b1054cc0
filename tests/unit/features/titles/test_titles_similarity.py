"""Likeness of titles by their words and n-grams: alike are those that name one trade."""

import pytest

from oim.features.titles import score_similarity


@pytest.mark.parametrize(
    ("said", "title", "other"),
    [
        ("couturière", "Couturier", "Soudeur"),
        ("tailor", "Couturier", "Soudeur"),
        ("plonbier", "Plombier", "Comptable"),
        ("nurse", "Infirmier", "Maçon"),
    ],
)
def test_a_title_of_the_trade_is_nearer_than_one_of_another(said: str, title: str, other: str) -> None:
    near, far = score_similarity(said, [title, other])
    assert near > far


def test_likeness_is_of_each_title_in_order_from_0_to_1() -> None:
    found = score_similarity("soudeur", ["Maçon", "soudeur", "", "Ω"])
    assert found.argmax() == 1
    assert found[1] == pytest.approx(1.0, abs=1e-5)
    assert ((found >= 0) & (found <= 1 + 1e-5)).all()
    assert score_similarity("soudeur", []).shape == (0,)
    assert not score_similarity("", ["soudeur"]).any()


def test_a_title_scores_the_same_wherever_it_stands() -> None:
    """To the last bit: candidates of equal score are ordered by other things than the place they came in."""
    others = ["Couturière", "Soudeur", "offre", "Chauffeur poids lourd", "Aide-maçon"]
    scores = {
        float(score_similarity("couture", [*others[:before], "Tailleur", *others[before:after]])[before])
        for before in range(len(others))
        for after in range(before, len(others))
    }
    assert len(scores) == 1
