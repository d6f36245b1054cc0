"""An imported taxonomy made ready for linking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from oim.features.occupations.linker import Taxonomy, own_phrases
from oim.features.occupations.phrase_index import LANGUAGES, Thing, build
from oim.features.occupations.spelling import vocabulary
from oim.features.occupations.store import Label
from oim.features.occupations.text_terms import terms
from oim.features.occupations.types import Occupation, Skill

BOTH = 2  # genders


def taxonomy(labels: Iterable[Label]) -> Taxonomy:
    """A taxonomy of labels, in any order; those in French and English are used."""
    told = [label for label in labels if label.language in LANGUAGES]
    named: dict[str, dict[str, str]] = defaultdict(dict)
    for label in told:
        if label.preferred:
            named[label.uri][label.language] = label.text
    occupations = {
        label.uri: Occupation(label.isco, *_both(named[label.uri]), label.uri)
        for label in told
        if label.isco is not None and label.uri in named and label.kind == "occupation"
    }
    skills = {
        label.uri: Skill(label.uri, *_both(named[label.uri]))
        for label in told
        if label.kind == "skill" and label.uri in named
    }
    return Taxonomy(
        build(_phrases(told, occupations), lambda occupation: occupation.isco),
        build(_phrases(told, skills), lambda skill: skill.id),
        vocabulary(own_phrases(), (label.text for label in told)),
    )


def _both(labels: dict[str, str]) -> tuple[str, str]:
    """The French and the English label, one for the other where there is only one."""
    either = next(iter(labels.values()))
    return labels.get("fr", either), labels.get("en", either)


def _phrases(labels: list[Label], things: dict[str, Thing]) -> Iterator[tuple[Thing, str, str | None]]:
    for label in labels:
        if label.uri in things:
            yield things[label.uri], _one_gender(label.text), label.language


def _one_gender(text: str) -> str:
    """Half of a label that gives both genders ("infirmier/infirmière"), whose halves have equal lengths."""
    halves = text.split("/")
    if len(halves) != BOTH or len({len(terms(half)[0]) for half in halves}) > 1:
        return text
    return halves[0]
