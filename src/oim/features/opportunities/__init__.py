"""Offers of the three kinds, who publishes them and where they come from.

How offers are taken in is `ingestion`; how they meet people is `matching`.
"""

from oim.features.opportunities.events import CHANGED
from oim.features.opportunities.organisations import organisation_named, organisation_names
from oim.features.opportunities.repository import Outcome, Stored, hold_source, store
from oim.features.opportunities.service import Page, count, following, get, get_many, newest
from oim.features.opportunities.types import (
    AgrDetails,
    AgrForm,
    Contract,
    Details,
    Draft,
    Eligibility,
    EmploymentDetails,
    Gender,
    Kind,
    Location,
    Opportunity,
    PayPeriod,
    Status,
    TrainingDetails,
)

__all__ = [
    "CHANGED",
    "AgrDetails",
    "AgrForm",
    "Contract",
    "Details",
    "Draft",
    "Eligibility",
    "EmploymentDetails",
    "Gender",
    "Kind",
    "Location",
    "Opportunity",
    "Outcome",
    "Page",
    "PayPeriod",
    "Status",
    "Stored",
    "TrainingDetails",
    "count",
    "following",
    "get",
    "get_many",
    "hold_source",
    "newest",
    "organisation_named",
    "organisation_names",
    "store",
]
