"""How well a column's name says which field of ours it holds. The words are in `synonyms.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from oim.kit.text import fold

STOP_WORDS = re.compile(r"(?:a|au|aux|d|de|des|du|en|et|for|l|la|le|les|of|on|the|to)")

WordSet = frozenset[str]


def score_header(field: str, header: str) -> float:
    """From 0 to 1: 1 for our own name, 0.95 for known words, less for known words among others."""
    said = _split_header(header)
    if header == field or not said:
        return float(header == field)
    return max(_score_phrase(phrase, said) for phrase in _load_synonyms()[field])


def _score_phrase(phrase: WordSet, header_words: WordSet) -> float:
    if phrase == header_words:
        return 0.95
    return 0.8 * len(phrase) / len(header_words) if phrase < header_words else 0.0


def _split_header(header: str) -> WordSet:
    """The words of `dateLimite_de-depôt`: date, limite, depot."""
    apart = re.sub(r"(?<=[a-zà-ÿ\d])(?=[A-Z])", " ", header)
    return frozenset(word for word in re.findall("[a-z0-9]+", fold(apart)) if not STOP_WORDS.fullmatch(word))


@cache
def _load_synonyms() -> dict[str, tuple[WordSet, ...]]:
    text = (resources.files("oim.features.ingestion") / "synonyms.toml").read_text("utf-8")
    return {
        name: tuple(map(_split_header, [name.replace("_", " "), *phrases.split(",")]))
        for name, phrases in tomllib.loads(text).items()
    }
