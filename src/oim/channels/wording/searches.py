"""A search told back in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from oim.channels.wording.labels import CONTRACTS, EDUCATION, KINDS, SECTORS
from oim.channels.wording.offers import place_name
from oim.features import places
from oim.features.opportunities import Search
from oim.kit.i18n import Translator, format_date, format_distance, format_money


def render_search(search: Search, t: Translator) -> str:
    """What is searched for, every condition of it, in one line."""
    blank = Search()
    stated = {field.name: getattr(search, field.name) for field in fields(search)}
    parts = [
        say(search, stated[name], t)
        for name, say in _CRITERION_RENDERERS.items()
        if stated[name] != getattr(blank, name)
    ]
    return " · ".join(parts) or t("every open offer")


def _near(search: Search, code: str, t: Translator) -> str:
    name, city = place_name(code, t) or code, places.city_name(code)
    place = f"{city} ({name})" if city else name
    if search.within_km is None:
        return t("in %(place)s", place=place)
    distance = format_distance(search.within_km, t.language)
    return t("%(place)s and %(distance)s around", place=place, distance=distance)


def _label_renderer(names: Mapping[Any, str]) -> Callable[[Search, Any, Translator], str]:
    return lambda _, values, t: ", ".join(t(names[value]) for value in values)


_CRITERION_RENDERERS: Mapping[str, Callable[[Search, Any, Translator], str]] = {
    "words": lambda _, words, t: t("“%(text)s”", text=words),
    "kinds": _label_renderer(KINDS),
    "region": lambda _, code, t: place_name(code, t) or code,
    "near": _near,
    "sectors": _label_renderer(SECTORS),
    "education": lambda _, level, t: t("my schooling: %(level)s", level=t(EDUCATION[level])),
    "contracts": _label_renderer(CONTRACTS),
    "amount_min": lambda _, xaf, t: t("from %(amount)s", amount=format_money(xaf, t.language)),
    "free_only": lambda _, __, t: t("free courses"),
    "closing_before": lambda _, day, t: t("closing by %(day)s", day=format_date(day, t.language)),
    "open_on": lambda _, day, t: t("still open on %(day)s", day=format_date(day, t.language)),
    "posted_since": lambda _, day, t: t("published since %(day)s", day=format_date(day, t.language)),
}
