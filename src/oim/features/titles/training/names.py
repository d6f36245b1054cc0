"""Read the names to train on, each with the concept it names, its language, its source and its split.

A concept is an ESCO occupation, an ESCO skill, or a ROME code, whose titles are similar to one another.
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

# Files under the folder of training data, `shared/data`. ESCO v1.0 in French and English, v1.1.1 in English.
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
HELD_OUT_ONE_IN = 10  # one name in ten, and one occupation in ten, is held out
MIN_OFFERS_PER_CODE = 5  # offers from which a ROME code is part of the evaluation
_JOINING_SLASH = re.compile(r"(?<=\S)/(?=\S)")  # "soudeur/soudeuse", not "soudeur / soudeuse"


class Source(IntEnum):
    """The data set and the kind of concept that a name comes from."""

    OCCUPATION = 0
    SKILL = 1
    ROME = 2


class Split(IntEnum):
    """What a name is used for while the figures of the adapter's card are measured."""

    TRAIN = 0
    TRY_NAME = 1  # the name is held out, other names of its concept are not
    TRY_THING = 2  # every name of its concept is held out
    EXCLUDED = 3  # a title that contains a held-out name: to train on it would give that name away


@dataclass(frozen=True, slots=True)
class Names:
    """Names as the columns of one table: text, number of the concept, index in LANGUAGES, source, split.

    `essential_skills` has, by the number of an occupation, the numbers of the skills it cannot do without.
    """

    texts: tuple[str, ...]
    concepts: npt.NDArray[np.int64]
    languages: npt.NDArray[np.int64]
    sources: npt.NDArray[np.int64]
    splits: npt.NDArray[np.int64]
    essential_skills: Mapping[int, frozenset[int]]

    def all_for_training(self) -> Names:
        """Return the same names with none held out."""
        return replace(self, splits=np.full_like(self.splits, Split.TRAIN))


def read_names(folder: Path) -> Names:
    """Read the names under a folder laid out as `shared/data`.

    Titles equal to a query of a test set are left out, in either gender, in singular or plural; so are the
    ROME codes of the offers used for evaluation. Raises BadInputError for a missing file.
    """
    test_queries, test_codes = _read_test_queries(folder), _read_test_codes(folder)
    # Sorted: the order of rows decides which examples a seed draws.
    name_rows = [
        (source, concept, language, text)
        for source, concept, language, text in sorted(set(_read_name_rows(folder)))
        if concept not in test_codes and test_queries.isdisjoint(map(comparison_key, _list_forms(text)))
    ]
    numbers = {pair: number for number, pair in enumerate(dict.fromkeys(row[:2] for row in name_rows))}
    rows = [
        (text, numbers[source, concept], LANGUAGES.index(language), source)
        for source, concept, language, text in name_rows
    ]
    row_splits = [
        _assign_split(text, concept) if source is Source.OCCUPATION else Split.TRAIN
        for source, concept, _, text in name_rows
    ]
    if not rows:
        raise BadInputError(mark("There is nothing to learn from in %(folder)s."), folder=folder)
    columns = list(zip(*rows, strict=True))
    concepts, languages, sources, splits = (
        np.array(column, np.int64) for column in (*columns[1:], row_splits)
    )
    essential_skills = _read_essential_skills(folder, numbers)
    return Names(tuple(columns[0]), concepts, languages, sources, splits, essential_skills)


def comparison_key(text: str) -> str:
    """Return a title without case, accents, punctuation, and plurals in s or x, to compare titles by."""
    return " ".join(
        w[:-1] if len(w) > 3 and w[-1] in "sx" and not w.endswith("ss") else w for w in tokenise(text)
    )


def _read_test_queries(folder: Path) -> set[str]:
    """Return the keys of every query of the test sets, in all its forms; none where there is no test set."""
    lines = (
        line for path in folder.glob(TEST_QUERIES_PATTERN) for line in path.read_text("utf-8").splitlines()
    )
    return {comparison_key(form) for line in lines for form in _list_forms(line.partition("\t")[2])}


