"""A Qdrant server: indexes as collections, the current one behind an alias.

Not yet tried against a server, only against its client's local mode.
"""

from oim.adapters.qdrant_server.collections import ServerIndexes, connect
from oim.adapters.qdrant_server.index import ServerIndex

__all__ = ["ServerIndex", "ServerIndexes", "connect"]
