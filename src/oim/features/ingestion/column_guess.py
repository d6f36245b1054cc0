"""Guess which column of an unknown file holds which of our fields, from column names, then from values.

Every guess carries its confidence and an explanation, so that a person can confirm it. The known names of
each field are in `synonyms.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

from oim.features.ingestion.column_contents import CONTENT_RULES, EXPECTED_VALUES, MIN_VALUES, Column, Guess
from oim.features.ingestion.constant_guess import guess_constants
from oim.features.ingestion.mapping import FIELDS, Mapping
from oim.features.ingestion.records import Record
from oim.features.ingestion.values.text import clean
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.text import fold

# Lowest confidence (0 to 1) at which a column's name decides its field.
MIN_CONFIDENCE = 0.35
# Confidence of a guess made from values alone.
CONTENT_CONFIDENCE = 0.6
MAX_LISTED_COLUMNS = 30  # columns named in an error message
# French and English words that carry no meaning in a header: "Date limite de depot" is date, limite, depot.
STOP_WORDS = re.compile(r"(?:a|au|aux|d|de|des|du|en|et|for|l|la|le|les|of|on|the|to)")
WordSet = frozenset[str]


def guess_mapping(records: Sequence[Record], name: str) -> tuple[Mapping, list[Guess]]:
    """Guess a mapping from the first records of an unknown source; return it with its guesses.

    Raises BadInputError when no column is recognised as the title.
    """
    columns = _collect_columns(records)
    guesses = _guess_by_name(columns)
    if "title" not in guesses:
        raise no_title_error(column.name for column in columns)
    # Names first: values decide only about the fields and columns that no name has settled.
    guesses |= _guess_by_contents(columns, guesses)
    constants = list(guess_constants(columns, guesses))
    # A guess without a value (the kind, read from each title) is shown to the person but is no constant.
    values = {guess.field: guess.value for guess in constants if guess.value}
    mapping = Mapping(name, _to_mapping_columns(columns, guesses), values)
    return mapping, sorted([*guesses.values(), *constants], key=lambda guess: FIELDS.index(guess.field))


def no_title_error(columns: Iterable[str]) -> BadInputError:
    """Build the error for a file in which no column is a title; it lists the columns there are."""
    names = ", ".join(list(columns)[:MAX_LISTED_COLUMNS])
    return BadInputError(
        mark("No column was recognised as the title. The columns are: %(columns)s."), columns=names
    )


def _collect_columns(records: Sequence[Record]) -> list[Column]:
    """Collect the columns of all records in order of first appearance, with their non-empty values."""
    names = dict.fromkeys(name for record in records for name in record.fields)
    return [
        Column(name, tuple(filter(None, (clean(record.fields.get(name)) for record in records))))
        for name in names
    ]


def _guess_by_name(columns: list[Column]) -> dict[str, Guess]:
    """Pair fields with columns by name: the best score wins, and each field and column is used once."""
    pairs = [
        Guess(name, column.name, round(score, 2), mark("the column's name says so"))
        for name in FIELDS
        for column in columns
        if (score := _score_column(name, column)) >= MIN_CONFIDENCE
    ]
    guesses: dict[str, Guess] = {}
    used_columns: set[str] = set()
    # The sort is stable: between equal scores the earlier field, then the earlier column, is served first.
    for pair in sorted(pairs, key=lambda pair: -pair.confidence):
        if pair.field not in guesses and pair.column not in used_columns:
            guesses[pair.field] = pair
            used_columns.add(pair.column)
    return guesses


def _score_column(field: str, column: Column) -> float:
    """Score from 0 to 1 how well a column's name fits a field, lowered where its values do not."""
    name_score = score_header(field, column.name)
    expected = EXPECTED_VALUES.get(field)
    if not name_score or not expected or not column.values:
        return name_score
    # With no fitting value 30 % of the score is left: even the best name (1.0) is then under MIN_CONFIDENCE.
    return name_score * (0.3 + 0.7 * column.share(expected))


def _guess_by_contents(columns: list[Column], guesses: dict[str, Guess]) -> dict[str, Guess]:
    """Guess the fields that have no column yet from the values of the columns that have no field yet."""
    used_columns = {pair.column for pair in guesses.values()}
    new_guesses: dict[str, Guess] = {}
    for name, rule in CONTENT_RULES.items():
        free = (c for c in columns if c.name not in used_columns and len(c.values) >= MIN_VALUES)
        column = next((c for c in free if rule.matches(c)), None) if name not in guesses else None
        if column:
            new_guesses[name] = Guess(name, column.name, CONTENT_CONFIDENCE, rule.explanation)
            used_columns.add(column.name)
    return new_guesses


def _to_mapping_columns(columns: list[Column], guesses: dict[str, Guess]) -> dict[str, tuple[str, ...]]:
    """Return the column of each field for a mapping.

    A field without a column is read under our own name: in JSON Lines a later record may have it though the
    first ones do not. Not so where a column of that name exists and was judged not to hold the field.
    """
    known_names = {column.name for column in columns}
    return {
        name: (guesses[name].column,) if name in guesses else (name,)
        for name in FIELDS
        if name in guesses or name not in known_names
    }


def score_header(field: str, header: str) -> float:
    """Score from 0 to 1 how well a column's header names a field.

    1 for the field's own name, 0.95 for a known synonym, less for a synonym among other words.
    """
    header_words = _split_header(header)
    if header == field or not header_words:
        return float(header == field)
    return max(_score_phrase(phrase, header_words) for phrase in _load_synonyms()[field])


def _score_phrase(phrase: WordSet, header_words: WordSet) -> float:
    """Score one synonym against the words of a header, in any order."""
    if phrase == header_words:
        return 0.95
    # `<` is "proper subset". Two words of four score 0.4, one of four 0.2, which is under MIN_CONFIDENCE.
    return 0.8 * len(phrase) / len(header_words) if phrase < header_words else 0.0


def _split_header(header: str) -> WordSet:
    """Split a header into folded words without stop words: `dateLimite_de-depôt` is date, limite, depot."""
    # A small letter or digit before a capital is a word boundary in camelCase: "jobTitle" -> "job Title".
    spaced = re.sub(r"(?<=[a-zà-ÿ\d])(?=[A-Z])", " ", header)
    return frozenset(word for word in re.findall("[a-z0-9]+", fold(spaced)) if not STOP_WORDS.fullmatch(word))


@cache
def _load_synonyms() -> dict[str, tuple[WordSet, ...]]:
    """Load the synonyms of each field as sets of words; the field's own name is one of them."""
    text = (resources.files("oim.features.ingestion") / "synonyms.toml").read_text("utf-8")
    return {
        name: tuple(map(_split_header, [name.replace("_", " "), *phrases.split(",")]))
        for name, phrases in tomllib.loads(text).items()
    }
