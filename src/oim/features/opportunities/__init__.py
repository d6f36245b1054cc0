"""Offers of the three kinds, who publishes them and where they come from.

How offers are taken in is `ingestion`; how they meet people is `matching`.
"""

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
    "PayPeriod",
    "Status",
    "TrainingDetails",
]
