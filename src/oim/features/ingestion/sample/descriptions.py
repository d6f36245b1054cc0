"""Descriptions put together from whole sentences: only names and numbers are set inside one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from string import Formatter
from typing import Any

from oim.features.ingestion.sample.templates import OfferTemplate, load_document_names, load_sentences
from oim.kit.i18n import Language, format_date, format_number

MAX_WORDS = 105
LAST_SEPARATOR = {"fr": " et ", "en": " and "}
NUMBER_FACTS = ("pay_min", "pay_max", "amount_min", "amount_max", "cost", "allowance")


def write_description(template: OfferTemplate, facts: Mapping[str, Any], rng: Random) -> str:
    """The description of an offer: its lead, what the facts give to say, how to apply."""
    shown = _format_facts(facts, template.language)
    said = list(template.lead)
    if template.extra_sentences:
        said.append(rng.choice(template.extra_sentences))
    closing = dict(_choose_closing(template, facts, shown, rng))
    shared = closing.pop("apply")
    last = (
        rng.choice(template.application_sentences).format_map(shown)
        if template.application_sentences
        else shared
    )
    return " ".join([*_add_while_short(said, list(closing.values()), last), last])


def name_documents(codes: list[str], language: Language) -> list[str]:
    """Papers by their names."""
    return [load_document_names(language)[code] for code in codes]


def _add_while_short(text_sentences: list[str], closing: list[str], last: str) -> list[str]:
    """What is said, and as much of the closing as stays readable."""
    for sentence in closing:
        if len(" ".join([*text_sentences, sentence, last]).split()) <= MAX_WORDS:
            text_sentences = [*text_sentences, sentence]
    return text_sentences


def _choose_closing(
    template: OfferTemplate, facts: Mapping[str, Any], fact_texts: Mapping[str, str], rng: Random
) -> Iterator[tuple[str, str]]:
    """For each slot that the facts can fill, the sentence chosen."""
    filled: set[str] = set()
    for block in load_sentences(template.language)[template.kind]:
        options = [text for text in block["say"] if _placeholders(text) <= fact_texts.keys()]
        if block["slot"] in filled or not options or not _is_met(block.get("when", {}), facts):
            continue
        filled.add(block["slot"])
        if rng.random() < block.get("chance", 1):
            yield block["slot"], rng.choice(options).format_map(fact_texts)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _is_met(conditions: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    return all(
        facts.get(key) in wanted if isinstance(wanted, list) else facts.get(key) == wanted
        for key, wanted in conditions.items()
    )


def _format_facts(facts: Mapping[str, Any], language: Language) -> dict[str, str]:
    """The facts as a sentence writes them."""
    return {key: _format_fact(key, value, language) for key, value in facts.items()}


def _format_fact(key: str, value: Any, language: Language) -> str:
    if key in NUMBER_FACTS:
        return format_number(value, language)
    if isinstance(value, date):
        return format_date(value, language)
    if key == "documents":
        *first, last = name_documents(value, language)
        return LAST_SEPARATOR[language].join([", ".join(first), last]) if first else last
    return str(value)
