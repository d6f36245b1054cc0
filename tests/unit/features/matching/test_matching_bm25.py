"""Words, stems and sparse vectors: both genders, both languages and every way of typing meet."""

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
def test_masculine_feminine_and_plural_meet(pair: str) -> None:
    one, other = pair.split()
    assert stem_text(one, "fr") == stem_text(other, "fr")


@pytest.mark.parametrize("pair", ["welder welders", "farm farming", "tailor tailors", "teach teaching"])
def test_english_forms_meet(pair: str) -> None:
    one, other = pair.split()
    assert stem_text(one, "en") == stem_text(other, "en")


@pytest.mark.parametrize("different", ["poule poulie", "mère mer", "welder wedding", "porc port"])
def test_words_that_only_look_alike_stay_apart(different: str) -> None:
    one, other = different.split()
    assert stem_word(one, "fr") != stem_word(other, "fr") or stem_word(one, "en") != stem_word(other, "en")


@pytest.mark.parametrize(
    "written",
    ["Comptable", "Comptable H/F", "Comptable (F/H)", "comptable h / f", "COMPTABLE (HF)", "Comptable M/F"],
)
def test_that_both_genders_are_welcome_says_nothing_of_the_work(written: str) -> None:
    assert extract_content_words(written) == ["comptable"]


@pytest.mark.parametrize(
    "written", ["Employé(e)", "Serveur(euse)", "Animateur(trice)", "Technicien(ne)", "Vendeur/se"]
)
def test_feminine_endings_in_brackets_are_no_words(written: str) -> None:
    assert len(extract_content_words(written)) == 1


@pytest.mark.parametrize(
    "text", ["", "   ", "je cherche un emploi", "looking for a job", "de la et !?", "2026", "\0"]
)
def test_what_tells_no_offer_from_another_is_silent(text: str) -> None:
    assert extract_content_words(text) == []
    assert stem_query(text) == {}
    assert encode_query(stem_query(text)) is None


def test_words_stand_in_their_order_and_keep_their_accents() -> None:
    assert extract_content_words("Éleveuse de poulets, à l’atelier C++") == [
        "éleveuse",
        "poulets",
        "atelier",
        "c++",
    ]


@given(st.text(alphabet="éèêàçôîûëïüabcdefghij -'’", max_size=30))
def test_however_accents_were_typed_the_words_are_the_same(text: str) -> None:
    assert extract_content_words(unicodedata.normalize("NFD", text)) == extract_content_words(
        unicodedata.normalize("NFC", text)
    )


@given(st.text())
def test_a_person_finds_what_an_offer_says_in_the_same_words(text: str) -> None:
    asked = stem_query(text)
    for language in ("fr", "en", None):
        assert set(stem_text(text, language)) <= set(asked)
    assert set(asked.values()) <= set(extract_content_words(text))


def numbers_are_sound(sparse: SparseVector) -> bool:
    return (
        len(sparse.indices) == len(sparse.values)
        and all(a < b for a, b in zip(sparse.indices, sparse.indices[1:], strict=False))
        and all(0 <= index < 2**32 for index in sparse.indices)
        and all(value > 0 for value in sparse.values)
    )


@given(STEMS, STEMS)
def test_sparse_vectors_are_sorted_and_hold_each_term_once(title: list[str], body: list[str]) -> None:
    sparse = encode_document(title, body)
    assert numbers_are_sound(sparse)
    assert set(sparse.indices) == {hash_stem(one) for one in title + body}
    query = encode_query(title)
    assert (query is None) == (not title)
    assert query is None or numbers_are_sound(query)


def weight(sparse: SparseVector, stemmed: str) -> float:
    return sparse.values[sparse.indices.index(hash_stem(stemmed))]


def test_a_word_weighs_more_in_a_title_and_less_in_a_long_text() -> None:
    rest = [f"mot{n}" for n in range(20)]
    in_title = weight(encode_document(["soud"], rest), "soud")
    in_body = weight(encode_document([], ["soud", *rest]), "soud")
    in_long = weight(encode_document([], ["soud", *rest * 20]), "soud")
    assert in_title > in_body > in_long


@given(st.integers(1, 200))
def test_repeating_a_word_pays_less_and_less(times: int) -> None:
    once, more = (weight(encode_document([], ["soud"] * n), "soud") for n in (times, times + 1))
    assert once < more < 2.2


def test_terms_are_the_same_on_every_machine() -> None:
    assert hash_stem("123456789") == 0xCBF43926  # the check value of CRC-32
