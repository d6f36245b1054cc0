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
from oim.features.ingestion.records import Reject, refuse
from oim.features.ingestion.values import categories, dates, money, numbers
from oim.features.ingestion.values.language import language
from oim.features.ingestion.values.location import HOME, locate
from oim.features.ingestion.values.text import address, clean, cut, items, prose
from oim.features.opportunities import Draft, Eligibility, Kind, Location
from oim.kit.text import fold

TITLE = 300  # characters
DESCRIPTION = 20_000  # characters
ID = 300  # characters
MOST_PLACES = 1_000_000
# What a source says in its own codes and words, kept beside what we made of it.
KEPT = ("codes", "tags")
MONEY = ("pay_text", "pay_min", "pay_max", "cost", "allowance", "amount_min", "amount_max", "currency")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stood."""

    file: str
    format: str
    mapping: str
    row: int


def normalise(fields: Mapping[str, Any], origin: Origin) -> Draft | Reject:
    """The draft of one record, given by our own field names."""
    title = cut(clean(fields.get("title")) or "", TITLE)
    kind = _kind(fields, title)
    eligibility = details.eligibility(fields)
    if not title:
        return _refuse(fields, origin, "no-title", "")
    if kind is None:
        return _refuse(fields, origin, "bad-kind", clean(fields.get("kind")) or "")
    if (eligibility.age_min or 0) > (eligibility.age_max or math.inf):
        return _refuse(fields, origin, "bad-age", f"{eligibility.age_min} > {eligibility.age_max}")
    return _draft(fields, origin, title, kind, eligibility)


def _draft(
    fields: Mapping[str, Any], origin: Origin, title: str, kind: Kind, eligibility: Eligibility
) -> Draft:
    description = prose(fields.get("description"))[:DESCRIPTION]
    location = locate(fields, title)
    unit = money.currency(fields.get("currency"), is_local=location.country in (None, HOME))
    return Draft(
        kind=kind,
        external_id=_identity(fields, title, location),
        title=title,
        description=description,
        language=language(fields.get("language"), f"{title}\n{description}"),
        organisation=clean(fields.get("organisation")),
        url=address(fields.get("url")),
        location=location,
        occupations=_occupations(fields.get("occupations"), title),
        eligibility=eligibility,
        details=details.BY_KIND[kind](fields, title, unit),
        places=numbers.whole(fields.get("places"), 1, MOST_PLACES),
        published_at=dates.opening(fields.get("published_at")),
        valid_through=dates.closing(fields.get("valid_through")),
        provenance=_provenance(fields, origin),
    )


def _kind(fields: Mapping[str, Any], title: str) -> Kind | None:
    if clean(fields.get("kind")):
        return categories.kind(fields["kind"])
    return categories.kind_of_title(title, has_contract=clean(fields.get("contract")) is not None)


def _refuse(fields: Mapping[str, Any], origin: Origin, reason: str, detail: str) -> Reject:
    excerpt = " | ".join(filter(None, (clean(value) for value in fields.values())))
    return refuse(origin.row, reason, detail, excerpt)


def _identity(fields: Mapping[str, Any], title: str, location: Location) -> str:
    """The source's own id, else the address, else a digest of what tells the offer from others."""
    stated = clean(fields.get("id")) or address(fields.get("url"))
    if stated and len(stated) <= ID:
        return stated
    told = (title, clean(fields.get("organisation")), location.locality, clean(fields.get("published_at")))
    key = stated or "|".join(fold(part or "") for part in told)
    return blake2b(key.encode(), digest_size=16).hexdigest()


def _occupations(stated: Any, title: str) -> tuple[str, ...]:
    """ISCO-08 codes: those given, else those that the words given, or the title, link to."""
    given = items(stated)
    codes = tuple(code for code in given if len(code) == 4 and code.isascii() and code.isdigit())
    return codes or _linked(", ".join(given) or title)


@lru_cache(maxsize=4096)
def _linked(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link.occupation.isco for link in occupations.link(text).occupations))


def _provenance(fields: Mapping[str, Any], origin: Origin) -> dict[str, Any]:
    where = {"file": origin.file, "row": origin.row, "format": origin.format, "mapping": origin.mapping}
    kept = {name: list(items(fields[name]))[:50] for name in KEPT if name in fields}
    said = {name: (clean(fields[name]) or "")[:ID] for name in MONEY if name in fields}
    return where | {name: value for name, value in (kept | said).items() if value}
