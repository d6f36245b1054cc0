"""A Qdrant server: indexes as collections, the current one behind an alias.

Not yet tried against a server, only against its client's local mode.
"""

from oim.adapters.qdrant_server.index import ServerIndex
from oim.adapters.qdrant_server.indexes import ServerIndexes, connect

__all__ = ["ServerIndex", "ServerIndexes", "connect"]
