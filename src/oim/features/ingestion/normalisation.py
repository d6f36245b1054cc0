"""From the fields of a record to a draft, or to a reject that says why not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from oim.features import occupations
from oim.features.ingestion import details
from oim.features.ingestion.records import Reject, make_reject
from oim.features.ingestion.values import categories, dates, money, numbers
from oim.features.ingestion.values.language import detect_language
from oim.features.ingestion.values.location import HOME_COUNTRY, locate
from oim.features.ingestion.values.text import clean, clean_paragraphs, parse_url, split_items, truncate
from oim.features.opportunities import Draft, Eligibility, Kind, Location
from oim.kit.text import fold

MAX_TITLE_LENGTH = 300  # characters
MAX_DESCRIPTION_LENGTH = 20_000  # characters
MAX_ID_LENGTH = 300  # characters
MAX_PLACES = 1_000_000
# What a source says in its own codes and words, kept beside what we made of it.
SOURCE_LIST_FIELDS = ("codes", "tags")
SOURCE_MONEY_FIELDS = (
    "pay_text",
    "pay_min",
    "pay_max",
    "cost",
    "allowance",
    "amount_min",
    "amount_max",
    "currency",
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stood."""

    file: str
    format: str
    mapping: str
    row: int


def normalise(fields: Mapping[str, Any], origin: Origin) -> Draft | Reject:
    """The draft of one record, given by our own field names."""
    title = truncate(clean(fields.get("title")) or "", MAX_TITLE_LENGTH)
    kind = _parse_kind(fields, title)
    eligibility = details.parse_eligibility(fields)
    if not title:
        return _to_reject(fields, origin, "no-title", "")
    if kind is None:
        return _to_reject(fields, origin, "bad-kind", clean(fields.get("kind")) or "")
    if (eligibility.age_min or 0) > (eligibility.age_max or math.inf):
        return _to_reject(fields, origin, "bad-age", f"{eligibility.age_min} > {eligibility.age_max}")
    return _to_draft(fields, origin, title, kind, eligibility)


def _to_draft(
    fields: Mapping[str, Any], origin: Origin, title: str, kind: Kind, eligibility: Eligibility
) -> Draft:
    description = clean_paragraphs(fields.get("description"))[:MAX_DESCRIPTION_LENGTH]
    location = locate(fields, title)
    unit = money.parse_currency(fields.get("currency"), is_local=location.country in (None, HOME_COUNTRY))
    return Draft(
        kind=kind,
        external_id=_external_id(fields, title, location),
        title=title,
        description=description,
        language=detect_language(fields.get("language"), f"{title}\n{description}"),
        organisation=clean(fields.get("organisation")),
        url=parse_url(fields.get("url")),
        location=location,
        occupations=_parse_occupations(fields.get("occupations"), title),
        eligibility=eligibility,
        details=details.DETAILS_PARSERS[kind](fields, title, unit),
        places=numbers.parse_whole(fields.get("places"), 1, MAX_PLACES),
        published_at=dates.parse_opening(fields.get("published_at")),
        valid_through=dates.parse_closing(fields.get("valid_through")),
        provenance=_build_provenance(fields, origin),
    )


def _parse_kind(fields: Mapping[str, Any], title: str) -> Kind | None:
    if clean(fields.get("kind")):
        return categories.parse_kind(fields["kind"])
    return categories.guess_kind(title, has_contract=clean(fields.get("contract")) is not None)


def _to_reject(fields: Mapping[str, Any], origin: Origin, reason: str, detail: str) -> Reject:
    excerpt = " | ".join(filter(None, (clean(value) for value in fields.values())))
    return make_reject(origin.row, reason, detail, excerpt)


def _external_id(fields: Mapping[str, Any], title: str, location: Location) -> str:
    """The source's own id, else the address, else a digest of what tells the offer from others."""
    stated = clean(fields.get("id")) or parse_url(fields.get("url"))
    if stated and len(stated) <= MAX_ID_LENGTH:
        return stated
    told = (title, clean(fields.get("organisation")), location.locality, clean(fields.get("published_at")))
    key = stated or "|".join(fold(part or "") for part in told)
    return blake2b(key.encode(), digest_size=16).hexdigest()


def _parse_occupations(value: Any, title: str) -> tuple[str, ...]:
    """ISCO-08 codes: those given, else those that the words given, or the title, link to."""
    given = split_items(value)
    codes = tuple(code for code in given if len(code) == 4 and code.isascii() and code.isdigit())
    return codes or _link_occupations(", ".join(given) or title)


@lru_cache(maxsize=4096)
def _link_occupations(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link.occupation.isco for link in occupations.link_text(text).occupations))


def _build_provenance(fields: Mapping[str, Any], origin: Origin) -> dict[str, Any]:
    where = {"file": origin.file, "row": origin.row, "format": origin.format, "mapping": origin.mapping}
    kept = {name: list(split_items(fields[name]))[:50] for name in SOURCE_LIST_FIELDS if name in fields}
    said = {
        name: (clean(fields[name]) or "")[:MAX_ID_LENGTH] for name in SOURCE_MONEY_FIELDS if name in fields
    }
    return where | {name: value for name, value in (kept | said).items() if value}
