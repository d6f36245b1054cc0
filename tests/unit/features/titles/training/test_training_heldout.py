"""The figures of held-out names match ranks counted by hand."""

import numpy as np
import pytest
from training_factory import EN, FR, table

from oim.features.titles.adapter import Vector
from oim.features.titles.training.heldout import HeldOutFigures, measure_held_out
from oim.features.titles.training.names import Source, Split

TRADE = Source.OCCUPATION
ROWS = [
    # text, concept, language, source, split; then the cosine of its vector with that of « couturier »
    (("couturier", 0, FR, TRADE, Split.TRY_NAME), 1.0),
    (("tailleur", 0, FR, TRADE, Split.TRAIN), 0.8),
    (("couturier de robes", 0, FR, TRADE, Split.TRAIN), 0.99),  # contains the query
    (("styliste", 1, FR, TRADE, Split.TRAIN), 0.9),  # nearer, wrong
    (("modiste", 1, FR, TRADE, Split.TRY_NAME), 0.95),  # held out: no candidate in its language
    (("tailor", 0, EN, TRADE, Split.TRAIN), 0.5),
    (("dressmaker", 0, EN, TRADE, Split.TRAIN), 0.7),
    (("designer", 1, EN, TRADE, Split.TRAIN), 0.6),
    (("sew", 2, EN, Source.SKILL, Split.TRAIN), 0.99),
    (("couturier", 3, FR, Source.ROME, Split.TRAIN), 0.99),
]


def _vectors() -> Vector:
    vectors = np.zeros((len(ROWS), len(ROWS) + 1), np.float32)
    for row, (_, cosine) in enumerate(ROWS):
        vectors[row, 0] = cosine
        vectors[row, row + 1] = np.sqrt(1 - cosine**2)
    return vectors


def _measured() -> dict[tuple[str, str], HeldOutFigures]:
    figures = measure_held_out(table(row for row, _ in ROWS), _vectors())
    return {(figure.split, figure.direction): figure for figure in figures}


def test_every_kind_and_direction_is_measured() -> None:
    directions = ("fr→fr", "fr→en", "en→en")
    assert list(_measured()) == [(kind, to) for kind in ("try_name", "try_thing") for to in directions]


def test_names_that_contain_the_query_are_no_candidates_and_nearer_wrong_names_rank_first() -> None:
    # couturier: styliste (.9) before tailleur (.8): 2nd. modiste: styliste is .855 = .95 × .9, before it
    # couturier de robes is .9405 = .95 × .99: 2nd.
    assert _measured()["try_name", "fr→fr"] == HeldOutFigures("try_name", "fr→fr", 0.5, 0.0, 2)


def test_the_best_name_in_the_other_language_counts() -> None:
    # couturier: dressmaker (.7) before designer: 1st. modiste: dressmaker before designer: 2nd.
    assert _measured()["try_name", "fr→en"] == HeldOutFigures("try_name", "fr→en", 0.75, 0.5, 2)


def test_figures_without_queries_are_zero() -> None:
    assert _measured()["try_thing", "fr→fr"] == HeldOutFigures("try_thing", "fr→fr", 0.0, 0.0, 0)


def test_a_name_whose_other_names_all_contain_it_is_no_query() -> None:
    names = table(
        [("couturier", 0, FR, TRADE, Split.TRY_THING), ("couturier main", 0, FR, TRADE, Split.TRY_THING)]
    )
    figures = measure_held_out(names, np.eye(2, dtype=np.float32))[3]
    assert figures == HeldOutFigures("try_thing", "fr→fr", 1.0, 1.0, 1)


@pytest.mark.parametrize("scale", [1, 7])
def test_only_the_order_of_similarities_counts(scale: float) -> None:
    figures = measure_held_out(table(row for row, _ in ROWS), _vectors() * np.float32(scale))
    assert figures == list(_measured().values())
