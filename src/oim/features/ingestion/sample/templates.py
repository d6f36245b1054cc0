"""The hand-made parts, each offer brought together with the trade it belongs to and its funder."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from oim.kit.i18n import Language

KINDS = ("employment", "training", "agr")
LANGUAGES: tuple[Language, ...] = ("fr", "en")
BODY_SENTENCES = 2  # sentences of the trade that one offer takes

Table = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTemplate:
    """One offer before anything is drawn: what it states, what may be drawn, and its sentences."""

    kind: str
    language: Language
    facts: Table
    options: dict[str, list[Any]]
    lead: tuple[str, ...]  # in order: introduction, two sentences of the trade
    extra_sentences: tuple[str, ...]  # one of these follows: the profile sought, or the funder's terms
    application_sentences: tuple[str, ...]  # the funder's own ways to apply; empty: the shared ones


def _parts_folder() -> Traversable:
    return files("oim.features.ingestion.sample") / "parts"


def _load_toml(path: Traversable) -> Table:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def load_towns() -> dict[str, str]:
    """Region code by town, as the offers write it."""
    lines = (_parts_folder() / "towns.csv").read_text(encoding="utf-8").splitlines()
    return {row["town"]: row["region"] for row in csv.DictReader(lines)}


@cache
def load_sentences(language: Language) -> Table:
    """Blocks of shared sentences by kind."""
    return _load_toml(_parts_folder() / "sentences" / f"{language}.toml")


@cache
def load_document_names(language: Language) -> dict[str, str]:
    """The papers asked for, in words, by code."""
    names: dict[str, str] = _load_toml(_parts_folder() / "documents.toml")[language]
    return names


def load_templates() -> Iterator[OfferTemplate]:
    """Every offer, in the order of kinds, files and lines."""
    schemes = _load_toml(_parts_folder() / "schemes.toml")
    for kind in KINDS:
        for path in sorted((_parts_folder() / kind).iterdir(), key=lambda entry: entry.name):
            for group in _load_toml(path)["group"]:
                yield from _build_group(kind, group, schemes)


def _build_group(kind: str, group: Table, schemes: Table) -> Iterator[OfferTemplate]:
    for language in LANGUAGES:
        words = group.get(language, {})
        for ordinal, offer in enumerate(words.get("offers", [])):
            scheme = schemes.get(offer.get("scheme"), {})
            body = tuple(offer.get("body", _select_body(words["body"], ordinal)))
            yield _build_template(kind, language, group, offer, scheme, body)


def _select_body(body: list[str], ordinal: int) -> tuple[str, ...]:
    """The sentences of the trade for its nth offer: not those of its neighbours."""
    return tuple(body[(BODY_SENTENCES * ordinal + step) % len(body)] for step in range(BODY_SENTENCES))


def _build_template(
    kind: str, language: Language, group: Table, offer: Table, scheme: Table, body: tuple[str, ...]
) -> OfferTemplate:
    funder = scheme.get(language, {})
    named = {"organisation": funder["organisation"]} if "organisation" in funder else {}
    facts = {**_without_languages(scheme), **named, **_without_languages(group), **offer}
    intro = facts.pop("intro")
    facts.pop("body", None)
    return OfferTemplate(
        kind=kind,
        language=language,
        facts=facts,
        options=group.get("draw", {}),
        lead=(intro, *body),
        extra_sentences=tuple(funder.get("terms", group[language].get("profile", []))),
        application_sentences=tuple(funder.get("apply", [])),
    )


def _without_languages(table: Table) -> Table:
    return {key: value for key, value in table.items() if key not in (*LANGUAGES, "draw")}
