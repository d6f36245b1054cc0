"""Ranks of held-out names, against ranks counted by hand."""

import numpy as np
import pytest
from training_factory import EN, FR, table

from oim.features.titles.adapter import Vector
from oim.features.titles.training.heldout import HeldOutFigures, measure_held_out
from oim.features.titles.training.names import Source, Split

TRADE = Source.OCCUPATION
ROWS = [
    # text, thing, language, source, part; then its vector, compared with that of « couturier »
    (("couturier", 0, FR, TRADE, Split.TRY_NAME), 1.0),
    (("tailleur", 0, FR, TRADE, Split.TRAIN), 0.8),
    (("couturier de robes", 0, FR, TRADE, Split.TRAIN), 0.99),  # says it in as many words
    (("styliste", 1, FR, TRADE, Split.TRAIN), 0.9),  # nearer, wrong
    (("modiste", 1, FR, TRADE, Split.TRY_NAME), 0.95),  # held out: not offered in its language
    (("tailor", 0, EN, TRADE, Split.TRAIN), 0.5),
    (("dressmaker", 0, EN, TRADE, Split.TRAIN), 0.7),
    (("designer", 1, EN, TRADE, Split.TRAIN), 0.6),
    (("sew", 2, EN, Source.SKILL, Split.TRAIN), 0.99),
    (("couturier", 3, FR, Source.ROME, Split.TRAIN), 0.99),
]


def _vectors() -> Vector:
    found = np.zeros((len(ROWS), len(ROWS) + 1), np.float32)
    for at, (_, alike) in enumerate(ROWS):
        found[at, 0] = alike
        found[at, at + 1] = np.sqrt(1 - alike**2)
    return found


def _by_hand() -> dict[tuple[str, str], HeldOutFigures]:
    return {
        (one.split, one.direction): one for one in measure_held_out(table(row for row, _ in ROWS), _vectors())
    }


def test_every_kind_and_direction_is_told() -> None:
    directions = ("fr→fr", "fr→en", "en→en")
    assert list(_by_hand()) == [(kind, to) for kind in ("try_name", "try_thing") for to in directions]


def test_names_that_say_it_are_not_offered_and_strangers_are_ranked() -> None:
    # couturier: styliste (.9) before tailleur (.8): 2nd. modiste: styliste is .855 = .95 × .9, before it
    # couturier de robes is .9405 = .95 × .99: 2nd.
    assert _by_hand()["try_name", "fr→fr"] == HeldOutFigures("try_name", "fr→fr", 0.5, 0.0, 2)


def test_the_best_of_the_other_language_counts() -> None:
    # couturier: dressmaker (.7) before designer: 1st. modiste: dressmaker before designer: 2nd.
    assert _by_hand()["try_name", "fr→en"] == HeldOutFigures("try_name", "fr→en", 0.75, 0.5, 2)


def test_nothing_tried_is_nought() -> None:
    assert _by_hand()["try_thing", "fr→fr"] == HeldOutFigures("try_thing", "fr→fr", 0.0, 0.0, 0)


def test_a_name_that_only_says_itself_is_not_tried() -> None:
    names = table(
        [("couturier", 0, FR, TRADE, Split.TRY_THING), ("couturier main", 0, FR, TRADE, Split.TRY_THING)]
    )
    found = measure_held_out(names, np.eye(2, dtype=np.float32))[3]
    assert found == HeldOutFigures("try_thing", "fr→fr", 1.0, 1.0, 1)


@pytest.mark.parametrize("scale", [1, 7])
def test_only_the_order_counts(scale: float) -> None:
    found = measure_held_out(table(row for row, _ in ROWS), _vectors() * np.float32(scale))
    assert found == list(_by_hand().values())
