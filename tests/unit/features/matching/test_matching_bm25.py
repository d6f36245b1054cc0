"""Words, stems and sparse vectors: genders, plurals, languages and ways of typing lead to the same terms."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oim.features.matching.bm25 import (
    encode_document,
    encode_query,
    extract_content_words,
    hash_stem,
    stem_query,
    stem_text,
    stem_word,
)
from oim.features.matching.index import SparseVector

STEMS = st.lists(st.text(min_size=1, max_size=8), max_size=30)


@pytest.mark.parametrize(
    "pair",
    [
        "couturier couturières",
        "vendeur vendeuses",
        "coiffeur coiffeuse",
        "directeur directrices",
        "animateur animatrice",
        "boulanger boulangère",
        "infirmier infirmière",
        "technicien technicienne",
        "assistant assistante",
        "ingénieur ingénieure",
        "éleveur éleveuse",
        "meublé meublée",
        "employé employées",
        "maçon maçonne",
        "poulet poulets",
    ],
)
def test_masculine_feminine_and_plural_have_the_same_stems(pair: str) -> None:
    first, second = pair.split()
    assert stem_text(first, "fr") == stem_text(second, "fr")


@pytest.mark.parametrize("pair", ["welder welders", "farm farming", "tailor tailors", "teach teaching"])
def test_forms_of_an_english_word_have_the_same_stem(pair: str) -> None:
    first, second = pair.split()
    assert stem_text(first, "en") == stem_text(second, "en")


@pytest.mark.parametrize("different", ["poule poulie", "mère mer", "welder wedding", "porc port"])
def test_words_that_only_look_alike_have_different_stems(different: str) -> None:
    left, right = different.split()
    assert stem_word(left, "fr") != stem_word(right, "fr") or stem_word(left, "en") != stem_word(right, "en")


@pytest.mark.parametrize(
    "written",
    ["Comptable", "Comptable H/F", "Comptable (F/H)", "comptable h / f", "COMPTABLE (HF)", "Comptable M/F"],
)
def test_marks_for_both_genders_are_not_content_words(written: str) -> None:
    assert extract_content_words(written) == ["comptable"]


@pytest.mark.parametrize(
    "written", ["Employé(e)", "Serveur(euse)", "Animateur(trice)", "Technicien(ne)", "Vendeur/se"]
)
def test_feminine_endings_in_brackets_are_not_content_words(written: str) -> None:
    assert len(extract_content_words(written)) == 1


@pytest.mark.parametrize(
    "text", ["", "   ", "je cherche un emploi", "looking for a job", "de la et !?", "2026", "\0"]
)
def test_stop_words_numbers_and_signs_make_an_empty_query(text: str) -> None:
    assert extract_content_words(text) == []
    assert stem_query(text) == {}
    assert encode_query(stem_query(text)) is None


def test_content_words_are_in_order_and_have_their_accents() -> None:
    assert extract_content_words("Éleveuse de poulets, à l’atelier C++") == [
        "éleveuse",
        "poulets",
        "atelier",
        "c++",
    ]


@given(st.text(alphabet="éèêàçôîûëïüabcdefghij -'’", max_size=30))
def test_composed_and_decomposed_accents_give_the_same_words(text: str) -> None:
    assert extract_content_words(unicodedata.normalize("NFD", text)) == extract_content_words(
        unicodedata.normalize("NFC", text)
    )


@given(st.text())
def test_a_query_has_every_stem_of_an_offer_in_the_same_words(text: str) -> None:
    query = stem_query(text)
    for language in ("fr", "en", None):
        assert set(stem_text(text, language)) <= set(query)
    assert set(query.values()) <= set(extract_content_words(text))


def is_valid_sparse(sparse: SparseVector) -> bool:
    return (
        len(sparse.indices) == len(sparse.values)
        and all(a < b for a, b in zip(sparse.indices, sparse.indices[1:], strict=False))
        and all(0 <= index < 2**32 for index in sparse.indices)
        and all(value > 0 for value in sparse.values)
    )


@given(STEMS, STEMS)
def test_sparse_vectors_are_sorted_and_have_each_term_once(title: list[str], body: list[str]) -> None:
    sparse = encode_document(title, body)
    assert is_valid_sparse(sparse)
    assert set(sparse.indices) == {hash_stem(stem) for stem in title + body}
    query = encode_query(title)
    assert (query is None) == (not title)
    assert query is None or is_valid_sparse(query)


def weight(sparse: SparseVector, stemmed: str) -> float:
    return sparse.values[sparse.indices.index(hash_stem(stemmed))]


def test_a_word_weighs_more_in_a_title_and_less_in_a_long_text() -> None:
    other_words = [f"mot{n}" for n in range(20)]
    in_title = weight(encode_document(["soud"], other_words), "soud")
    in_body = weight(encode_document([], ["soud", *other_words]), "soud")
    in_long = weight(encode_document([], ["soud", *other_words * 20]), "soud")
    assert in_title > in_body > in_long


@given(st.integers(1, 200))
def test_each_repetition_of_a_word_adds_less_weight(times: int) -> None:
    once, more = (weight(encode_document([], ["soud"] * n), "soud") for n in (times, times + 1))
    assert once < more < 2.2


def test_term_numbers_are_the_same_on_every_machine() -> None:
    assert hash_stem("123456789") == 0xCBF43926  # the check value of CRC-32
