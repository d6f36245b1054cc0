"""The `oim` program: one module a verb or family of verbs, each thin.

What verbs decide is in features; what they start is in `apps.up`.
"""

from oim.apps.cli.program import main

__all__ = ["main"]
