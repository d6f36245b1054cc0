"""Recommendations on a terminal: lines of text for people, and plain values as JSON for scripts.

The commands and their options are in `apps.cli`.
"""

from oim.channels.terminal.render import as_json, as_lines

__all__ = ["as_json", "as_lines"]
