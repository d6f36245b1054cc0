"""Simulation of a population that receives recommendations: who is shown what, who gets a place, how fair.

The recommendations come from the code of `matching` itself. No real person is served here, and no data of one
is used.
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
