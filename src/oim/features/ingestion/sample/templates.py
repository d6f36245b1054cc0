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
PER_OFFER = 2  # sentences of the trade that one offer takes

Table = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One offer before anything is drawn: what it states, what may be drawn, and its sentences."""

    kind: str
    language: Language
    facts: Table
    draw: dict[str, list[Any]]
    lead: tuple[str, ...]  # in order: introduction, two sentences of the trade
    asides: tuple[str, ...]  # one of these follows: the profile sought, or the funder's terms
    apply: tuple[str, ...]  # the funder's own ways to apply; empty: the shared ones


def _root() -> Traversable:
    return files("oim.features.ingestion.sample") / "parts"


def _toml(path: Traversable) -> Table:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def towns() -> dict[str, str]:
    """Region code by town, as the offers write it."""
    lines = (_root() / "towns.csv").read_text(encoding="utf-8").splitlines()
    return {row["town"]: row["region"] for row in csv.DictReader(lines)}


@cache
def sentences(language: Language) -> Table:
    """Blocks of shared sentences by kind."""
    return _toml(_root() / "sentences" / f"{language}.toml")


@cache
def documents(language: Language) -> dict[str, str]:
    """The papers asked for, in words, by code."""
    names: dict[str, str] = _toml(_root() / "documents.toml")[language]
    return names


def pieces() -> Iterator[Piece]:
    """Every offer, in the order of kinds, files and lines."""
    schemes = _toml(_root() / "schemes.toml")
    for kind in KINDS:
        for path in sorted((_root() / kind).iterdir(), key=lambda entry: entry.name):
            for group in _toml(path)["group"]:
                yield from _of_group(kind, group, schemes)


def _of_group(kind: str, group: Table, schemes: Table) -> Iterator[Piece]:
    for language in LANGUAGES:
        words = group.get(language, {})
        for ordinal, offer in enumerate(words.get("offers", [])):
            scheme = schemes.get(offer.get("scheme"), {})
            body = tuple(offer.get("body", _turn(words["body"], ordinal)))
            yield _piece(kind, language, group, offer, scheme, body)


def _turn(body: list[str], ordinal: int) -> tuple[str, ...]:
    """The sentences of the trade for its nth offer: not those of its neighbours."""
    return tuple(body[(PER_OFFER * ordinal + step) % len(body)] for step in range(PER_OFFER))


def _piece(
    kind: str, language: Language, group: Table, offer: Table, scheme: Table, body: tuple[str, ...]
) -> Piece:
    funder = scheme.get(language, {})
    named = {"organisation": funder["organisation"]} if "organisation" in funder else {}
    facts = {**_plain(scheme), **named, **_plain(group), **offer}
    intro = facts.pop("intro")
    facts.pop("body", None)
    return Piece(
        kind=kind,
        language=language,
        facts=facts,
        draw=group.get("draw", {}),
        lead=(intro, *body),
        asides=tuple(funder.get("terms", group[language].get("profile", []))),
        apply=tuple(funder.get("apply", [])),
    )


def _plain(table: Table) -> Table:
    return {key: value for key, value in table.items() if key not in (*LANGUAGES, "draw")}
