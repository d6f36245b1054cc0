"""Qdrant Edge: indexes in folders of this machine, inside the one process that owns them.

What is indexed and how hits are ranked further is `features.matching`.
"""

from oim.adapters.qdrant_edge.index import EdgeIndex
from oim.adapters.qdrant_edge.indexes import EdgeIndexes

__all__ = ["EdgeIndex", "EdgeIndexes"]
