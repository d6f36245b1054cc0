"""Qdrant Edge: indexes in folders of this machine, inside the one process that owns them.

What is indexed and how hits are ranked further is `features.matching`.
"""

from oim.adapters.qdrant_edge.folders import EdgeIndexes
from oim.adapters.qdrant_edge.index import EdgeIndex

__all__ = ["EdgeIndex", "EdgeIndexes"]
