"""French or English: as stated, else told from the words."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from oim.features.ingestion.values.text import clean
from oim.kit.text import fold

NAMES = {
    "fr": "fr",
    "francais": "fr",
    "french": "fr",
    "fra": "fr",
    "en": "en",
    "anglais": "en",
    "english": "en",
    "eng": "en",
}
ENOUGH = 500  # characters that settle the matter
SURE = 0.8


def language(stated: Any, text: str) -> str | None:
    """The ISO 639-1 code, where it is sure."""
    word = re.split(r"[-_ (]", fold(clean(stated) or ""))[0]
    return NAMES.get(word) or _told(text[:ENOUGH].lower())  # capitals mislead the model


def _told(text: str) -> str | None:
    code, probability = _identifier().classify(text)
    return str(code) if probability >= SURE else None


@cache
def _identifier() -> Any:
    """The model takes a second to load: once, at the first offer."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(set(NAMES.values())))
    return identifier
