"""The task of offers: a profile written from a ROME title must find the advertisements of its code.

Of each code carried under five different titles or more, up to five ROME titles are drawn by a fixed seed,
among those that no advertisement bears word for word; every second one is told in the feminine. One posting
copied under one wrong code is thus no task. No system reads the code: the plain ones read the title, or title
and description; the engine reads what it makes of an offer.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

import numpy as np

from oim.features.evaluation.sets import EvaluationSet
from oim.features.matching import Answer, Profile, Vector
from oim.features.opportunities import Draft
from oim.features.titles import split_genders
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.text import fold

MIN_TITLES_PER_CODE = 5  # different titles of a code: with fewer, the figures are chance
MAX_QUERIES_PER_CODE = 5  # of a code, so that none outweighs the others
SEED = 20261124
ENGINE_LIMIT = 50  # offers the engine is asked for, the most it gives
TITLE_COLUMN, CODE_COLUMN = "libelle_appellation_court", "code_rome"
_FEMININE_ENDING = re.compile(r"\([a-zéè]{1,5}\)")  # the feminine ending of Analyste-programmeur(se)
_GENDER_MARK = re.compile(r"\(?\b[hf] ?/ ?[hf]\b\)?")


class RecommendationEngine(Protocol):
    """The engine, as far as this task asks it."""

    def recommend(self, profile: Profile, limit: int) -> Answer:
        """A ranked list."""


@dataclass(frozen=True, slots=True)
class OffersTask:
    """The task with titles and descriptions as its texts, and the titles alone, in the same order."""

    evaluation_set: EvaluationSet
    titles: tuple[str, ...]


def build_offers_task(drafts: Iterable[Draft], titles: Path) -> OffersTask:
    """Advertisements that carry a code, and ROME titles to find them by. Raises BadInputError."""
    offers = list({draft.external_id: draft for draft in drafts if _rome_code(draft)}.values())
    queries = _draw_queries(offers, titles)
    if not queries:
        raise BadInputError(
            mark("No code of %(titles)s is carried by offers of %(fewest)s different titles."),
            titles=titles,
            fewest=MIN_TITLES_PER_CODE,
        )
    held: dict[str, dict[str, int]] = defaultdict(dict)
    for draft in offers:
        held[_rome_code(draft)][draft.external_id] = 1
    given = EvaluationSet(
        name="offers",
        queries={key: title for key, (_, title) in queries.items()},
        ids=tuple(draft.external_id for draft in offers),
        texts=tuple(f"{draft.title}. {draft.description}" for draft in offers),
        relevant={key: held[code] for key, (code, _) in queries.items()},
    )
    return OffersTask(given, tuple(draft.title for draft in offers))


def _draw_queries(offers: list[Draft], titles: Path) -> dict[str, tuple[str, str]]:
    """The code and the words of each query."""
    borne: dict[str, set[str]] = defaultdict(set)
    for draft in offers:
        borne[_rome_code(draft)].add(_without_gender_mark(draft.title))
    said = set().union(*borne.values())
    return {
        f"{code}-{number}": (code, title)
        for code, found in sorted(_draw_titles(titles, said).items())
        if len(borne.get(code, ())) >= MIN_TITLES_PER_CODE
        for number, title in enumerate(found, start=1)
    }


def _rome_code(draft: Draft) -> str:
    codes = draft.provenance.get("codes") or [""]
    return str(codes[0])


def _without_gender_mark(title: str) -> str:
    """A title less the mention of both genders."""
    return " ".join(_GENDER_MARK.sub(" ", fold(title)).split())


def _draw_titles(path: Path, excluded_titles: set[str]) -> dict[str, list[str]]:
    """The titles drawn of each code."""
    by_code: dict[str, list[str]] = defaultdict(list)
    for row in _read_title_rows(path):
        forms = split_genders(_FEMININE_ENDING.sub("", row[TITLE_COLUMN]))
        if excluded_titles.isdisjoint(map(_without_gender_mark, forms)):
            by_code[row[CODE_COLUMN]].append(forms[len(by_code[row[CODE_COLUMN]]) % len(forms)])
    return {
        code: Random(f"{SEED}-{code}").sample(found, min(MAX_QUERIES_PER_CODE, len(found)))  # noqa: S311 (no secret)
        for code, found in by_code.items()
    }


def _read_title_rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInputError(mark("%(file)s cannot be read as CSV in UTF-8."), file=path) from error
    if not rows or not {TITLE_COLUMN, CODE_COLUMN} <= rows[0].keys():
        raise BadInputError(
            mark("%(file)s must hold the columns %(columns)s."),
            file=path,
            columns=f"{TITLE_COLUMN}, {CODE_COLUMN}",
        )
    return rows


class EngineRanker:
    """The whole engine as a ranker: what it shows scores by its rank, the rest was not found."""

    def __init__(self, engine: RecommendationEngine, positions: Mapping[object, int]) -> None:
        """`places` gives, of each offer's id in the engine, its place among the elements."""
        self._engine = engine
        self._positions = positions

    def scores(self, query: str) -> Vector:
        found = np.full(len(self._positions), -np.inf, np.float32)
        for item in self._engine.recommend(Profile(text=query), ENGINE_LIMIT).items:
            found[self._positions[item.id]] = 1.0 - item.rank / (2 * ENGINE_LIMIT)
        return found
