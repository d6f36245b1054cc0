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


def pattern(name: str) -> re.Pattern[str]:
    """One of the named patterns."""
    return re.compile(_written(f"<{name}>"))


def phrases(name: str) -> Phrases:
    """Phrases by their name. Each begins where a word does."""
    table = _tables()["phrases"][name]
    lifted = [one for lift in table["lifted_by"] for one in _tables()["lifts"][lift]]
    return Phrases(
        re.compile(_written(table["about"])),
        tuple(_at_a_word(one) for one in table["said"]),
        tuple(_at_a_word(one) for one in lifted),
    )


def _at_a_word(source: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_written(source)})")


def _written(source: str) -> str:
    return _NAME.sub(lambda found: _named(found[1]), source)


@cache
def _named(name: str) -> str:
    tables = _tables()
    if name in tables["words"]:
        return f"(?:{'|'.join(_COMMA.split(tables['words'][name].strip()))})"
    return _written(tables["patterns"][name])


@cache
def _tables() -> dict[str, Any]:
    text = (resources.files("oim.features.trust.screening") / "phrases.toml").read_text("utf-8")
    return tomllib.loads(text)
