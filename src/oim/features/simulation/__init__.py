"""A simulated population meets the offers: who is shown what, who is placed, and how fair that is.

The stages are matching's own. Nothing here serves a person, and nothing of a real person is here.
"""

from oim.features.simulation.fairness import (
    EXPOSURE_RATIO_GOAL,
    PLACED_RATIO_GOAL,
    RELEVANCE_LOSS_GOAL,
    Fairness,
    Goals,
    assess_fairness,
    measure_goals,
)
from oim.features.simulation.population import SimulatedPerson, draw_population
from oim.features.simulation.simulator import LIST_METHODS, SimulationResult, simulate

__all__ = [
    "EXPOSURE_RATIO_GOAL",
    "LIST_METHODS",
    "PLACED_RATIO_GOAL",
    "RELEVANCE_LOSS_GOAL",
    "Fairness",
    "Goals",
    "SimulatedPerson",
    "SimulationResult",
    "assess_fairness",
    "draw_population",
    "measure_goals",
    "simulate",
]