def _read_test_codes(folder: Path) -> set[str]:
    """Return the ROME codes that have offers enough to be evaluated; none when there is no file of offers."""
    path = folder / TEST_OFFERS_FILE
    counts = Counter(row["rome_code"] for row in _read_csv(path)) if path.is_file() else Counter()
    return {code for code, count in counts.items() if count >= MIN_OFFERS_PER_CODE}


def _list_forms(text: str) -> list[str]:
    """Return a title as written, the forms it is looked up by, and both sides of a slash that joins two."""
    return [
        text,
        *split_genders(text),
        *query_forms(text),
        *(part for part in _JOINING_SLASH.split(text) if part),
    ]


def _read_name_rows(folder: Path) -> Iterator[tuple[Source, str, str, str]]:
    """Yield source, concept (its URI or ROME code), language and text of every name."""
    for language, files in OCCUPATION_FILES.items():
        for uri, label in dict.fromkeys(pair for name in files for pair in _read_labels(folder / name)):
            yield Source.OCCUPATION, uri, language, label
    # Only preferred labels of skills, and only of skills that have one in both languages.
    skills = {language: dict(_read_preferred_labels(folder / name)) for language, name in SKILL_FILES.items()}
    for uri in skills["fr"].keys() & skills["en"].keys():
        for language in LANGUAGES:
            yield Source.SKILL, uri, language, skills[language][uri]
    for row in _read_csv(folder / ROME_TITLES_FILE):
        yield Source.ROME, row["code_rome"], "fr", split_genders(row["libelle_appellation_long"])[0]


def _read_labels(path: Path) -> Iterator[tuple[str, str]]:
    """Yield URI and label for every label of a file, and for each side of one such as "soudeur/soudeuse"."""
    for row in _read_csv(path):
        for text in (row["preferredLabel"], *row["altLabels"].splitlines()):
            label = text.strip()
            sides = [part.strip() for part in label.split("/")] if "/" in label else []
            yield from ((row["conceptUri"], name) for name in (label, *sides) if name)


def _read_preferred_labels(path: Path) -> Iterator[tuple[str, str]]:
    """Yield URI and preferred label of every concept of a file."""
    return ((row["conceptUri"], row["preferredLabel"].strip()) for row in _read_csv(path))


def _read_csv(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file, packed or not; raise BadInputError when it is not there."""
    if not path.is_file():
        raise BadInputError(mark("There is no file %(path)s."), path=path)
    unpack = gzip.open if path.suffix == ".gz" else open
    with unpack(path, "rt", encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def _read_essential_skills(
    folder: Path, numbers: Mapping[tuple[Source, str], int]
) -> dict[int, frozenset[int]]:
    """Return the essential skills of each occupation, by number; concepts that were left out have none."""
    skills_by_occupation: dict[int, set[int]] = defaultdict(set)
    for row in _read_csv(folder / RELATIONS_FILE):
        occupation = numbers.get((Source.OCCUPATION, row["occupationUri"]))
        skill = numbers.get((Source.SKILL, row["skillUri"]))
        if row["relationType"] == "essential" and occupation is not None and skill is not None:
            skills_by_occupation[occupation].add(skill)
    return {occupation: frozenset(skills) for occupation, skills in skills_by_occupation.items()}


def _assign_split(text: str, concept: str) -> Split:
    """Decide what a name of an occupation is used for."""
    # Every form of a title is tested, so that a title for both genders is not trained on when one of them is
    # held out; a title with a slash is then excluded, since the names it joins are queries by themselves.
    if _is_held_out(concept):
        return Split.TRY_THING
    if not any(_is_held_out(comparison_key(form)) for form in _list_forms(text)):
        return Split.TRAIN
    return Split.EXCLUDED if "/" in text else Split.TRY_NAME


def _is_held_out(text: str) -> bool:
    """Whether a name or a concept is held out: one text in ten, always the same ones."""
    # A hash of the text, so that new names in a later release change no split of the others.
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % HELD_OUT_ONE_IN == 0
