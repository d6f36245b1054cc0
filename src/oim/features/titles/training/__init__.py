"""How the adapter is learned: names of ESCO and ROME, examples drawn, weights fitted, held-out names tried.

Nothing of it runs in production; no name that a test set asks for is learned from.
"""

from oim.features.titles.training.fit import Recipe
from oim.features.titles.training.names import Names, read_names
from oim.features.titles.training.service import evaluate_recipe, train_adapter

__all__ = ["Names", "Recipe", "evaluate_recipe", "read_names", "train_adapter"]
