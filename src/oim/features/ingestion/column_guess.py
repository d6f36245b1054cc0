"""What an unknown file's columns are: told from their names, then checked against what they hold.

Every guess says how sure it is and why, so that a person can confirm it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

from oim.features.ingestion.column_contents import CONTENT_RULES, EXPECTED_VALUES, MIN_VALUES, Column, Guess
from oim.features.ingestion.file_constants import guess_constants
from oim.features.ingestion.mapping import FIELDS, Mapping
from oim.features.ingestion.records import Record
from oim.features.ingestion.values.text import clean
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.text import fold

MIN_CONFIDENCE = 0.35  # confidence
CONTENT_CONFIDENCE = 0.6  # confidence of what contents tell without the name
MAX_LISTED_COLUMNS = 30  # columns
STOP_WORDS = re.compile(r"(?:a|au|aux|d|de|des|du|en|et|for|l|la|le|les|of|on|the|to)")
WordSet = frozenset[str]


def guess_mapping(records: Sequence[Record], name: str) -> tuple[Mapping, list[Guess]]:
    """A mapping for records of an unknown source. Raises BadInputError where no column is a title."""
    columns = _collect_columns(records)
    found = _guess_by_name(columns)
    if "title" not in found:
        raise no_title_error(column.name for column in columns)
    found |= _guess_by_contents(columns, found)
    told = list(guess_constants(columns, found))
    mapping = Mapping(
        name, _to_mapping_columns(columns, found), {fact.field: fact.value for fact in told if fact.value}
    )
    return mapping, sorted([*found.values(), *told], key=lambda item: FIELDS.index(item.field))


def no_title_error(columns: Iterable[str]) -> BadInputError:
    """The error for a file in which no column is a title."""
    seen = ", ".join(list(columns)[:MAX_LISTED_COLUMNS])
    return BadInputError(
        mark("No column was recognised as the title. The columns are: %(columns)s."), columns=seen
    )


def _collect_columns(records: Sequence[Record]) -> list[Column]:
    names = dict.fromkeys(name for record in records for name in record.fields)
    return [
        Column(name, tuple(filter(None, (clean(record.fields.get(name)) for record in records))))
        for name in names
    ]


def _guess_by_name(columns: list[Column]) -> dict[str, Guess]:
    """The best pairs of field and column, each used once."""
    pairs = [
        Guess(name, column.name, round(sure, 2), mark("the column's name says so"))
        for name in FIELDS
        for column in columns
        if (sure := _score_column(name, column)) >= MIN_CONFIDENCE
    ]
    found: dict[str, Guess] = {}
    taken: set[str] = set()
    for pair in sorted(pairs, key=lambda pair: -pair.confidence):
        if pair.field not in found and pair.column not in taken:
            found[pair.field] = pair
            taken.add(pair.column)
    return found


def _score_column(field: str, column: Column) -> float:
    like = score_header(field, column.name)
    expected = EXPECTED_VALUES.get(field)
    if not like or not expected or not column.values:
        return like
    return like * (0.3 + 0.7 * column.share(expected))


def _guess_by_contents(columns: list[Column], guesses: dict[str, Guess]) -> dict[str, Guess]:
    taken = {pair.column for pair in guesses.values()}
    told: dict[str, Guess] = {}
    for name, evidence in CONTENT_RULES.items():
        free = (c for c in columns if c.name not in taken and len(c.values) >= MIN_VALUES)
        column = next((c for c in free if evidence.matches(c)), None) if name not in guesses else None
        if column:
            told[name] = Guess(name, column.name, CONTENT_CONFIDENCE, evidence.explanation)
            taken.add(column.name)
    return told


def _to_mapping_columns(columns: list[Column], guesses: dict[str, Guess]) -> dict[str, tuple[str, ...]]:
    """The columns found; a field not seen yet may still come under our own name, as in JSON Lines."""
    seen = {column.name for column in columns}
    return {
        name: (guesses[name].column,) if name in guesses else (name,)
        for name in FIELDS
        if name in guesses or name not in seen
    }


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
