"""Offers of work, training and income-generating activities: their values, storage, search and visibility.

Also the organisations that publish them and the sources that supply them. Reading offers from feeds is in
`ingestion`, recommending them to people in `matching`, and judging how trustworthy they are in `trust`.
"""

from oim.features.opportunities.catalogue import load_catalogue_version
from oim.features.opportunities.filters import PERIODS_PER_MONTH
from oim.features.opportunities.models import OFFER_CHANGED
from oim.features.opportunities.pages import Page
from oim.features.opportunities.publishers import (
    Organisation,
    Source,
    find_publisher_id,
    get_organisation_id,
    list_organisations,
    list_sources,
    load_organisation_names,
    mark_known,
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
    count_by_condition,
    count_offers,
    get,
    get_many,
    list_after,
    list_changed_ids,
    list_newest,
    load_for_review,
)
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
    "load_catalogue_version",
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
