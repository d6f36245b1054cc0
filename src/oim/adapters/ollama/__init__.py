"""Embeddings by a model of an Ollama server, through its route `/api/embed`.

It embeds texts and knows nothing of offers or profiles.
"""

from __future__ import annotations

from collections.abc import Sequence

import httpx2
import numpy as np

from oim.features.matching import Vector
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark

SCHEME = "ollama+"  # starts the URL of such an embedder: `ollama+http://host:port/model`
MAX_TEXT_LENGTH = 8000  # characters
TIMEOUT = httpx2.Timeout(60.0, connect=3.0)  # seconds; a server without a GPU embeds a batch slowly


class Ollama:
    """The `Embedder` interface for `ollama+http://host:port/model`."""

    cosine_range = (0.35, 0.75)  # of a query with an unrelated offer, and with the best one

    def __init__(self, url: str) -> None:
        """Ask the server for one vector, to know its dimension. Raises UnavailableError."""
        self.url = url
        server, _, self._model = url.removeprefix(SCHEME).rpartition("/")
        # A service of ours: called directly, never by the environment's proxy.
        self._client = httpx2.Client(base_url=server, timeout=TIMEOUT, trust_env=False)
        self.dimension = int(self._embed(["."]).shape[1])

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        """Embed queries. Raises UnavailableError."""
        return self._embed(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Embed passages, in the same way as queries. Raises UnavailableError."""
        return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> Vector:
        """Embed texts as unit vectors. Raises UnavailableError, also for an answer of the wrong form."""
        body = {"model": self._model, "input": [text.replace("\0", " ")[:MAX_TEXT_LENGTH] for text in texts]}
        try:
            response = self._client.post("/api/embed", json=body)
            response.raise_for_status()
            vectors = np.asarray(response.json()["embeddings"], np.float32).reshape(len(texts), -1)
            # Not every model of Ollama gives unit vectors, which cosines by a plain product need.
            unit: Vector = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        except (httpx2.HTTPError, httpx2.InvalidURL, KeyError, TypeError, ValueError) as error:
            raise UnavailableError(
                mark("The embeddings server %(url)s does not answer as it should: %(cause)s"),
                url=self.url,
                cause=str(error) or type(error).__name__,
            ) from error
        return unit
