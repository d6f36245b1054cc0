"""The offers task: search with a job title of the ROME directory for the advertisements with its ROME code.

ROME is the directory of occupations of France Travail. For each code that advertisements with at least five
different titles carry, up to five ROME titles are drawn with a fixed seed, from those that no advertisement
has word for word; every second one is in the feminine form. A single advertisement copied under a wrong code
is thus no task. No system sees the code: the plain systems read the title, or title and description, and the
engine reads what it extracts from an offer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

import numpy as np

from oim.features.evaluation.csv_rows import missing_columns, read_csv_rows
from oim.features.evaluation.sets import EvaluationSet
from oim.features.matching import Answer, Profile, Vector
from oim.features.opportunities import Draft
from oim.features.titles import split_genders
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.text import fold

MIN_TITLES_PER_CODE = 5  # different titles: with fewer, the figures of a code would be chance
MAX_QUERIES_PER_CODE = 5  # so that no code outweighs the others
SEED = 20261124  # another seed draws other queries, and figures are then no longer comparable
ENGINE_LIMIT = 50  # offers asked of the engine, the most it gives
TITLE_COLUMN, CODE_COLUMN = "libelle_appellation_court", "code_rome"  # of the ROME file
_TITLE_FILE_COLUMNS = (TITLE_COLUMN, CODE_COLUMN)
_FEMININE_ENDING = re.compile(r"\([a-zéè]{1,5}\)")  # "(se)" in "Analyste-programmeur(se)"
# In folded text: "(h/f)", "f/h", "h / f".
_GENDER_MARK = re.compile(r"\(?\b[hf] ?/ ?[hf]\b\)?")


class RecommendationEngine(Protocol):
    """The engine, as far as this task uses it."""

    def recommend(self, profile: Profile, limit: int) -> Answer:
        """Recommend at most `limit` offers for a profile, best first."""


@dataclass(frozen=True, slots=True)
class OffersTask:
    """The task as an evaluation set whose texts are titles with descriptions; and the titles alone.

    `titles` has the order of the set's texts.
    """

    evaluation_set: EvaluationSet
    titles: tuple[str, ...]


def build_offers_task(drafts: Iterable[Draft], titles: Path) -> OffersTask:
    """Build the task from the advertisements that carry a ROME code and from the file of ROME titles.

    Raises BadInputError for a file that cannot be used, or when no code has enough advertisements.
    """
    # By external id: an advertisement that the file repeats is one element.
    offers = list({draft.external_id: draft for draft in drafts if _rome_code(draft)}.values())
    queries = _draw_queries(offers, titles)
    if not queries:
        raise BadInputError(
            mark("No code of %(titles)s is carried by offers of %(fewest)s different titles."),
            titles=titles,
            fewest=MIN_TITLES_PER_CODE,
        )
    relevant_by_code: dict[str, dict[str, int]] = defaultdict(dict)
    for draft in offers:
        relevant_by_code[_rome_code(draft)][draft.external_id] = 1
    evaluation_set = EvaluationSet(
        name="offers",
        queries={key: title for key, (_, title) in queries.items()},
        ids=tuple(draft.external_id for draft in offers),
        texts=tuple(f"{draft.title}. {draft.description}" for draft in offers),
        relevant={key: relevant_by_code[code] for key, (code, _) in queries.items()},
    )
    return OffersTask(evaluation_set, tuple(draft.title for draft in offers))


def _draw_queries(offers: list[Draft], titles: Path) -> dict[str, tuple[str, str]]:
    """Draw the queries: id to the code and the title of each."""
    offer_titles: dict[str, set[str]] = defaultdict(set)
    for draft in offers:
        offer_titles[_rome_code(draft)].add(_without_gender_mark(draft.title))
    # A ROME title that some advertisement has word for word would be found by comparing words.
    all_offer_titles = set().union(*offer_titles.values())
    return {
        f"{code}-{number}": (code, title)
        for code, drawn_titles in sorted(_draw_titles(titles, all_offer_titles).items())
        if len(offer_titles.get(code, ())) >= MIN_TITLES_PER_CODE
        for number, title in enumerate(drawn_titles, start=1)
    }


def _rome_code(draft: Draft) -> str:
    """The ROME code that the source stated, empty when it stated none."""
    codes = draft.provenance.get("codes") or [""]
    return str(codes[0])


def _without_gender_mark(title: str) -> str:
    """A folded title without the mark that it is for both genders: "soudeur" for "Soudeur (H/F)"."""
    return " ".join(_GENDER_MARK.sub(" ", fold(title)).split())


def _draw_titles(path: Path, excluded_titles: set[str]) -> dict[str, list[str]]:
    """Draw titles of each code from the ROME file, except those that are excluded in any gender form."""
    by_code: dict[str, list[str]] = defaultdict(list)
    for row in _read_title_rows(path):
        forms = split_genders(_FEMININE_ENDING.sub("", row[TITLE_COLUMN]))
        if excluded_titles.isdisjoint(map(_without_gender_mark, forms)):
            # The forms take turns: masculine for the first title of a code, feminine for the second.
            by_code[row[CODE_COLUMN]].append(forms[len(by_code[row[CODE_COLUMN]]) % len(forms)])
    # A seed for each code: a code more in the file does not change what is drawn for the others.
    return {
        code: Random(f"{SEED}-{code}").sample(titles, min(MAX_QUERIES_PER_CODE, len(titles)))  # noqa: S311 (no secret)
        for code, titles in by_code.items()
    }


def _read_title_rows(path: Path) -> list[dict[str, str]]:
    """Read the ROME file, a CSV in UTF-8. Raises BadInputError."""
    rows = read_csv_rows(path, _TITLE_FILE_COLUMNS)
    if not rows:
        raise missing_columns(path, _TITLE_FILE_COLUMNS)
    return rows


class EngineRanker:
    """The whole engine as a ranker: offers it recommends score by their rank, all others are not found."""

    def __init__(self, engine: RecommendationEngine, positions: Mapping[object, int]) -> None:
        """`positions` maps the id of each offer in the engine to its position among the elements."""
        self._engine = engine
        self._positions = positions

    def scores(self, query: str) -> Vector:
        """The scores for a profile with the query as text: 0.99 for the first offer, 0.98 for the second."""
        scores = np.full(len(self._positions), -np.inf, np.float32)
        for item in self._engine.recommend(Profile(text=query), ENGINE_LIMIT).items:
            scores[self._positions[item.id]] = 1.0 - item.rank / (2 * ENGINE_LIMIT)
        return scores
