"""Which occupations and skills a text names: by our tables, and by ESCO's labels where they are given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from oim.features.occupations.phrase_index import (
    LANGUAGES,
    BilingualIndex,
    Concept,
    build_index,
    find_concepts,
)
from oim.features.occupations.spelling import Vocabulary, build_vocabulary
from oim.features.occupations.store import ConceptLabel
from oim.features.occupations.tables import find_skills_by_isco, load_skill_entries, load_trades
from oim.features.occupations.text_terms import analyse_text, extract_terms
from oim.features.occupations.types import Occupation, OccupationLink, Skill, SkillLink, TextLinks

IMPLIED_SKILL_FACTOR = 0.7  # what a skill that nobody named keeps of the score of a trade that takes it
GENDER_COUNT = 2  # genders


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Labels of occupations and skills beside our own tables; `taxonomy` makes one of what was imported.

    It costs seconds and memory: a process makes it once and gives it to every `link`.
    """

    occupations: BilingualIndex[Occupation]
    skills: BilingualIndex[Skill]
    vocabulary: Vocabulary


def link_text(text: str, limit: int = 3, taxonomy: Taxonomy | None = None) -> TextLinks:
    """The occupations and skills that a French, English or Pidgin text names, `limit` of each at most.

    Occupations are told apart by ISCO-08 unit group, skills by id. A taxonomy adds to our own tables. Words
    are compared, typing mistakes mended; likeness of meaning is for whoever holds an embedder.
    """
    occupations, skills = [_load_trade_index()], [_load_skill_index()]
    if taxonomy is not None:
        occupations.append(taxonomy.occupations)
        skills.append(taxonomy.skills)
    reading = analyse_text(text, (taxonomy.vocabulary if taxonomy else load_own_vocabulary()).correct_word)
    named = tuple(
        OccupationLink(occupation, score)
        for occupation, score in find_concepts(occupations, reading, lambda occupation: occupation.isco)[
            :limit
        ]
    )
    able = [
        SkillLink(skill, score) for skill, score in find_concepts(skills, reading, lambda skill: skill.id)
    ]
    return TextLinks(named, _add_implied_skills(able, named)[:limit])


def _add_implied_skills(
    skill_links: list[SkillLink], occupation_links: tuple[OccupationLink, ...]
) -> tuple[SkillLink, ...]:
    """The skills named, and those that the trades named take: a bricklayer lays bricks."""
    found = {link.skill.id: link for link in skill_links}
    for trade in occupation_links:
        for skill in find_skills_by_isco(trade.occupation.isco):
            found.setdefault(skill.id, SkillLink(skill, round(trade.score * IMPLIED_SKILL_FACTOR, 4)))
    return tuple(sorted(found.values(), key=lambda link: -link.score))


def list_own_phrases() -> list[str]:
    """Every phrase of our tables."""
    named = [trade.phrases for trade in load_trades()] + [ability.phrases for ability in load_skill_entries()]
    return [phrase for phrases in named for phrase in phrases]


@cache
def load_own_vocabulary() -> Vocabulary:
    """The words of our tables."""
    return build_vocabulary(list_own_phrases())


@cache
def _load_trade_index() -> BilingualIndex[Occupation]:
    return build_index(
        ((trade.occupation, phrase, None) for trade in load_trades() for phrase in trade.phrases),
        lambda occupation: occupation.isco,
    )


@cache
def _load_skill_index() -> BilingualIndex[Skill]:
    return build_index(
        ((ability.skill, phrase, None) for ability in load_skill_entries() for phrase in ability.phrases),
        lambda skill: skill.id,
    )


def build_taxonomy(labels: Iterable[ConceptLabel]) -> Taxonomy:
    """A taxonomy of labels, in any order; those in French and English are used."""
    told = [label for label in labels if label.language in LANGUAGES]
    named: dict[str, dict[str, str]] = defaultdict(dict)
    for label in told:
        if label.preferred:
            named[label.uri][label.language] = label.text
    occupations = {
        label.uri: Occupation(label.isco, *_bilingual_labels(named[label.uri]), label.uri)
        for label in told
        if label.isco is not None and label.uri in named and label.kind == "occupation"
    }
    skills = {
        label.uri: Skill(label.uri, *_bilingual_labels(named[label.uri]))
        for label in told
        if label.kind == "skill" and label.uri in named
    }
    return Taxonomy(
        build_index(_list_index_entries(told, occupations), lambda occupation: occupation.isco),
        build_index(_list_index_entries(told, skills), lambda skill: skill.id),
        build_vocabulary(list_own_phrases(), (label.text for label in told)),
    )


def _bilingual_labels(labels: dict[str, str]) -> tuple[str, str]:
    """The French and the English label, one for the other where there is only one."""
    either = next(iter(labels.values()))
    return labels.get("fr", either), labels.get("en", either)


def _list_index_entries(
    labels: list[ConceptLabel], concepts: dict[str, Concept]
) -> Iterator[tuple[Concept, str, str | None]]:
    for label in labels:
        if label.uri in concepts:
            yield concepts[label.uri], _keep_one_gender(label.text), label.language


def _keep_one_gender(text: str) -> str:
    """Half of a label that gives both genders ("infirmier/infirmière"), whose halves have equal lengths."""
    halves = text.split("/")
    if len(halves) != GENDER_COUNT or len({len(extract_terms(half)[0]) for half in halves}) > 1:
        return text
    return halves[0]
