"""Indexes of offers on a Qdrant server: collections, the current one behind an alias.

Not yet tried against a server, only against the local mode of its client.
"""

from oim.adapters.qdrant_server.index import ServerIndex
from oim.adapters.qdrant_server.indexes import ServerIndexes, connect

__all__ = ["ServerIndex", "ServerIndexes", "connect"]
