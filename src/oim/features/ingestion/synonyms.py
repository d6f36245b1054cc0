"""How well a column's name says which field of ours it holds. The words are in `synonyms.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from oim.kit.text import fold

SMALL_WORDS = re.compile(r"(?:a|au|aux|d|de|des|du|en|et|for|l|la|le|les|of|on|the|to)")

Phrase = frozenset[str]


def likeness(name: str, header: str) -> float:
    """From 0 to 1: 1 for our own name, 0.95 for known words, less for known words among others."""
    said = _words(header)
    if header == name or not said:
        return float(header == name)
    return max(_closeness(phrase, said) for phrase in _phrases()[name])


def _closeness(phrase: Phrase, said: Phrase) -> float:
    if phrase == said:
        return 0.95
    return 0.8 * len(phrase) / len(said) if phrase < said else 0.0


def _words(header: str) -> Phrase:
    """The words of `dateLimite_de-depôt`: date, limite, depot."""
    apart = re.sub(r"(?<=[a-zà-ÿ\d])(?=[A-Z])", " ", header)
    return frozenset(word for word in re.findall("[a-z0-9]+", fold(apart)) if not SMALL_WORDS.fullmatch(word))


@cache
def _phrases() -> dict[str, tuple[Phrase, ...]]:
    text = (resources.files("oim.features.ingestion") / "synonyms.toml").read_text("utf-8")
    return {
        name: tuple(map(_words, [name.replace("_", " "), *phrases.split(",")]))
        for name, phrases in tomllib.loads(text).items()
    }
