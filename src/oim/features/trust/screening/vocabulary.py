"""The phrases of `phrases.toml`, their names replaced by what they stand for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from oim.features.trust.screening.phrases import Phrases

_NAME = re.compile(r"<([a-z_]+)>")
_COMMA = re.compile(r",\s+")


def compile_pattern(name: str) -> re.Pattern[str]:
    """One of the named patterns."""
    return re.compile(_expand(f"<{name}>"))


def load_phrases(name: str) -> Phrases:
    """Phrases by their name. Each begins where a word does."""
    table = _load_tables()["phrases"][name]
    lifted = [one for lift in table["lifted_by"] for one in _load_tables()["lifts"][lift]]
    return Phrases(
        re.compile(_expand(table["about"])),
        tuple(_compile_at_word_start(one) for one in table["said"]),
        tuple(_compile_at_word_start(one) for one in lifted),
    )


def _compile_at_word_start(source: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_expand(source)})")


def _expand(source: str) -> str:
    return _NAME.sub(lambda found: _expand_name(found[1]), source)


@cache
def _expand_name(name: str) -> str:
    tables = _load_tables()
    if name in tables["words"]:
        return f"(?:{'|'.join(_COMMA.split(tables['words'][name].strip()))})"
    return _expand(tables["patterns"][name])


@cache
def _load_tables() -> dict[str, Any]:
    text = (resources.files("oim.features.trust.screening") / "phrases.toml").read_text("utf-8")
    return tomllib.loads(text)
