"""A saved search, rendered on one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from oim.channels.wording.labels import CONTRACTS, EDUCATION, KINDS, OFFER_LANGUAGES, SECTORS
from oim.channels.wording.offers import place_name
from oim.features import places
from oim.features.opportunities import Search
from oim.kit.i18n import Translator, format_date, format_distance, format_money


def render_search(search: Search, t: Translator) -> str:
    """Render all criteria of a search on one line: `“sewing” · Job · Douala and 20 km around`."""
    return " · ".join(render_criteria(search, t).values()) or t("every open offer")


def render_criteria(search: Search, t: Translator, town: str = "") -> dict[str, str]:
    """Render each criterion of a search by the name of its field; `near` includes the distance.

    `town` is the place near which to search as the person wrote it, where that is known.
    """
    # Criteria that are left at their defaults are not part of the search.
    blank = Search()
    criteria = {field.name: getattr(search, field.name) for field in fields(search)}
    rendered = {
        name: render(search, criteria[name], t)
        for name, render in _CRITERION_RENDERERS.items()
        if criteria[name] != getattr(blank, name)
    }
    place = places.get(search.near) if search.near and town else None
    # A region is around the town; the name of a commune is ours rather than the person's.
    if place and place.level != "region" and town != place.name_fr:
        rendered["near"] = _render_near(search, town, t)
    return rendered


def _render_near(search: Search, code: str, t: Translator) -> str:
    """Render the place of a search, and how far around it."""
    place = place_name(code, t) or code
    if search.within_km is None:
        return t("in %(place)s", place=place)
    distance = format_distance(search.within_km, t.language)
    return t("%(place)s and %(distance)s around", place=place, distance=distance)


def _label_renderer(names: Mapping[Any, str]) -> Callable[[Search, Any, Translator], str]:
    """Return a renderer of a list of values by their labels."""
    return lambda _, values, t: ", ".join(t(names[value]) for value in values)


# By the fields of `Search`, in the order of the line. `within_km` has no entry: `_render_near` renders it.
_CRITERION_RENDERERS: Mapping[str, Callable[[Search, Any, Translator], str]] = {
    "words": lambda _, words, t: t("“%(text)s”", text=words),
    "kinds": _label_renderer(KINDS),
    "region": lambda _, code, t: place_name(code, t) or code,
    "near": _render_near,
    "sectors": _label_renderer(SECTORS),
    "education": lambda _, level, t: t("my level of education: %(level)s", level=t(EDUCATION[level])),
    "contracts": _label_renderer(CONTRACTS),
    "amount_min": lambda _, xaf, t: t("from %(amount)s", amount=format_money(xaf, t.language)),
    "free_only": lambda _, __, t: t("free courses"),
    "language": lambda _, code, t: t(OFFER_LANGUAGES[code]),
    "answerable_only": lambda _, __, t: t("offers that say how to answer"),
    "closing_before": lambda _, day, t: t("closing by %(day)s", day=format_date(day, t.language)),
    "open_on": lambda _, day, t: t("still open on %(day)s", day=format_date(day, t.language)),
    "posted_since": lambda _, day, t: t("published since %(day)s", day=format_date(day, t.language)),
}
