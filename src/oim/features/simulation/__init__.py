"""A simulated population meets the offers: who is shown what, who is placed, and how fair that is.

The stages are matching's own. Nothing here serves a person, and nothing of a real person is here.
"""

from oim.features.simulation.fairness import Fairness, Goals, assess_fairness, goals
from oim.features.simulation.population import Person, population
from oim.features.simulation.simulator import LISTS, Simulated, simulate

__all__ = [
    "LISTS",
    "Fairness",
    "Goals",
    "Person",
    "Simulated",
    "assess_fairness",
    "goals",
    "population",
    "simulate",
]
