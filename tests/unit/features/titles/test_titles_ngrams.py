"""Titles become hashed words and n-grams; an adapter loaded in another process finds the same buckets."""

import numpy as np
import pytest

from oim.features.titles.ngrams import count_ngrams, extract_ngrams, tokenise

BUCKETS = 2**15


def test_a_text_gives_words_n_grams_and_word_pairs() -> None:
    assert list(extract_ngrams("Maçon 2")) == [
        "w:macon",
        *("<ma", "mac", "aco", "con", "on>"),
        *("<mac", "maco", "acon", "con>"),
        *("<maco", "macon", "acon>"),
        *("w:2", "<2>"),
        "b:macon 2",
    ]


def test_buckets_are_the_same_in_every_process() -> None:
    expected = [308, 450, 3725, 5496, 5980, 6857, 9874, 10866, 15528, 20590, 26878, 27493, 30916]
    assert sorted(count_ngrams(["Maçon"], BUCKETS).indices) == expected


def test_a_repeated_n_gram_weighs_more_but_not_double() -> None:
    assert sorted(set(count_ngrams(["aaaa"], BUCKETS).data)) == pytest.approx([1, 1 + np.log(2)])


@pytest.mark.parametrize(
    "written", ["SOUDEUR À L’ARC", "soudeur a l'arc", " Soudeur  à l’arc !", "soudeur-à-l’arc"]
)
def test_accents_case_and_punctuation_do_not_count(written: str) -> None:
    assert (count_ngrams([written], BUCKETS) != count_ngrams(["soudeur à l’arc"], BUCKETS)).nnz == 0


def test_a_text_is_split_into_folded_words() -> None:
    assert tokenise("L’Œuvre d’Aïcha, 2-en-1") == ["l", "oeuvre", "d", "aicha", "2", "en", "1"]


def test_each_text_has_one_row() -> None:
    counts = count_ngrams(["", "é", "—"], 8)
    assert counts.shape == (3, 8)
    assert counts.dtype == np.float32
    assert np.diff(counts.indptr).tolist() == [0, 2, 0]
    assert count_ngrams([], 8).shape == (0, 8)
