"""Detect whether an offer is in French or English: as stated, else by a language model (py3langid)."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from oim.features.ingestion.values.text import clean
from oim.kit.text import fold

LANGUAGE_CODES = {
    "fr": "fr",
    "francais": "fr",
    "french": "fr",
    "fra": "fr",
    "en": "en",
    "anglais": "en",
    "english": "en",
    "eng": "en",
}
SAMPLE_LENGTH = 500  # characters of the text that are classified; more would not change the result
MIN_PROBABILITY = 0.8  # below, the language counts as unknown


def detect_language(stated_language: Any, text: str) -> str | None:
    """Return "fr" or "en"; None where the language is not sure."""
    # The first part of "en-GB", "fr_CM" or "Français (France)".
    word = re.split(r"[-_ (]", fold(clean(stated_language) or ""))[0]
    # In lower case: text in capitals misleads the model.
    return LANGUAGE_CODES.get(word) or _classify(text[:SAMPLE_LENGTH].lower())


def _classify(text: str) -> str | None:
    """Classify a text by the model; None under `MIN_PROBABILITY`."""
    code, probability = _load_identifier().classify(text)
    return str(code) if probability >= MIN_PROBABILITY else None


@cache
def _load_identifier() -> Any:
    """Load the model, restricted to French and English. It takes a second, so only once, at the first use."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(set(LANGUAGE_CODES.values())))
    return identifier
