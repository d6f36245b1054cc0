"""Write the descriptions of sample offers from whole sentences, in French or English.

Only names, numbers and dates are inserted into a sentence, so that its grammar always holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from string import Formatter
from typing import Any

from oim.features.ingestion.sample.templates import OfferTemplate, load_document_names, load_sentences
from oim.kit.i18n import Language, format_date, format_number

MAX_WORDS = 105  # words of a description
# What joins the last item of a list to the others.
LAST_SEPARATOR = {"fr": " et ", "en": " and "}
# Facts that are amounts in XAF, written with the thousands separator of the language.
NUMBER_FACTS = ("pay_min", "pay_max", "amount_min", "amount_max", "cost", "allowance")


def write_description(template: OfferTemplate, facts: Mapping[str, Any], rng: Random) -> str:
    """Write the description of an offer: its lead, sentences about its facts, and how to apply.

    The order of the draws from `rng` decides the texts: another order would change every sample offer.
    """
    fact_texts = _format_facts(facts, template.language)
    sentences = list(template.lead)
    if template.extra_sentences:
        sentences.append(rng.choice(template.extra_sentences))
    closing = dict(_choose_closing(template, facts, fact_texts, rng))
    shared = closing.pop("apply")
    # A funder's own sentence about applying replaces the one shared by all offers of the kind.
    last = (
        rng.choice(template.application_sentences).format_map(fact_texts)
        if template.application_sentences
        else shared
    )
    return " ".join([*_add_while_short(sentences, list(closing.values()), last), last])


def name_documents(codes: list[str], language: Language) -> list[str]:
    """Return the names of documents, such as an identity card, from their codes."""
    return [load_document_names(language)[code] for code in codes]


def _add_while_short(sentences: list[str], closing: list[str], last: str) -> list[str]:
    """Add the closing sentences with which the description stays within `MAX_WORDS`, `last` included."""
    for sentence in closing:
        if len(" ".join([*sentences, sentence, last]).split()) <= MAX_WORDS:
            sentences = [*sentences, sentence]
    return sentences


def _choose_closing(
    template: OfferTemplate, facts: Mapping[str, Any], fact_texts: Mapping[str, str], rng: Random
) -> Iterator[tuple[str, str]]:
    """Yield each slot of the description that the facts can fill, with the sentence drawn for it."""
    filled: set[str] = set()
    for block in load_sentences(template.language)[template.kind]:
        options = [text for text in block["say"] if _placeholders(text) <= fact_texts.keys()]
        # Of the blocks of one slot only the first that fits counts, even if its chance then fails.
        if block["slot"] in filled or not options or not _is_met(block.get("when", {}), facts):
            continue
        filled.add(block["slot"])
        if rng.random() < block.get("chance", 1):
            yield block["slot"], rng.choice(options).format_map(fact_texts)


def _placeholders(text: str) -> set[str]:
    """Return the names in braces of a sentence: "{amount_max}"."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _is_met(conditions: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether the facts have the values that a block requires; a list allows any of its values."""
    return all(
        facts.get(key) in expected if isinstance(expected, list) else facts.get(key) == expected
        for key, expected in conditions.items()
    )


def _format_facts(facts: Mapping[str, Any], language: Language) -> dict[str, str]:
    """Return the facts as texts to insert into a sentence."""
    return {key: _format_fact(key, value, language) for key, value in facts.items()}


def _format_fact(key: str, value: Any, language: Language) -> str:
    """Write one fact in a language: an amount, a date, a list of documents, or any other value."""
    if key in NUMBER_FACTS:
        return format_number(value, language)
    if isinstance(value, date):
        return format_date(value, language)
    if key == "documents":
        *first, last = name_documents(value, language)
        return LAST_SEPARATOR[language].join([", ".join(first), last]) if first else last
    return str(value)
