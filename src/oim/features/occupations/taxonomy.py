"""An imported taxonomy made ready for linking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from oim.features.occupations.linker import Taxonomy, list_own_phrases
from oim.features.occupations.phrase_index import LANGUAGES, Concept, build_index
from oim.features.occupations.spelling import build_vocabulary
from oim.features.occupations.store import ConceptLabel
from oim.features.occupations.text_terms import extract_terms
from oim.features.occupations.types import Occupation, Skill

GENDER_COUNT = 2  # genders


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
