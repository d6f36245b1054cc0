"""Offers of the three kinds, who publishes them, where they come from, and whether they may be shown.

How offers are taken in is `ingestion`; how they meet people is `matching`; what to make of them is `trust`.
"""

from oim.features.opportunities.conditions import count_by_condition
from oim.features.opportunities.events import OFFER_CHANGED
from oim.features.opportunities.filters import PERIODS_PER_MONTH
from oim.features.opportunities.paging import Page
from oim.features.opportunities.publishers import (
    Organisation,
    find_publisher_id,
    get_organisation_id,
    list_organisations,
    load_organisation_names,
    mark_verified,
)
from oim.features.opportunities.search import (
    count_open_offers,
    find_first_unindexed,
    find_new_offer_ids,
    search_offers,
)
from oim.features.opportunities.search_criteria import (
    MAX_AMOUNT_XAF,
    MAX_DISTANCE_KM,
    MAX_SEARCH_LENGTH,
    Search,
)
from oim.features.opportunities.service import (
    count_offers,
    get,
    get_many,
    list_after,
    list_changed_ids,
    list_newest,
    load_for_review,
)
from oim.features.opportunities.sources import Source, list_sources, mark_known
from oim.features.opportunities.standing import (
    OFFER_NOT_FOUND,
    Standing,
    hold_offers,
    list_held_since,
    lock_standings,
    release_offer,
    save_flags,
    withdraw_offer,
)
from oim.features.opportunities.store import StoredDraft, StoreOutcome, lock_source, store_drafts
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
    "MAX_AMOUNT_XAF",
    "MAX_DISTANCE_KM",
    "MAX_SEARCH_LENGTH",
    "OFFER_CHANGED",
    "OFFER_NOT_FOUND",
    "PERIODS_PER_MONTH",
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
    "Page",
    "PayPeriod",
    "RedFlag",
    "Search",
    "Source",
    "Standing",
    "Status",
    "StoreOutcome",
    "StoredDraft",
    "TrainingDetails",
    "Trust",
    "count_by_condition",
    "count_offers",
    "count_open_offers",
    "find_first_unindexed",
    "find_new_offer_ids",
    "find_publisher_id",
    "get",
    "get_many",
    "get_organisation_id",
    "hold_offers",
    "list_after",
    "list_changed_ids",
    "list_held_since",
    "list_newest",
    "list_organisations",
    "list_sources",
    "load_for_review",
    "load_organisation_names",
    "lock_source",
    "lock_standings",
    "mark_known",
    "mark_verified",
    "release_offer",
    "save_flags",
    "search_offers",
    "store_drafts",
    "withdraw_offer",
]
