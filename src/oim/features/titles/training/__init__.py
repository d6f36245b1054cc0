"""Train the adapter: read names from ESCO and ROME, sample batches, fit the weights, measure held-out names.

Nothing of it runs in production. Names that are queries of a test set are never trained on.
"""

from oim.features.titles.training.fit import Recipe
from oim.features.titles.training.names import Names, read_names
from oim.features.titles.training.service import evaluate_recipe, train_adapter

__all__ = ["Names", "Recipe", "evaluate_recipe", "read_names", "train_adapter"]
