"""Hashed words and n-grams: an adapter read in another process must find the same buckets."""

import numpy as np
import pytest

from oim.features.titles.ngrams import grams, rows, words

BUCKETS = 2**15


def test_grams_of_a_text() -> None:
    assert list(grams("Maçon 2")) == [
        "w:macon",
        *("<ma", "mac", "aco", "con", "on>"),
        *("<mac", "maco", "acon", "con>"),
        *("<maco", "macon", "acon>"),
        *("w:2", "<2>"),
        "b:macon 2",
    ]


def test_buckets_are_the_same_in_every_process() -> None:
    expected = [308, 450, 3725, 5496, 5980, 6857, 9874, 10866, 15528, 20590, 26878, 27493, 30916]
    assert sorted(rows(["Maçon"], BUCKETS).indices) == expected


def test_what_is_told_twice_weighs_more_but_not_double() -> None:
    assert sorted(set(rows(["aaaa"], BUCKETS).data)) == pytest.approx([1, 1 + np.log(2)])


@pytest.mark.parametrize(
    "written", ["SOUDEUR À L’ARC", "soudeur a l'arc", " Soudeur  à l’arc !", "soudeur-à-l’arc"]
)
def test_neither_accents_nor_case_nor_marks_count(written: str) -> None:
    assert (rows([written], BUCKETS) != rows(["soudeur à l’arc"], BUCKETS)).nnz == 0


def test_words() -> None:
    assert words("L’Œuvre d’Aïcha, 2-en-1") == ["l", "oeuvre", "d", "aicha", "2", "en", "1"]


def test_one_row_a_text() -> None:
    found = rows(["", "é", "—"], 8)
    assert found.shape == (3, 8)
    assert found.dtype == np.float32
    assert np.diff(found.indptr).tolist() == [0, 2, 0]
    assert rows([], 8).shape == (0, 8)
