"""Hashed words and n-grams: an adapter read in another process must find the same buckets."""

import numpy as np
import pytest

from oim.features.titles.ngrams import count_ngrams, extract_ngrams, tokenise

BUCKETS = 2**15


def test_grams_of_a_text() -> None:
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


def test_what_is_told_twice_weighs_more_but_not_double() -> None:
    assert sorted(set(count_ngrams(["aaaa"], BUCKETS).data)) == pytest.approx([1, 1 + np.log(2)])


@pytest.mark.parametrize(
    "written", ["SOUDEUR À L’ARC", "soudeur a l'arc", " Soudeur  à l’arc !", "soudeur-à-l’arc"]
)
def test_neither_accents_nor_case_nor_marks_count(written: str) -> None:
    assert (count_ngrams([written], BUCKETS) != count_ngrams(["soudeur à l’arc"], BUCKETS)).nnz == 0


def test_words() -> None:
    assert tokenise("L’Œuvre d’Aïcha, 2-en-1") == ["l", "oeuvre", "d", "aicha", "2", "en", "1"]


def test_one_row_a_text() -> None:
    found = count_ngrams(["", "é", "—"], 8)
    assert found.shape == (3, 8)
    assert found.dtype == np.float32
    assert np.diff(found.indptr).tolist() == [0, 2, 0]
    assert count_ngrams([], 8).shape == (0, 8)
