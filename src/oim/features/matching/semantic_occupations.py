"""Occupations recognised by meaning, for texts that name no trade with certainty.

The vectors of the names of trades are shipped (`shipped_vectors`). Names that were changed since are embedded
once: the first engine to start does so in the background while it answers. Until that is done, and with an
embedder that the titles adapter was not trained on, occupations are recognised by words alone.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from oim.features import occupations
from oim.features.matching import vector_cache
from oim.features.matching.documents import hash_query
from oim.features.matching.index import Vector
from oim.features.matching.ports import Embedder
from oim.features.matching.understanding import MIN_SURE_SCORE, Understanding
from oim.features.occupations import SemanticLinker
from oim.features.titles import load_shipped_adapter
from oim.kit.db import Database
from oim.kit.telemetry import logger

START_DELAY = 60.0  # seconds that a new engine has for embedding its offers first


def add_semantic_occupation(
    understanding: Understanding, vector: Vector, linker: SemanticLinker
) -> Understanding:
    """Add the occupation that the person's words mean; `vector` is that of the understanding's query text.

    Unchanged where the text names a trade with certainty or trades were ticked.
    """
    links = understanding.occupations
    if not understanding.has_own_words or any(link.score >= MIN_SURE_SCORE for link in links):
        return understanding
    # Several stems may come from one word: each word once.
    meant = linker.link(" ".join(dict.fromkeys(understanding.stems.values())), vector)
    # A trade that the words name, though without certainty, is not presented as a guess by meaning.
    if meant is None or any(link.occupation.isco == meant.occupation.isco for link in links):
        return understanding
    return replace(understanding, occupations=(meant, *links))


class SemanticOccupations:
    """The semantic linker of one embedder, prepared in the background; until it is ready nothing is added."""

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self._database = database
        self._embedder = embedder
        self._closing = threading.Event()
        self._linker: SemanticLinker | None = None
        self._thread: threading.Thread | None = None

    def start(self, wait: float = START_DELAY) -> None:
        """Prepare the linker in a thread; missing vectors are embedded only after `wait` seconds."""
        # The adapter translates the vectors of the embedder it was trained on; others mean nothing to it.
        if self._thread is None and load_shipped_adapter().embedder == self._embedder.url:
            self._thread = threading.Thread(target=self._prepare, args=[wait], daemon=True, name="meanings")
            self._thread.start()

    def add_to(self, understanding: Understanding, vector: Vector | None) -> Understanding:
        """Add the occupation meant (see `add_semantic_occupation`); unchanged until the linker is ready."""
        # Read once: the other thread may set it between the test and the use.
        linker = self._linker
        if linker is None or vector is None:
            return understanding
        return add_semantic_occupation(understanding, vector, linker)

    def wait_until_ready(self, timeout: float | None = None) -> bool:
        """Wait for the preparation, at most `timeout` seconds; returns whether the linker is ready."""
        if self._thread is not None:
            self._thread.join(timeout)
        return self._linker is not None

    def close(self) -> None:
        """Stop embedding; the vectors stored so far stay."""
        self._closing.set()
        self.wait_until_ready()

    def _prepare(self, wait: float) -> None:
        """Load or embed the names of trades and build the linker; a failure is logged, never raised."""
        try:
            vectors = self._load_or_embed([name.text for name in occupations.load_trade_names()], wait)
            if vectors is not None:
                self._linker = occupations.build_semantic_linker(
                    load_shipped_adapter(), occupations.load_trade_names(), vectors
                )
        except Exception as error:
            logger(__name__).warning("trades are found by words alone", error=str(error))

    def _load_or_embed(self, texts: Sequence[str], wait: float) -> Vector | None:
        """One vector for each text, in order; None if the engine was closed first."""
        keys = [hash_query(text) for text in texts]
        vectors = vector_cache.load_stored_vectors(self._database, self._embedder, keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors}
        # Waiting on the event instead of sleeping: closing an engine must not take a minute.
        if missing and self._closing.wait(wait):
            return None
        for batch in vector_cache.embed_and_store(self._database, self._embedder, missing, _embed_queries):
            vectors |= batch
            if self._closing.is_set():
                return None
        return np.stack([vectors[key] for key in keys])


def _embed_queries(embedder: Embedder, texts: Sequence[str]) -> Vector:
    """Embed trade names as what people say."""
    return embedder.embed_queries(texts)
