"""Load the hand-written parts of the sample and join each offer with its trade and its funder.

A group of `parts/<kind>/*.toml` is a trade: facts and sentences that its offers share, in each language.
"""

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
BODY_SENTENCES = 2  # sentences of its trade in the description of one offer

Table = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTemplate:
    """A sample offer before anything is drawn: its facts, the options to draw from, and its sentences."""

    kind: str
    language: Language
    facts: Table
    options: dict[str, list[Any]]
    lead: tuple[str, ...]  # in order: introduction, two sentences of the trade
    extra_sentences: tuple[str, ...]  # one of these follows: the profile required, or the funder's terms
    application_sentences: tuple[str, ...]  # how to apply to this funder; empty: the shared sentences serve


def _parts_folder() -> Traversable:
    """Return the folder `parts/`, which may be inside an installed package."""
    return files("oim.features.ingestion.sample") / "parts"


def _load_toml(path: Traversable) -> Table:
    """Load a TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def load_towns() -> dict[str, str]:
    """Load region codes (CM-CE) by town, as the offers spell it."""
    lines = (_parts_folder() / "towns.csv").read_text(encoding="utf-8").splitlines()
    return {row["town"]: row["region"] for row in csv.DictReader(lines)}


@cache
def load_sentences(language: Language) -> Table:
    """Load the sentences that offers of one kind share, as blocks by kind."""
    return _load_toml(_parts_folder() / "sentences" / f"{language}.toml")


@cache
def load_document_names(language: Language) -> dict[str, str]:
    """Load the names of the documents to submit, by code."""
    names: dict[str, str] = _load_toml(_parts_folder() / "documents.toml")[language]
    return names


def load_templates() -> Iterator[OfferTemplate]:
    """Yield the template of every offer, in the order of kinds, files and lines."""
    schemes = _load_toml(_parts_folder() / "schemes.toml")
    for kind in KINDS:
        # Sorted, since the order of a folder's files depends on the machine.
        for path in sorted((_parts_folder() / kind).iterdir(), key=lambda entry: entry.name):
            for group in _load_toml(path)["group"]:
                yield from _build_group(kind, group, schemes)


def _build_group(kind: str, group: Table, schemes: Table) -> Iterator[OfferTemplate]:
    """Yield the templates of the offers of one trade, in French, then in English."""
    for language in LANGUAGES:
        words = group.get(language, {})
        for ordinal, offer in enumerate(words.get("offers", [])):
            scheme = schemes.get(offer.get("scheme"), {})
            # An offer may have sentences of its own instead of two of its trade's.
            body = tuple(offer.get("body", _select_body(words["body"], ordinal)))
            yield _build_template(kind, language, group, offer, scheme, body)


def _select_body(body: list[str], ordinal: int) -> tuple[str, ...]:
    """Choose two sentences of the trade for its nth offer: the next two, so that neighbours differ."""
    return tuple(body[(BODY_SENTENCES * ordinal + step) % len(body)] for step in range(BODY_SENTENCES))


def _build_template(
    kind: str, language: Language, group: Table, offer: Table, scheme: Table, body: tuple[str, ...]
) -> OfferTemplate:
    """Join the facts of an offer with those of its funding scheme and its trade."""
    funder = scheme.get(language, {})
    organisation = {"organisation": funder["organisation"]} if "organisation" in funder else {}
    # The later wins: the offer's own facts over its trade's, and these over its funder's.
    facts = {**_without_languages(scheme), **organisation, **_without_languages(group), **offer}
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
    """Return the facts of a table that hold in both languages, without its texts and options to draw."""
    return {key: value for key, value in table.items() if key not in (*LANGUAGES, "draw")}
