"""Titles as sparse rows of hashed words, pairs of words and character n-grams."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import scipy.sparse as sp

from oim.kit.text import fold

NGRAM_SIZES = (3, 4, 5)  # characters of an n-gram, the borders of a word counted
_WORD = re.compile(r"[a-z0-9]+")


def count_ngrams(texts: Sequence[str], buckets: int) -> sp.csr_matrix:
    """One row a text, one column a bucket; 1 + log(count) where a bucket is hit. Float32."""
    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for text in texts:
        held = Counter(zlib.crc32(gram.encode()) % buckets for gram in extract_ngrams(text))
        columns += held.keys()
        values += [1.0 + math.log(count) for count in held.values()]
        starts.append(len(columns))
    data = (np.array(values, np.float32), np.array(columns, np.int32), np.array(starts, np.int64))
    return sp.csr_matrix(data, shape=(len(texts), buckets))


def tokenise(text: str) -> list[str]:
    """Its words, accents and case aside."""
    return _WORD.findall(fold(text))


def extract_ngrams(text: str) -> Iterable[str]:
    """What a text is made of, accents and case aside."""
    told = tokenise(text)
    for word in told:
        yield f"w:{word}"
        bordered = f"<{word}>"
        for size in NGRAM_SIZES:
            yield from (bordered[at : at + size] for at in range(len(bordered) - size + 1))
    yield from (f"b:{first} {second}" for first, second in pairwise(told))
