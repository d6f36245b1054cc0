"""Sentences, phrases and excerpts: a match is always quoted in the original words of the offer."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oim.features.trust.screening import phrases
from oim.features.trust.screening.phrases import MAX_EXCERPT_LENGTH, Phrases, Sentence, split_sentences
from oim.kit.text import fold

texts = st.text(st.characters(codec="utf-8"), max_size=400) | st.text("aé œ’\u00a0\u0301½´.…", max_size=400)


words = st.lists(st.text("aBé œ’½´.,", min_size=1, max_size=12), max_size=60).map(" \u00a0\t".join)


@given(words, st.data())
def test_an_excerpt_is_short_and_contains_the_matched_words(text: str, data: st.DataObject) -> None:
    sentence = Sentence(text)
    if not sentence.folded_text:
        return
    start = data.draw(st.integers(0, len(sentence.folded_text) - 1))
    end = data.draw(st.integers(start + 1, min(start + 40, len(sentence.folded_text))))
    excerpt = sentence.excerpt(start, end)
    assert len(excerpt) <= MAX_EXCERPT_LENGTH
    whole_words = sentence.folded_text[start:end].split()[1:-1]
    assert " ".join(whole_words) in fold(excerpt)


@given(texts)
def test_any_text_has_a_short_excerpt(text: str) -> None:
    for sentence in split_sentences(text):
        assert len(sentence.excerpt(0, max(1, len(sentence.folded_text)))) <= MAX_EXCERPT_LENGTH


def test_an_excerpt_includes_words_from_both_sides() -> None:
    before, after = "mot " * 100, " fin" * 100
    long = Sentence(f"{before}Frais  de\u00a0dossier{after}")
    start = long.folded_text.index("frais")
    excerpt = long.excerpt(start, start + len("frais de dossier"))
    assert "Frais de dossier" in excerpt
    assert excerpt.startswith("…mot")
    assert excerpt.endswith("fin…")
    assert MAX_EXCERPT_LENGTH - 12 < len(excerpt) <= MAX_EXCERPT_LENGTH


def test_sentences_end_at_a_stop_a_line_end_or_five_hundred_characters() -> None:
    text = "Une phrase. Une autre ! Salaire : 10.000 F\nTél. 6\n\nFin"
    assert [sentence.original for sentence in split_sentences(text)] == [
        "Une phrase.",
        "Une autre !",
        "Salaire : 10.000 F",
        "Tél.",
        "6",
        "Fin",
    ]
    assert max(len(sentence.original) for sentence in split_sentences("mot " * 5000)) <= 501
    assert [len(sentence.original) for sentence in split_sentences("x" * 1200)] == [500, 500, 200]


@given(texts)
def test_splitting_into_sentences_loses_no_word(text: str) -> None:
    sentences = split_sentences(text)
    assert "".join("".join(sentence.original.split()) for sentence in sentences) == "".join(text.split())


def test_an_exception_cancels_a_phrase_only_where_the_two_overlap() -> None:
    table = Phrases(re.compile("frais"), (re.compile("frais de dossier"),), (re.compile("aucuns? frais de"),))
    assert table.find_excerpt(split_sentences("Aucun frais de dossier.")) is None
    text = "Aucun frais de visite. Frais de dossier : 5 000 F."
    assert table.find_excerpt(split_sentences(text)) == "Frais de dossier : 5 000 F."


@pytest.mark.parametrize("name", phrases._load_tables()["phrases"])
def test_phrases_use_known_names_and_do_not_match_an_empty_text(name: str) -> None:
    loaded = phrases.load_phrases(name)
    for pattern in (loaded.prefilter, *loaded.patterns, *loaded.exceptions):
        assert not re.search(r"(?<!\(\?P)<[a-z_]+>", pattern.pattern)
        assert not pattern.fullmatch("")


def test_every_name_in_the_phrase_file_is_used() -> None:
    tables = phrases._load_tables()
    code = "".join(path.read_text(encoding="utf-8") for path in Path(phrases.__file__).parent.glob("*.py"))
    names = [*tables["words"], *tables["patterns"]]
    assert [name for name in names if f"<{name}>" not in str(tables) and f'"{name}"' not in code] == []
    lifts = {lift for table in tables["phrases"].values() for lift in table["lifted_by"]}
    assert lifts == set(tables["lifts"])
