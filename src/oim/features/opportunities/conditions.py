"""How many open offers depend on what: what somebody has not told may keep them from knowing."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, or_, select

from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.paging import is_listed
from oim.kit.clock import now
from oim.kit.db import ReadSession

_STATES_CONDITION: Mapping[str, ColumnElement[bool]] = {
    "age": or_(OpportunityRow.eligibility.has_key("age_min"), OpportunityRow.eligibility.has_key("age_max")),
    "gender": OpportunityRow.eligibility.has_key("gender"),
    "status": OpportunityRow.eligibility.has_key("statuses"),
    "region": OpportunityRow.eligibility.has_key("regions"),
    "education": OpportunityRow.eligibility.has_key("education_min"),
    "membership": OpportunityRow.eligibility.has_key("membership"),
    "documents": OpportunityRow.eligibility.has_key("documents"),
    "contribution": OpportunityRow.details.has_key("own_contribution"),
}


def count_by_condition(session: ReadSession) -> dict[str, int]:
    """Of each condition that offers may state, the number of open offers that state it."""
    counts = [func.count().filter(asked).label(name) for name, asked in _STATES_CONDITION.items()]
    return dict(session.execute(select(*counts).where(is_listed(now()))).one()._mapping)
