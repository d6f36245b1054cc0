"""Entry point of the child process.

It skips `oim/features/cv/__init__.py`, whose imports take a second and include the handling of keys.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

FEATURE = "oim.features.cv"


def _start() -> None:
    """Run `dispatch.main` without importing the feature's own package."""
    sys.path.insert(0, str(Path(__file__).parents[4]))  # `src`, or where OIM is installed
    # An empty stand-in: Python takes the package for imported already and looks only at its `__path__`.
    stand_in = ModuleType(FEATURE)
    stand_in.__path__ = [str(Path(__file__).parents[1])]
    sys.modules[FEATURE] = stand_in
    import_module(f"{FEATURE}.readers.dispatch").main()


if __name__ == "__main__":
    _start()
