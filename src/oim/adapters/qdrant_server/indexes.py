"""The indexes on one server: collections named `oim-…`, and an alias for the current one."""

from __future__ import annotations

from base64 import b32decode, b32encode
from uuid import uuid4

from qdrant_client import QdrantClient, models

from oim.adapters.qdrant_server.index import ServerIndex
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

CURRENT_ALIAS = "oim-current"


def connect(url: str, key: str | None) -> ServerIndexes:
    """Connect to the server at a URL, with an API key if it needs one."""
    # A service of ours: called directly, never by the environment's proxy. The check of versions would make
    # a request of its own that cannot be told so.
    return ServerIndexes(QdrantClient(url=url, api_key=key, check_compatibility=False, trust_env=False))


class ServerIndexes:
    """The `Indexes` interface over collections, named `oim-EMBEDDER-RANDOM`.

    EMBEDDER is the URL of the embedder in base 32, since a collection has no place for other facts.
    """

    def __init__(self, client: QdrantClient) -> None:
        """Use a client that is connected."""
        self._client = client

    def current(self) -> tuple[str, str] | None:
        """Name of the current collection and the URL of the embedder it was built with; None without one."""
        for alias in self._client.get_aliases().aliases:
            if alias.alias_name == CURRENT_ALIAS:
                return alias.collection_name, self.embedder_url(alias.collection_name)
        return None

    def embedder_url(self, name: str) -> str:
        """The URL of the embedder that a collection was built with. Raises NotFoundError."""
        if not self._client.collection_exists(name):
            raise NotFoundError(mark("The index %(name)s is not there."), name=name)
        coded = name.split("-")[1].upper()
        # The name omits the `=` by which base 32 is padded to a multiple of eight characters.
        return b32decode(coded + "=" * (-len(coded) % 8)).decode()

    def create(self, embedder_url: str, dimension: int) -> tuple[str, ServerIndex]:
        """Create an empty collection beside the current one; return it with its name."""
        coded = b32encode(embedder_url.encode()).decode().rstrip("=").lower()
        name = f"oim-{coded}-{uuid4().hex[:8]}"
        return name, ServerIndex.create(self._client, name, dimension)

    def open(self, name: str) -> ServerIndex:
        """Open an existing collection."""
        return ServerIndex(self._client, name)

    def swap(self, name: str) -> None:
        """Make a collection the current one, atomically, then drop the one before. Raises NotFoundError."""
        self.embedder_url(name)  # raises NotFoundError
        before = self.current()
        operations: list[models.AliasOperations] = []
        if before:
            operations.append(
                models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=CURRENT_ALIAS))
            )
        operations.append(
            models.CreateAliasOperation(
                create_alias=models.CreateAlias(collection_name=name, alias_name=CURRENT_ALIAS)
            )
        )
        # One request with both operations, so that at no moment there is no current collection.
        self._client.update_collection_aliases(operations)
        if before and before[0] != name:
            self._client.delete_collection(before[0])
