"""Indexes of offers by Qdrant Edge: folders of this machine, opened by the one process that owns them.

What is indexed, and how hits are ranked further, is decided in `features.matching`.
"""

from oim.adapters.qdrant_edge.index import EdgeIndex
from oim.adapters.qdrant_edge.indexes import EdgeIndexes

__all__ = ["EdgeIndex", "EdgeIndexes"]
