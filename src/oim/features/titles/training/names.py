"""The names to learn from: each with the thing it names, its language and its part in the training.

A thing is an ESCO occupation or skill, or a ROME code, whose titles are near one another.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from oim.features.titles.forms import query_forms, split_genders
from oim.features.titles.ngrams import tokenise
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

OCCUPATION_FILES = {
    "fr": ("esco/occupations_fr.csv",),
    "en": ("esco/occupations_en.csv", "esco-en-1.1.1/occupations_en.csv.gz"),
}
SKILL_FILES = {"fr": "esco/skills_fr.csv", "en": "esco-en-1.1.1/skills_en.csv.gz"}
RELATIONS_FILE = "esco-en-1.1.1/occupationSkillRelations.csv.gz"
ROME_TITLES_FILE = "rome/unix_referentiel_appellation_v460_utf8.csv"
TEST_QUERIES_PATTERN = "melo/*/queries.tsv"
TEST_OFFERS_FILE = "offers/france_travail.csv"
LANGUAGES = ("fr", "en")
HELD_OUT_ONE_IN = 10
MIN_OFFERS_PER_CODE = 5  # offers of a code that an evaluation can ask for
_JOINING_SLASH = re.compile(r"(?<=\S)/(?=\S)")


class Source(IntEnum):
    """Where a name comes from."""

    OCCUPATION = 0
    SKILL = 1
    ROME = 2


class Split(IntEnum):
    """What a name is for while the figures of the card are measured."""

    TRAIN = 0
    TRY_NAME = 1  # the name is held out, its thing's other names are not
    TRY_THING = 2  # every name of its thing is held out
    EXCLUDED = 3  # says a held-out name in other words


@dataclass(frozen=True, slots=True)
class Names:
    """Columns of one table: text, number of the thing, number of the language, source, part.

    `skills` holds, by the number of an occupation, the numbers of the skills it cannot do without.
    """

    texts: tuple[str, ...]
    concepts: npt.NDArray[np.int64]
    languages: npt.NDArray[np.int64]
    sources: npt.NDArray[np.int64]
    splits: npt.NDArray[np.int64]
    essential_skills: Mapping[int, frozenset[int]]

    def all_for_training(self) -> Names:
        """The same names, none held out."""
        return replace(self, splits=np.full_like(self.splits, Split.TRAIN))


def read_names(folder: Path) -> Names:
    """The names under a folder laid out as `shared/data`. Raises BadInputError for a file that is not there.

    Left out are titles equal to a query of a test set under it, in either gender, in singular or plural, and
    the ROME codes of the offers that the engine is tried on.
    """
    asked, tried = _read_test_queries(folder), _read_test_codes(folder)
    told = [
        (source, thing, language, text)
        for source, thing, language, text in sorted(set(_read_name_rows(folder)))
        if thing not in tried and asked.isdisjoint(map(comparison_key, _list_forms(text)))
    ]
    numbers = {pair: number for number, pair in enumerate(dict.fromkeys((row[0], row[1]) for row in told))}
    rows = [
        (text, numbers[source, thing], LANGUAGES.index(language), source)
        for source, thing, language, text in told
    ]
    parts = [
        _assign_split(text, thing) if source is Source.OCCUPATION else Split.TRAIN
        for source, thing, _, text in told
    ]
    if not rows:
        raise BadInputError(mark("There is nothing to learn from in %(folder)s."), folder=folder)
    columns = list(zip(*rows, strict=True))
    things, languages, sources, held = (np.array(column, np.int64) for column in (*columns[1:], parts))
    return Names(tuple(columns[0]), things, languages, sources, held, _read_essential_skills(folder, numbers))


def comparison_key(text: str) -> str:
    """A title less case, accents, marks, and the plurals that end in s or x."""
    return " ".join(
        w[:-1] if len(w) > 3 and w[-1] in "sx" and not w.endswith("ss") else w for w in tokenise(text)
    )


def _read_test_queries(folder: Path) -> set[str]:
    lines = (
        line for path in folder.glob(TEST_QUERIES_PATTERN) for line in path.read_text("utf-8").splitlines()
    )
    return {comparison_key(form) for line in lines for form in _list_forms(line.partition("\t")[2])}


def _read_test_codes(folder: Path) -> set[str]:
    path = folder / TEST_OFFERS_FILE
    carried = Counter(row["rome_code"] for row in _read_csv(path)) if path.is_file() else Counter()
    return {code for code, count in carried.items() if count >= MIN_OFFERS_PER_CODE}


def _list_forms(text: str) -> list[str]:
    """A title as written, in the forms it is asked by, and each side of a slash that joins two titles."""
    return [
        text,
        *split_genders(text),
        *query_forms(text),
        *(part for part in _JOINING_SLASH.split(text) if part),
    ]


def _read_name_rows(folder: Path) -> Iterator[tuple[Source, str, str, str]]:
    """Source, thing, language and text of every name, each once."""
    for language, files in OCCUPATION_FILES.items():
        for uri, label in dict.fromkeys(pair for name in files for pair in _read_labels(folder / name)):
            yield Source.OCCUPATION, uri, language, label
    skills = {language: dict(_read_preferred_labels(folder / name)) for language, name in SKILL_FILES.items()}
    for uri in skills["fr"].keys() & skills["en"].keys():
        for language in LANGUAGES:
            yield Source.SKILL, uri, language, skills[language][uri]
    for row in _read_csv(folder / ROME_TITLES_FILE):
        yield Source.ROME, row["code_rome"], "fr", split_genders(row["libelle_appellation_long"])[0]


def _read_labels(path: Path) -> Iterator[tuple[str, str]]:
    for row in _read_csv(path):
        for text in (row["preferredLabel"], *row["altLabels"].splitlines()):
            label = text.strip()
            both = [part.strip() for part in label.split("/")] if "/" in label else []
            yield from ((row["conceptUri"], one) for one in (label, *both) if one)


def _read_preferred_labels(path: Path) -> Iterator[tuple[str, str]]:
    return ((row["conceptUri"], row["preferredLabel"].strip()) for row in _read_csv(path))


def _read_csv(path: Path) -> Iterator[dict[str, str]]:
    if not path.is_file():
        raise BadInputError(mark("There is no file %(path)s."), path=path)
    unpack = gzip.open if path.suffix == ".gz" else open
    with unpack(path, "rt", encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def _read_essential_skills(
    folder: Path, numbers: Mapping[tuple[Source, str], int]
) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for row in _read_csv(folder / RELATIONS_FILE):
        occupation = numbers.get((Source.OCCUPATION, row["occupationUri"]))
        skill = numbers.get((Source.SKILL, row["skillUri"]))
        if row["relationType"] == "essential" and occupation is not None and skill is not None:
            found[occupation].add(skill)
    return {occupation: frozenset(skills) for occupation, skills in found.items()}


def _assign_split(text: str, concept: str) -> Split:
    if _is_held_out(concept):
        return Split.TRY_THING
    if not any(_is_held_out(comparison_key(form)) for form in _list_forms(text)):
        return Split.TRAIN
    return Split.EXCLUDED if "/" in text else Split.TRY_NAME


def _is_held_out(text: str) -> bool:
    """One text in ten, always the same."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % HELD_OUT_ONE_IN == 0
