"""Which occupations and skills a text names: by our tables, and by ESCO's labels where they are given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from oim.features.occupations.phrase_index import Pair, best, build
from oim.features.occupations.skills import abilities, taken_by
from oim.features.occupations.spelling import Vocabulary, vocabulary
from oim.features.occupations.tables import trades
from oim.features.occupations.text_terms import read
from oim.features.occupations.types import Link, Linked, Occupation, Skill, SkillLink

IMPLIED = 0.7  # what a skill that nobody named keeps of the score of a trade that takes it


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Labels of occupations and skills beside our own tables; `taxonomy` makes one of what was imported.

    It costs seconds and memory: a process makes it once and gives it to every `link`.
    """

    occupations: Pair[Occupation]
    skills: Pair[Skill]
    vocabulary: Vocabulary


def link(text: str, limit: int = 3, taxonomy: Taxonomy | None = None) -> Linked:
    """The occupations and skills that a French, English or Pidgin text names, `limit` of each at most.

    Occupations are told apart by ISCO-08 unit group, skills by id. A taxonomy adds to our own tables. Words
    are compared, typing mistakes mended; likeness of meaning is for whoever holds an embedder.
    """
    occupations, skills = [_trades()], [_skills()]
    if taxonomy is not None:
        occupations.append(taxonomy.occupations)
        skills.append(taxonomy.skills)
    reading = read(text, (taxonomy.vocabulary if taxonomy else own_vocabulary()).mend)
    named = tuple(
        Link(occupation, score)
        for occupation, score in best(occupations, reading, lambda occupation: occupation.isco)[:limit]
    )
    able = [SkillLink(skill, score) for skill, score in best(skills, reading, lambda skill: skill.id)]
    return Linked(named, _with_implied(able, named)[:limit])


def _with_implied(able: list[SkillLink], named: tuple[Link, ...]) -> tuple[SkillLink, ...]:
    """The skills named, and those that the trades named take: a bricklayer lays bricks."""
    found = {link.skill.id: link for link in able}
    for trade in named:
        for skill in taken_by(trade.occupation.isco):
            found.setdefault(skill.id, SkillLink(skill, round(trade.score * IMPLIED, 4)))
    return tuple(sorted(found.values(), key=lambda link: -link.score))


def own_phrases() -> list[str]:
    """Every phrase of our tables."""
    named = [trade.phrases for trade in trades()] + [ability.phrases for ability in abilities()]
    return [phrase for phrases in named for phrase in phrases]


@cache
def own_vocabulary() -> Vocabulary:
    """The words of our tables."""
    return vocabulary(own_phrases())


@cache
def _trades() -> Pair[Occupation]:
    return build(
        ((trade.occupation, phrase, None) for trade in trades() for phrase in trade.phrases),
        lambda occupation: occupation.isco,
    )


@cache
def _skills() -> Pair[Skill]:
    return build(
        ((ability.skill, phrase, None) for ability in abilities() for phrase in ability.phrases),
        lambda skill: skill.id,
    )
