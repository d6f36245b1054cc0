"""Offers of the three kinds, who publishes them, where they come from, and whether they may be shown.

How offers are taken in is `ingestion`; how they meet people is `matching`; what to make of them is `trust`.
"""

from oim.features.opportunities.conditions import conditions
from oim.features.opportunities.events import CHANGED
from oim.features.opportunities.filters import MONTHLY
from oim.features.opportunities.paging import Page
from oim.features.opportunities.publishers import (
    Organisation,
    list_organisations,
    mark_verified,
    organisation_named,
    organisation_names,
    publisher,
)
from oim.features.opportunities.search import count_matching, first_waiting, new_matching, search
from oim.features.opportunities.search_criteria import FARTHEST, LONGEST_WORDS, MOST_XAF, Search
from oim.features.opportunities.service import (
    count,
    following,
    following_changes,
    for_review,
    get,
    get_many,
    newest,
)
from oim.features.opportunities.sources import Source, list_sources, mark_known
from oim.features.opportunities.standing import (
    NOT_HERE,
    Standing,
    held_since,
    hold_offers,
    keep_flags,
    release_offer,
    standings,
    withdraw_offer,
)
from oim.features.opportunities.store import Outcome, Stored, hold_source, store
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
    RedFlag,
    Status,
    TrainingDetails,
    Trust,
)

__all__ = [
    "CHANGED",
    "FARTHEST",
    "LONGEST_WORDS",
    "MONTHLY",
    "MOST_XAF",
    "NOT_HERE",
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
    "Organisation",
    "Outcome",
    "Page",
    "PayPeriod",
    "RedFlag",
    "Search",
    "Source",
    "Standing",
    "Status",
    "Stored",
    "TrainingDetails",
    "Trust",
    "conditions",
    "count",
    "count_matching",
    "first_waiting",
    "following",
    "following_changes",
    "for_review",
    "get",
    "get_many",
    "held_since",
    "hold_offers",
    "hold_source",
    "keep_flags",
    "list_organisations",
    "list_sources",
    "mark_known",
    "mark_verified",
    "new_matching",
    "newest",
    "organisation_named",
    "organisation_names",
    "publisher",
    "release_offer",
    "search",
    "standings",
    "store",
    "withdraw_offer",
]
