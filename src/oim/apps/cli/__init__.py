"""The `oim` command line: one thin module for each command, or for each group of commands.

What a command decides is in features; the servers it starts are in `apps.up`.
"""

from oim.apps.cli.program import main

__all__ = ["main"]
