"""How answers read on a terminal, and as the JSON that scripts read there.

Verbs and their options are `apps.cli`.
"""

from oim.channels.terminal.render import as_json, as_lines

__all__ = ["as_json", "as_lines"]
