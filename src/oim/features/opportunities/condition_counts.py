"""How many open offers one more answer of a person would decide, counted in the database in one pass.

An offer that is closed to the person whatever they answer (for the other gender, another age, another region)
decides nothing, nor does a condition that they meet or miss already.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Text, and_, cast, func, not_, or_, select, true
from sqlalchemy.dialects.postgresql import JSONPATH, array

from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.pages import is_listed
from oim.features.opportunities.types import Gender, Kind, Status
from oim.kit.clock import CAMEROON, now
from oim.kit.db import ReadSession

_STATED = OpportunityRow.eligibility


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAnswers:
    """What a person has answered already, as far as it shuts offers to them for good. None: not answered."""

    kinds: tuple[Kind, ...] = ()
    gender: Gender | None = None
    age: int | None = None  # reached in this calendar year; until their birthday they are a year younger
    is_young: bool = False
    statuses: tuple[Status, ...] | None = None
    region: str | None = None
    education_within_reach: int | None = None  # ISCED level


def list_paper_names(session: ReadSession) -> Sequence[str]:
    """The names of papers that open offers ask for, each once, as they write them."""
    names = func.jsonb_array_elements_text(_STATED["documents"]).label("name")
    return session.scalars(
        select(names).where(is_listed(now()), _STATED.has_key("documents")).distinct()
    ).all()


def count_by_condition(
    session: ReadSession, known: KnownAnswers, papers: Mapping[str, Collection[str]]
) -> dict[str, int]:
    """For each condition that offers may state, how many open offers an answer about it would decide.

    `papers`: the names of papers that take time to get. Under "": of any offer; under the name of a field of
    eligibility: those that prove that condition, and are asked for only by offers without it.
    """
    conditions = {
        "age": or_(_STATED.has_key("age_min"), _STATED.has_key("age_max")),
        "gender": _STATED.has_key("gender"),
        "status": _decides_status(known),
        "region": _STATED.has_key("regions"),
        "education": cast(_STATED["education_min"].astext, Integer) > 0,
        "membership": _STATED.has_key("membership"),
        "documents": or_(not_(true()), *(_asks_papers(field, names) for field, names in papers.items())),
        "contribution": OpportunityRow.details.has_key("own_contribution"),
    }
    # COUNT(*) FILTER (WHERE ...): all the counts in one pass over the table.
    counts = [func.count().filter(stated).label(name) for name, stated in conditions.items()]
    query = select(*counts).where(is_listed(now()), *_may_be_open(known))
    return dict(session.execute(query).one()._mapping)


def _decides_status(known: KnownAnswers) -> ColumnElement[bool]:
    """The offer is for some situations, and the age does not settle it: youth follows from the age."""
    stated: ColumnElement[bool] = _STATED.has_key("statuses")
    if known.age is None:
        return stated
    if known.is_young:  # offers for the young are open to them already
        return and_(stated, not_(_STATED["statuses"].has_key(Status.YOUTH.value)))
    besides_youth = _STATED["statuses"].op("-")(Status.YOUTH.value)
    return and_(stated, func.jsonb_array_length(besides_youth) > 0)


def _asks_papers(field: str, names: Collection[str]) -> ColumnElement[bool]:
    requires: ColumnElement[bool] = not_(true())
    if names:
        requires = _STATED["documents"].has_any(array(sorted(names), type_=Text))
    return and_(requires, not_(_STATED.has_key(field))) if field else requires


def _may_be_open(known: KnownAnswers) -> list[ColumnElement[bool]]:
    """The offer is not shut to the person for good by what they have answered."""
    conditions: list[ColumnElement[bool]] = []
    if known.kinds:
        conditions.append(OpportunityRow.kind.in_([kind.value for kind in known.kinds]))
    if known.gender:
        conditions.append(func.coalesce(_STATED["gender"].astext, known.gender.value) == known.gender.value)
    if known.age is not None:
        conditions += _admit_age(known.age)
    if known.region:
        inside = f"$.regions[*] ? (@ starts with {json.dumps(known.region)})"
        conditions.append(or_(not_(_STATED.has_key("regions")), _STATED.path_exists(cast(inside, JSONPATH))))
    if known.education_within_reach is not None:
        required = func.coalesce(cast(_STATED["education_min"].astext, Integer), 0)
        conditions.append(required <= known.education_within_reach)
    if known.statuses is not None:
        conditions.append(or_(not_(_STATED.has_key("statuses")), _is_for_one_of(known)))
    return conditions


def _admit_age(age: int) -> list[ColumnElement[bool]]:
    """The offer is for this age, or for the next, if it is open until then."""
    low, high = (cast(_STATED[name].astext, Integer) for name in ("age_min", "age_max"))
    new_year = datetime(now().astimezone(CAMEROON).year + 1, 1, 1, tzinfo=CAMEROON)
    ends = OpportunityRow.valid_through
    next_year = and_(low == age + 1, or_(ends.is_(None), ends >= new_year))
    return [func.coalesce(high, age) >= age - 1, or_(func.coalesce(low, age) <= age, next_year)]


def _is_for_one_of(known: KnownAnswers) -> ColumnElement[bool]:
    # As long as the age is not known, whoever states another situation may be young as well.
    youth = [Status.YOUTH] if known.age is None else []
    statuses = sorted({status.value for status in (*(known.statuses or ()), *youth)})
    return _STATED["statuses"].has_any(array(statuses, type_=Text)) if statuses else not_(true())
