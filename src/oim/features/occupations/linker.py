"""Link a text to the occupations and skills that it names: by our own tables, and by ESCO when imported.

Only words are compared here, with typing mistakes corrected; `semantic_linker` compares meanings.
"""

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

# Share of a trade's score that a skill gets which the trade needs and the text does not name.
IMPLIED_SKILL_FACTOR = 0.7
GENDER_COUNT = 2  # parts of a label such as "infirmier/infirmière"


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """An imported taxonomy, indexed for linking; `build_taxonomy` makes one.

    Building takes seconds and memory: a process builds it once and passes it to every call of `link_text`.
    """

    occupations: BilingualIndex[Occupation]
    skills: BilingualIndex[Skill]
    vocabulary: Vocabulary


def link_text(text: str, limit: int = 3, taxonomy: Taxonomy | None = None) -> TextLinks:
    """Return the occupations and skills that a French, English or Pidgin text names, `limit` of each at most.

    Occupations of one ISCO-08 unit group count as the same, as do skills of one id. A taxonomy adds to our
    own tables. Both lists are sorted by score, highest first.
    """
    # Our own tables are the first layer: ESCO's labels count only where these have no phrase.
    occupations, skills = [_load_trade_index()], [_load_skill_index()]
    if taxonomy is not None:
        occupations.append(taxonomy.occupations)
        skills.append(taxonomy.skills)
    terms = analyse_text(text, (taxonomy.vocabulary if taxonomy else load_own_vocabulary()).correct_word)
    occupation_links = tuple(
        OccupationLink(occupation, score)
        for occupation, score in find_concepts(occupations, terms, lambda occupation: occupation.isco)[:limit]
    )
    skill_links = [
        SkillLink(skill, score) for skill, score in find_concepts(skills, terms, lambda skill: skill.id)
    ]
    return TextLinks(occupation_links, _add_implied_skills(skill_links, occupation_links)[:limit])


def _add_implied_skills(
    skill_links: list[SkillLink], occupation_links: tuple[OccupationLink, ...]
) -> tuple[SkillLink, ...]:
    """Add to the skills that a text names those that its trades need: a bricklayer lays bricks."""
    links = {link.skill.id: link for link in skill_links}
    for trade in occupation_links:
        for skill in find_skills_by_isco(trade.occupation.isco):
            # setdefault: a skill that is named keeps its own score, and trades come surest first.
            links.setdefault(skill.id, SkillLink(skill, round(trade.score * IMPLIED_SKILL_FACTOR, 4)))
    return tuple(sorted(links.values(), key=lambda link: -link.score))


def extract_stems(text: str) -> frozenset[str]:
    """The terms of a text in any order, stemmed as French and as English, misspelt words corrected."""
    terms = analyse_text(text, load_own_vocabulary().correct_word)
    return frozenset(terms.french) | frozenset(terms.english)


def list_own_phrases() -> list[str]:
    """Return every phrase that names a trade or a skill in our own tables."""
    phrase_lists = [trade.phrases for trade in load_trades()] + [
        entry.phrases for entry in load_skill_entries()
    ]
    return [phrase for phrases in phrase_lists for phrase in phrases]


@cache
def load_own_vocabulary() -> Vocabulary:
    """Return the vocabulary of our own tables, built at the first call."""
    return build_vocabulary(list_own_phrases())


@cache
def _load_trade_index() -> BilingualIndex[Occupation]:
    """Index the phrases of our own trades; people use all of them in both languages."""
    return build_index(
        ((trade.occupation, phrase, None) for trade in load_trades() for phrase in trade.phrases),
        lambda occupation: occupation.isco,
    )


@cache
def _load_skill_index() -> BilingualIndex[Skill]:
    """Index the phrases of our own skills; people use all of them in both languages."""
    return build_index(
        ((entry.skill, phrase, None) for entry in load_skill_entries() for phrase in entry.phrases),
        lambda skill: skill.id,
    )


def build_taxonomy(labels: Iterable[ConceptLabel]) -> Taxonomy:
    """Build a taxonomy from labels in any order; only those in French and English are used."""
    usable_labels = [label for label in labels if label.language in LANGUAGES]
    preferred: dict[str, dict[str, str]] = defaultdict(dict)  # by URI, then by language
    for label in usable_labels:
        if label.preferred:
            preferred[label.uri][label.language] = label.text
    # A concept without a preferred label in either language cannot be shown to anybody: it is left out.
    occupations = {
        label.uri: Occupation(label.isco, *_bilingual_labels(preferred[label.uri]), label.uri)
        for label in usable_labels
        if label.isco is not None and label.uri in preferred and label.kind == "occupation"
    }
    skills = {
        label.uri: Skill(label.uri, *_bilingual_labels(preferred[label.uri]))
        for label in usable_labels
        if label.kind == "skill" and label.uri in preferred
    }
    return Taxonomy(
        build_index(_list_index_entries(usable_labels, occupations), lambda occupation: occupation.isco),
        build_index(_list_index_entries(usable_labels, skills), lambda skill: skill.id),
        # Words of ESCO count as known, so that they stay as typed, but nothing is corrected to them.
        build_vocabulary(list_own_phrases(), (label.text for label in usable_labels)),
    )


def _bilingual_labels(labels: dict[str, str]) -> tuple[str, str]:
    """Return the French and the English label; a missing one is replaced by the other."""
    either = next(iter(labels.values()))
    return labels.get("fr", either), labels.get("en", either)


def _list_index_entries(
    labels: list[ConceptLabel], concepts: dict[str, Concept]
) -> Iterator[tuple[Concept, str, str | None]]:
    """Yield concept, phrase and language for every label of the concepts to index."""
    for label in labels:
        if label.uri in concepts:
            yield concepts[label.uri], _keep_one_gender(label.text), label.language


def _keep_one_gender(text: str) -> str:
    """Return the first half of a label that gives both genders: "infirmier" of "infirmier/infirmière"."""
    halves = text.split("/")
    # Halves with different numbers of terms are no pair: "cuisinier de pizzas/pâtes" stays whole.
    if len(halves) != GENDER_COUNT or len({len(extract_terms(half)[0]) for half in halves}) > 1:
        return text
    return halves[0]
