"""The indexes of one server: collections named `oim-…`, and an alias that names the current one."""

from __future__ import annotations

from base64 import b32decode, b32encode
from uuid import uuid4

from qdrant_client import QdrantClient
from qdrant_client import models as m

from oim.adapters.qdrant_server.index import ServerIndex
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

CURRENT_ALIAS = "oim-current"


def connect(url: str, key: str | None) -> ServerIndexes:
    """The indexes of the server at a URL."""
    return ServerIndexes(QdrantClient(url=url, api_key=key))


class ServerIndexes:
    """The `Indexes` port. A collection's name carries the URL of its embedder, in base 32."""

    def __init__(self, client: QdrantClient) -> None:
        self._client = client

    def current(self) -> tuple[str, str] | None:
        """Name of the current collection and the URL of the embedder it was built with."""
        for alias in self._client.get_aliases().aliases:
            if alias.alias_name == CURRENT_ALIAS:
                return alias.collection_name, self.embedder_url(alias.collection_name)
        return None

    def embedder_url(self, name: str) -> str:
        """URL of the embedder that a collection was built with. Raises NotFoundError."""
        if not self._client.collection_exists(name):
            raise NotFoundError(mark("The index %(name)s is not there."), name=name)
        coded = name.split("-")[1].upper()
        return b32decode(coded + "=" * (-len(coded) % 8)).decode()

    def create(self, embedder_url: str, dimension: int) -> tuple[str, ServerIndex]:
        """A new empty collection beside the current one."""
        coded = b32encode(embedder_url.encode()).decode().rstrip("=").lower()
        name = f"oim-{coded}-{uuid4().hex[:8]}"
        return name, ServerIndex.create(self._client, name, dimension)

    def open(self, name: str) -> ServerIndex:
        """An existing collection."""
        return ServerIndex(self._client, name)

    def swap(self, name: str) -> None:
        """Point the alias at a collection in one operation, then drop the one before.

        Raises NotFoundError.
        """
        self.embedder_url(name)
        before = self.current()
        operations: list[m.AliasOperations] = []
        if before:
            operations.append(m.DeleteAliasOperation(delete_alias=m.DeleteAlias(alias_name=CURRENT_ALIAS)))
        operations.append(
            m.CreateAliasOperation(create_alias=m.CreateAlias(collection_name=name, alias_name=CURRENT_ALIAS))
        )
        self._client.update_collection_aliases(operations)
        if before and before[0] != name:
            self._client.delete_collection(before[0])
