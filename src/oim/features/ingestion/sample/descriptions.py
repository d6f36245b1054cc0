"""Descriptions put together from whole sentences: only names and numbers are set inside one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from string import Formatter
from typing import Any

from oim.features.ingestion.sample.templates import Piece, documents, sentences
from oim.kit.i18n import Language, format_date, format_number

MOST_WORDS = 105
LAST = {"fr": " et ", "en": " and "}
NUMBERS = ("pay_min", "pay_max", "amount_min", "amount_max", "cost", "allowance")


def describe(piece: Piece, facts: Mapping[str, Any], rng: Random) -> str:
    """The description of an offer: its lead, what the facts give to say, how to apply."""
    shown = _shown(facts, piece.language)
    said = list(piece.lead)
    if piece.asides:
        said.append(rng.choice(piece.asides))
    closing = dict(_closing(piece, facts, shown, rng))
    shared = closing.pop("apply")
    last = rng.choice(piece.apply).format_map(shown) if piece.apply else shared
    return " ".join([*_within(said, list(closing.values()), last), last])


def in_words(codes: list[str], language: Language) -> list[str]:
    """Papers by their names."""
    return [documents(language)[code] for code in codes]


def _within(said: list[str], closing: list[str], last: str) -> list[str]:
    """What is said, and as much of the closing as stays readable."""
    for sentence in closing:
        if len(" ".join([*said, sentence, last]).split()) <= MOST_WORDS:
            said = [*said, sentence]
    return said


def _closing(
    piece: Piece, facts: Mapping[str, Any], shown: Mapping[str, str], rng: Random
) -> Iterator[tuple[str, str]]:
    """For each slot that the facts can fill, the sentence chosen."""
    filled: set[str] = set()
    for block in sentences(piece.language)[piece.kind]:
        options = [text for text in block["say"] if _names(text) <= shown.keys()]
        if block["slot"] in filled or not options or not _holds(block.get("when", {}), facts):
            continue
        filled.add(block["slot"])
        if rng.random() < block.get("chance", 1):
            yield block["slot"], rng.choice(options).format_map(shown)


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _holds(when: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    return all(
        facts.get(key) in wanted if isinstance(wanted, list) else facts.get(key) == wanted
        for key, wanted in when.items()
    )


def _shown(facts: Mapping[str, Any], language: Language) -> dict[str, str]:
    """The facts as a sentence writes them."""
    return {key: _written(key, value, language) for key, value in facts.items()}


def _written(key: str, value: Any, language: Language) -> str:
    if key in NUMBERS:
        return format_number(value, language)
    if isinstance(value, date):
        return format_date(value, language)
    if key == "documents":
        *first, last = in_words(value, language)
        return LAST[language].join([", ".join(first), last]) if first else last
    return str(value)
