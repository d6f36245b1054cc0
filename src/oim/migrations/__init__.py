"""Alembic's migrations of every table, oldest first; they travel inside the package.

Tables themselves are each feature's `models`.
"""
