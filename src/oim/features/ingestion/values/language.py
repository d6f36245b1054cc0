"""French or English: as stated, else told from the words."""

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
SAMPLE_LENGTH = 500  # characters that settle the matter
MIN_PROBABILITY = 0.8


def detect_language(stated_language: Any, text: str) -> str | None:
    """The ISO 639-1 code, where it is sure."""
    word = re.split(r"[-_ (]", fold(clean(stated_language) or ""))[0]
    return LANGUAGE_CODES.get(word) or _classify(text[:SAMPLE_LENGTH].lower())  # capitals mislead the model


def _classify(text: str) -> str | None:
    code, probability = _load_identifier().classify(text)
    return str(code) if probability >= MIN_PROBABILITY else None


@cache
def _load_identifier() -> Any:
    """The model takes a second to load: once, at the first offer."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(set(LANGUAGE_CODES.values())))
    return identifier
