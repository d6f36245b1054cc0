"""Trades told by meaning, for whoever names none surely in words.

Names of trades become vectors once: the first start of an engine makes them, beside its answers, and keeps
them. Until then, and with an embedder that the adapter did not learn over, words alone tell.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from oim.features import occupations
from oim.features.matching import vector_cache
from oim.features.matching.documents import hash_passage
from oim.features.matching.index import Vector
from oim.features.matching.ports import Embedder
from oim.features.matching.understanding import MIN_SURE_SCORE, Understanding
from oim.features.occupations import SemanticLinker
from oim.features.titles import load_shipped_adapter
from oim.kit.db import Database
from oim.kit.telemetry import logger

START_DELAY = 60.0  # seconds that a new engine leaves to embedding its offers


def add_semantic_occupation(
    understanding: Understanding, vector: Vector, meanings: SemanticLinker
) -> Understanding:
    """What was understood, and the trade that the words mean; `vector` is that of its text.

    Words that name a trade surely, and trades that were ticked, are left as they are.
    """
    named = understanding.occupations
    if not understanding.has_own_words or any(link.score >= MIN_SURE_SCORE for link in named):
        return understanding
    meant = meanings.link(" ".join(dict.fromkeys(understanding.stems.values())), vector)
    if meant is None or any(link.occupation.isco == meant.occupation.isco for link in named):
        return understanding
    return replace(understanding, occupations=(meant, *named))


class SemanticOccupations:
    """The meanings of one embedder, from when they are ready."""

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self._database = database
        self._embedder = embedder
        self._closing = threading.Event()
        self._meanings: SemanticLinker | None = None
        self._thread: threading.Thread | None = None

    def start(self, wait: float = START_DELAY) -> None:
        """Prepare in a thread of its own; `wait` seconds go by before anything is embedded."""
        if self._thread is None and load_shipped_adapter().embedder == self._embedder.url:
            self._thread = threading.Thread(target=self._prepare, args=[wait], daemon=True, name="meanings")
            self._thread.start()

    def add_to(self, understanding: Understanding, vector: Vector | None) -> Understanding:
        """See `with_meant`; as it is until the meanings are ready."""
        meanings = self._meanings
        if meanings is None or vector is None:
            return understanding
        return add_semantic_occupation(understanding, vector, meanings)

    def wait_until_ready(self, timeout: float | None = None) -> bool:
        """Wait for the meanings; whether they are there."""
        if self._thread is not None:
            self._thread.join(timeout)
        return self._meanings is not None

    def close(self) -> None:
        """Stop making vectors; those made are kept."""
        self._closing.set()
        self.wait_until_ready()

    def _prepare(self, wait: float) -> None:
        try:
            found = self._load_or_embed([name.text for name in occupations.load_trade_names()], wait)
            if found is not None:
                self._meanings = occupations.build_semantic_linker(
                    load_shipped_adapter(), occupations.load_trade_names(), found
                )
        except Exception as error:
            logger(__name__).warning("trades are told by words alone", error=str(error))

    def _load_or_embed(self, texts: Sequence[str], wait: float) -> Vector | None:
        """None where it was closed before the end."""
        keys = [hash_passage(f"query: {text}") for text in texts]
        found = vector_cache.load_stored_vectors(self._database, self._embedder, keys)
        lacking = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if lacking and self._closing.wait(wait):
            return None
        for made in vector_cache.embed_and_store(self._database, self._embedder, lacking, _embed_queries):
            found |= made
            if self._closing.is_set():
                return None
        return np.stack([found[key] for key in keys])


def _embed_queries(embedder: Embedder, texts: Sequence[str]) -> Vector:
    return embedder.embed_queries(texts)
