"""Turn titles into sparse rows of hashed words, pairs of words and character n-grams."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from oim.kit.text import fold

if TYPE_CHECKING:
    import scipy.sparse as sp

NGRAM_SIZES = (3, 4, 5)  # characters of an n-gram, the two marks at the borders of a word included
_WORD = re.compile(r"[a-z0-9]+")


def count_ngrams(texts: Sequence[str], buckets: int) -> sp.csr_matrix:
    """Count the n-grams of texts: a float32 matrix of one row for each text and one column for each bucket.

    A bucket that is hit holds 1 + log(count).
    """
    # Imported here: it takes as long as numpy, and most processes count no n-grams.
    import scipy.sparse as sp  # noqa: PLC0415

    # The three arrays of a compressed sparse row matrix: row i is columns[starts[i] : starts[i + 1]].
    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for text in texts:
        # CRC-32, because `hash` differs between processes: a stored adapter must find its buckets again.
        counts = Counter(zlib.crc32(gram.encode()) % buckets for gram in extract_ngrams(text))
        columns += counts.keys()
        values += [1.0 + math.log(count) for count in counts.values()]
        starts.append(len(columns))
    data = (np.array(values, np.float32), np.array(columns, np.int32), np.array(starts, np.int64))
    return sp.csr_matrix(data, shape=(len(texts), buckets))


def tokenise(text: str) -> list[str]:
    """Return the words of a text, without accents and in lower case."""
    return _WORD.findall(fold(text))


def extract_ngrams(text: str) -> Iterable[str]:
    """Yield the words (`w:macon`), character n-grams (`<mac`) and word pairs (`b:aide macon`) of a text."""
    words = tokenise(text)
    for word in words:
        yield f"w:{word}"
        bordered = f"<{word}>"
        for size in NGRAM_SIZES:
            yield from (bordered[start : start + size] for start in range(len(bordered) - size + 1))
    yield from (f"b:{first} {second}" for first, second in pairwise(words))
