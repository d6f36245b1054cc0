"""Skills: the short items of a list of them, and those that our tables know wherever they are named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from oim.features.cv.extraction.dates import spans
from oim.features.cv.extraction.job_titles import score
from oim.features.cv.extraction.languages import is_language
from oim.features.cv.extraction.pieces import trimmed
from oim.features.cv.extraction.sections import Placed, Section, heading
from oim.features.occupations import link
from oim.features.profile import MOST
from oim.kit.text import fold

SHORTEST, LONGEST = 2, 45  # characters of an item
WORDS = 5  # of an item
SURE = 0.72  # score of a skill that a line names; those that its trade only implies stay below

_ITEMS = re.compile(r"\t|[,;•|·](?:\s|$)|\s/\s|\s[-–—]\s")
_ASIDE = re.compile(r"\([^()]*(?:\)|$)")
_LABEL = re.compile(r"^[^:]{2,40}:\s+")
_ELSEWHERE = frozenset({Section.EXPERIENCE, Section.PROFILE, Section.PROJECTS, Section.SKILLS})
_DEGREE = re.compile(
    r"(?:professional|experienced|basic|advanced|beginner|intermediate|expert|good|other|others|various|niveau|"
    r"debutant|intermediaire|avance|confirme|bon|tres bon|moyen|excellent|autres?|etc)"
)
_SENTENCE = re.compile(
    r"(?:and|or|also|as|by|with|of|on|in|to|the|a|an|i|my|we|can|have|has|was|is|et|ou|aussi|avec|par|de|des|du|le|la|"
    r"les|je|j'|mon|ma|mes|nous|qui|que|pour|dans)(?![a-z])"
)
_FRENCH = re.compile(r"(?<![a-z])(?:le|la|les|des|du|et|en|au|aux|pour|dans|avec|de|une)(?![a-z])")
_ENGLISH = re.compile(r"(?<![a-z])(?:the|and|of|in|for|with|to|from|on|an)(?![a-z])")


def find(lines: Sequence[Placed], this_year: int) -> tuple[str, ...]:
    """The skills of a CV: items as its owner words them, then labels of our tables in its language."""
    language = _language(lines)
    listed = [item for line in lines if line.only(Section.SKILLS) for item in _items(line, this_year)]
    told = [line.line.text for line in lines if line.sections & _ELSEWHERE]
    known = [name for text in told if not score(text) for name in _named(text, language)]
    unique = {fold(skill): skill for skill in reversed([*listed, *known])}
    return tuple(reversed(unique.values()))[:MOST]


def _items(line: Placed, this_year: int) -> Iterator[str]:
    text = _LABEL.sub("", _ASIDE.sub("", line.line.text))
    if text.endswith(":") or spans(line.line.flat, this_year):
        return
    for part in _ITEMS.split(text):
        item = trimmed(part)
        if SHORTEST <= len(item) <= LONGEST and len(item.split()) <= WORDS and not _is_other(item):
            yield item


def _is_other(item: str) -> bool:
    """Whether an item is a heading, a language, a degree of skill, or part of a sentence."""
    said = fold(item)
    return bool(heading(item) or is_language(said) or _DEGREE.fullmatch(said) or _SENTENCE.match(said))


def _named(text: str, language: str) -> Iterator[str]:
    for found in link(text, 5).skills:
        if found.score >= SURE:
            name = found.skill.label(language)
            if not is_language(fold(name)):
                yield name


def _language(lines: Sequence[Placed]) -> str:
    """The language of a CV: "fr" or "en"."""
    french = sum(len(_FRENCH.findall(line.line.flat)) for line in lines)
    english = sum(len(_ENGLISH.findall(line.line.flat)) for line in lines)
    return "fr" if french >= english else "en"
