"""Alembic's migrations of every table, in the order of their numbers; they ship inside the package.

The present tables are declared in the `models` module of each feature.
"""
