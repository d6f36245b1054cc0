"""Normalise one record: parse its fields into a draft, or reject it with a reason.

A record without a usable title, kind or age range is rejected; any other field that cannot be parsed is
left empty, for nothing is invented.
"""

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
from oim.features.ingestion.values.ways import read_ways
from oim.features.opportunities import Draft, Eligibility, Kind, Location
from oim.kit.text import fold

# Lengths beyond which a source's text is cut: they bound what one record can cost the store and the index.
MAX_TITLE_LENGTH = 300  # characters
MAX_DESCRIPTION_LENGTH = 20_000  # characters
MAX_ID_LENGTH = 300  # characters
MAX_PLACES = 1_000_000  # vacancies of one offer; a larger number is a mistake
# Values saved as the source wrote them, in the provenance: its own codes, and amounts before conversion.
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
    """Where a record comes from: file name, format, name of the mapping, and row (from 1)."""

    file: str
    format: str
    mapping: str
    row: int


def normalise(fields: Mapping[str, Any], origin: Origin) -> Draft | Reject:
    """Parse one record, whose fields have our own names, into a draft; else return a reject."""
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
    # A bare number counts XAF in Cameroon, or where no country is stated; abroad its currency is unknown, and
    # so it is where the country is one that we do not recognise.
    is_unstated = location.country is None and clean(fields.get("country")) is None
    default_currency = money.parse_currency(
        fields.get("currency"), is_local=is_unstated or location.country == HOME_COUNTRY
    )
    return Draft(
        kind=kind,
        external_id=_external_id(fields, title, location),
        title=title,
        description=description,
        language=detect_language(fields.get("language"), f"{title}\n{description}"),
        organisation=clean(fields.get("organisation")),
        url=parse_url(fields.get("url")),
        apply=read_ways(fields, description, location.country),
        location=location,
        occupations=_parse_occupations(fields.get("occupations"), title),
        eligibility=eligibility,
        details=details.DETAILS_PARSERS[kind](fields, title, default_currency),
        places=numbers.parse_whole(fields.get("places"), 1, MAX_PLACES),
        published_at=dates.parse_opening(fields.get("published_at")),
        valid_through=dates.parse_closing(fields.get("valid_through")),
        provenance=_build_provenance(fields, origin),
    )


def _parse_kind(fields: Mapping[str, Any], title: str) -> Kind | None:
    """Return the stated kind; else guess it from the title. None where the stated kind is not one of ours."""
    if clean(fields.get("kind")):
        return categories.parse_kind(fields["kind"])
    return categories.guess_kind(title, has_contract=clean(fields.get("contract")) is not None)


def _to_reject(fields: Mapping[str, Any], origin: Origin, reason: str, detail: str) -> Reject:
    """Build a reject whose excerpt shows the values of the record, separated by bars."""
    excerpt = " | ".join(filter(None, (clean(value) for value in fields.values())))
    return make_reject(origin.row, reason, detail, excerpt)


def _external_id(fields: Mapping[str, Any], title: str, location: Location) -> str:
    """Return the source's own id, else the web address, else a digest of what distinguishes the offer.

    It must be the same at every run: the store recognises an offer by it. So the digest leaves out the
    description, which sources edit, and folds the rest, so that "MAÇON" and "Macon" are one offer.
    """
    stated = clean(fields.get("id")) or parse_url(fields.get("url"))
    if stated and len(stated) <= MAX_ID_LENGTH:
        return stated
    parts = (title, clean(fields.get("organisation")), location.locality, clean(fields.get("published_at")))
    # An id over the limit is hashed instead of cut: two cut ids could become equal.
    key = stated or "|".join(fold(part or "") for part in parts)
    return blake2b(key.encode(), digest_size=16).hexdigest()


def _parse_occupations(value: Any, title: str) -> tuple[str, ...]:
    """Return ISCO-08 codes: those stated, else those linked to the occupation's words, else to the title."""
    items = split_items(value)
    # A unit group of ISCO-08 has four digits: "7112". `isdigit` alone would accept other scripts' digits.
    codes = tuple(code for code in items if len(code) == 4 and code.isascii() and code.isdigit())
    return codes or _link_occupations(", ".join(items) or title)


# Titles repeat within a file, and linking a text costs far more than a look-up in the cache.
@lru_cache(maxsize=4096)
def _link_occupations(text: str) -> tuple[str, ...]:
    """Return the ISCO-08 codes of the occupations that a text mentions, without repeats."""
    return tuple(dict.fromkeys(link.occupation.isco for link in occupations.link_text(text).occupations))


def _build_provenance(fields: Mapping[str, Any], origin: Origin) -> dict[str, Any]:
    """Build the record's provenance: where it comes from, and the source's own codes and amounts."""
    origin_fields = {
        "file": origin.file,
        "row": origin.row,
        "format": origin.format,
        "mapping": origin.mapping,
    }
    lists = {name: list(split_items(fields[name]))[:50] for name in SOURCE_LIST_FIELDS if name in fields}
    texts = {
        name: (clean(fields[name]) or "")[:MAX_ID_LENGTH] for name in SOURCE_MONEY_FIELDS if name in fields
    }
    return origin_fields | {name: value for name, value in (lists | texts).items() if value}
