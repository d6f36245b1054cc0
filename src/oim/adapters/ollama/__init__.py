"""Embeddings by an Ollama server, through its `/api/embed`.

Texts for the model; nothing about offers or profiles.
"""

from __future__ import annotations

from collections.abc import Sequence

import httpx2
import numpy as np

from oim.features.matching import Vector
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark

SCHEME = "ollama+"
MAX_TEXT_LENGTH = 8000  # characters
TIMEOUT = httpx2.Timeout(60.0, connect=3.0)


class Ollama:
    """The `Embedder` port for `ollama+http://host:port/model`."""

    cosine_range = (0.35, 0.75)

    def __init__(self, url: str) -> None:
        """Ask the server for one vector to learn its dimension. Raises UnavailableError."""
        self.url = url
        server, _, self._model = url.removeprefix(SCHEME).rpartition("/")
        self._client = httpx2.Client(base_url=server, timeout=TIMEOUT)
        self.dimension = int(self._embed(["."]).shape[1])

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        return self._embed(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> Vector:
        body = {"model": self._model, "input": [text.replace("\0", " ")[:MAX_TEXT_LENGTH] for text in texts]}
        try:
            response = self._client.post("/api/embed", json=body)
            response.raise_for_status()
            vectors = np.asarray(response.json()["embeddings"], np.float32).reshape(len(texts), -1)
            unit: Vector = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        except (httpx2.HTTPError, httpx2.InvalidURL, KeyError, TypeError, ValueError) as error:
            raise UnavailableError(
                mark("The embeddings server %(url)s does not answer as it should: %(cause)s"),
                url=self.url,
                cause=str(error) or type(error).__name__,
            ) from error
        return unit
