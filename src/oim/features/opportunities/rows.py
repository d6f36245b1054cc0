"""Conversion between an offer's value objects and its database row, and the hash that reveals a change."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import TypeAdapter

from oim.features.occupations import sector_of
from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.types import (
    DETAILS,
    REPORTED_FLAG,
    AgrDetails,
    Details,
    Draft,
    Eligibility,
    Kind,
    Location,
    Opportunity,
    RedFlag,
    Trust,
)
from oim.features.opportunities.ways import Way

# Every id of an offer derives from this namespace: changing it would give all stored offers new ids.
_NAMESPACE = uuid5(NAMESPACE_URL, "https://oim.cm/opportunities")
_ELIGIBILITY_ADAPTER = TypeAdapter(Eligibility)
_DETAILS_ADAPTERS: dict[Kind, TypeAdapter[Details]] = {
    kind: TypeAdapter(type_) for kind, type_ in DETAILS.items()
}
_WAYS_ADAPTER = TypeAdapter(tuple[Way, ...])
_LOCATION_FIELDS = tuple(field.name for field in fields(Location))
_SHARED_FIELDS = ("external_id", "title", "description", "language", "url", "places", "valid_through")


def make_offer_id(source: str, external_id: str) -> UUID:
    """Derive the id of an offer: the same source and external id always give the same id."""
    # The line break keeps ("portal4", "2") from ("portal", "42"): a slug holds none.
    return uuid5(_NAMESPACE, f"{source}\n{external_id}")


def hash_content(draft: Draft) -> str:
    """Hash all that an offer states, so that a changed offer has another hash.

    Provenance (file, row, format) is left out: reading the same offer elsewhere is no change of it.
    """
    content = asdict(draft)
    del content["provenance"]
    # Of an offer that gives no way to answer the hash is what it was before ways were read.
    if not draft.apply:
        del content["apply"]
    return hashlib.blake2b(
        json.dumps(content, default=str, sort_keys=True, ensure_ascii=False).encode(), digest_size=16
    ).hexdigest()


def _drop_unstated(values: dict[str, Any]) -> dict[str, Any]:
    """Remove unstated values, so that SQL can test for the presence of a key."""
    # 0 and False are statements ("free", "beginners welcome") and stay.
    return {name: value for name, value in values.items() if value not in (None, [], ())}


def _find_sector(draft: Draft) -> str | None:
    """The value of the offer's sector, by its occupations or by the sector that an AGR offer states."""
    stated_sector = draft.details.sector if isinstance(draft.details, AgrDetails) else None
    sector = sector_of(draft.occupations, stated_sector)
    return sector.value if sector else None


def to_columns(draft: Draft, source: str, organisation_id: UUID | None, seen_at: datetime) -> dict[str, Any]:
    """The columns of a draft's row, except the run, the instants of seeing it and its standing."""
    return {
        "id": make_offer_id(source, draft.external_id),
        "source": source,
        "kind": draft.kind.value,
        "organisation_id": organisation_id,
        "occupations": list(draft.occupations),
        "sector": _find_sector(draft),
        "apply": dump_ways(draft.apply),
        "eligibility": _drop_unstated(_ELIGIBILITY_ADAPTER.dump_python(draft.eligibility, mode="json")),
        "details": _drop_unstated(_DETAILS_ADAPTERS[draft.kind].dump_python(draft.details, mode="json")),
        "published_at": draft.published_at or seen_at,
        "published_stated": draft.published_at is not None,
        "provenance": draft.provenance,
        "content_hash": hash_content(draft),
        **{name: getattr(draft, name) for name in _SHARED_FIELDS},
        **{name: getattr(draft.location, name) for name in _LOCATION_FIELDS},
    }


def dump_ways(ways: tuple[Way, ...]) -> list[dict[str, Any]]:
    """The ways to answer as JSON, without what is not stated."""
    stated = ({name: value for name, value in asdict(way).items() if value not in ("", None)} for way in ways)
    return list(stated)


def _load_ways(row: OpportunityRow) -> tuple[Way, ...]:
    """The ways to answer of a row; none where they were not read yet."""
    return _WAYS_ADAPTER.validate_python(row.apply or ())


def to_opportunity(
    row: OpportunityRow, organisation: str | None, trust_level: str, is_answered_here: bool = False
) -> Opportunity:
    """Build the offer from its row, the name of its organisation, a value of `Trust`, and who answers here.

    A publication date that the source did not state stays None, although the column holds one.
    """
    kind = Kind(row.kind)
    draft = Draft(
        kind=kind,
        organisation=organisation,
        location=Location(**{name: getattr(row, name) for name in _LOCATION_FIELDS}),
        apply=_load_ways(row),
        occupations=tuple(row.occupations),
        eligibility=_ELIGIBILITY_ADAPTER.validate_python(row.eligibility),
        details=_DETAILS_ADAPTERS[kind].validate_python(row.details),
        published_at=row.published_at if row.published_stated else None,
        provenance=row.provenance,
        **{name: getattr(row, name) for name in _SHARED_FIELDS},
    )
    return Opportunity(
        id=row.id,
        source=row.source,
        draft=draft,
        first_seen_at=row.first_seen_at,
        changed_at=row.changed_at,
        trust=Trust(trust_level),
        warnings=to_red_flags(row.flags) + ((RedFlag(REPORTED_FLAG),) if row.cautioned_at else ()),
        is_held=row.held_at is not None,
        is_answered_here=is_answered_here,
    )


def to_red_flags(stored_flags: list[dict[str, str]]) -> tuple[RedFlag, ...]:
    """Build the red flags from the JSON of a row."""
    return tuple(RedFlag(**flag) for flag in stored_flags)
