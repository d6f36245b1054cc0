"""Extraction of skills: short items of the section on skills, and known skills named anywhere in a CV."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from oim.features.cv.extraction.dates import find_spans
from oim.features.cv.extraction.job_titles import score_job_title
from oim.features.cv.extraction.languages import is_language
from oim.features.cv.extraction.lines import trim_piece
from oim.features.cv.extraction.sections import PlacedLine, Section, parse_heading
from oim.features.occupations import link_text
from oim.features.profile import MAX_ITEMS
from oim.kit.text import fold

MIN_LENGTH, MAX_LENGTH = 2, 45  # characters of an item
MAX_WORDS = 5  # words of an item
# Least score of a link to a skill. Skills that an occupation only implies score less.
MIN_SKILL_SCORE = 0.72

# Between the items of a list: a tab, ", ", "; ", " • ", " / ", " - "; not the slash of "TCP/IP".
_ITEM_SEPARATOR = re.compile(r"\t|[,;•|·](?:\s|$)|\s/\s|\s[-–—]\s")
_BRACKETS = re.compile(r"\([^()]*(?:\)|$)")
# "Frameworks : Django, Laravel".
_LINE_LABEL = re.compile(r"^[^:]{2,40}:\s+")
# Sections whose text is searched for known skills.
_LINKED_SECTIONS = frozenset({Section.EXPERIENCE, Section.PROFILE, Section.PROJECTS, Section.SKILLS})
# Items that are only a degree of skill, or "others".
_PROFICIENCY = re.compile(
    r"(?:professional|experienced|basic|advanced|beginner|intermediate|expert|good|other|others|various|niveau|"
    r"debutant|intermediaire|avance|confirme|bon|tres bon|moyen|excellent|autres?|etc)"
)
_SENTENCE_START = re.compile(
    r"(?:and|or|also|as|by|with|of|on|in|to|the|a|an|i|my|we|can|have|has|was|is|et|ou|aussi|avec|par|de|des|du|le|la|"
    r"les|je|j'|mon|ma|mes|nous|qui|que|pour|dans)(?![a-z])"
)
# Frequent words of each language, to detect that of a CV.
_FRENCH_WORD = re.compile(r"(?<![a-z])(?:le|la|les|des|du|et|en|au|aux|pour|dans|avec|de|une)(?![a-z])")
_ENGLISH_WORD = re.compile(r"(?<![a-z])(?:the|and|of|in|for|with|to|from|on|an)(?![a-z])")


def extract_skills(lines: Sequence[PlacedLine], this_year: int) -> tuple[str, ...]:
    """Extract the skills of a CV: items in its owner's words, and known skills, labelled in its language."""
    language = _detect_language(lines)
    listed = [
        item for line in lines if line.is_only_in(Section.SKILLS) for item in _split_items(line, this_year)
    ]
    texts = [line.line.text for line in lines if line.sections & _LINKED_SECTIONS]
    # A job title names a trade, not a skill.
    known = [name for text in texts if not score_job_title(text) for name in _link_skills(text, language)]
    # Of equal skills the first stays, in its place: the owner's words come before those of our tables.
    unique: dict[str, str] = {}
    for skill in [*listed, *known]:
        unique.setdefault(fold(skill), skill)
    return tuple(unique.values())[:MAX_ITEMS]


def _split_items(line: PlacedLine, this_year: int) -> Iterator[str]:
    """Yield the items of a line that may be skills."""
    text = _LINE_LABEL.sub("", _BRACKETS.sub("", line.line.text))
    if text.endswith(":") or find_spans(line.line.folded_text, this_year):
        return
    for part in _ITEM_SEPARATOR.split(text):
        item = trim_piece(part)
        if (
            MIN_LENGTH <= len(item) <= MAX_LENGTH
            and len(item.split()) <= MAX_WORDS
            and not _is_no_skill(item)
        ):
            yield item


def _is_no_skill(item: str) -> bool:
    """Whether an item is a heading, a language, a degree of skill, or part of a sentence."""
    folded_item = fold(item)
    return bool(
        parse_heading(item)
        or is_language(folded_item)
        or _PROFICIENCY.fullmatch(folded_item)
        or _SENTENCE_START.match(folded_item)
    )


def _link_skills(text: str, language: str) -> Iterator[str]:
    """Yield the labels of known skills that a text names, languages excepted."""
    for link in link_text(text, 5).skills:
        if link.score >= MIN_SKILL_SCORE:
            name = link.skill.label(language)
            if not is_language(fold(name)):
                yield name


def _detect_language(lines: Sequence[PlacedLine]) -> str:
    """Detect the language of a CV, "fr" or "en", by counting frequent words."""
    french = sum(len(_FRENCH_WORD.findall(line.line.folded_text)) for line in lines)
    english = sum(len(_ENGLISH_WORD.findall(line.line.folded_text)) for line in lines)
    return "fr" if french >= english else "en"
