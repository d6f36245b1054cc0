"""Which part of a CV each line stands in, told by headings in French and English as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from oim.features.cv.extraction.lines import Line
from oim.kit.text import fold


class Section(StrEnum):
    """A part of a CV. Its name is that of its words in `headings.txt`."""

    EXPERIENCE = "experience"
    EDUCATION = "education"
    SKILLS = "skills"
    LANGUAGES = "languages"
    PROFILE = "profile"
    PROJECTS = "projects"
    PRIVATE = "private"  # contacts, references, leisure
    OTHER = "other"


MAX_UNKNOWN_WORDS = 2  # words of a heading in English that may be anything
MIN_COMPOUND_LENGTH = 12  # letters from which one word may be two
MAX_HEADING_LENGTH = 60  # characters of a heading
_CONTINUING_SECTIONS = (
    Section.EXPERIENCE,
    Section.EDUCATION,
)  # a label of theirs heads the lines below it too
_FALLBACK_SECTIONS = {  # what fillers say where there is no key
    "history": (Section.EXPERIENCE,),
    "historique": (Section.EXPERIENCE,),
    "information": (Section.PRIVATE,),
    "informations": (Section.PRIVATE,),
    "details": (Section.PRIVATE,),
}
_CONJUNCTIONS = frozenset({"et", "and", "&", "/"})
_NUMBERING = re.compile(r"^(?:[ivx]{1,4}|\d{1,2}|[a-h])\s*[-.)/:]\s*")
_TOKEN = re.compile(r"[a-z]+|&|/")
_INLINE_LABEL = re.compile(r"(?P<label>[^:\t\d]{3,40}?)(?:\s*:\s*|\t)(?P<rest>\S.*)")
_CAPITALS_FIRST = re.compile(r"^(?:[A-Z]{5,}\s){1,3}(?=\S)")
_CAPITALS_LAST = re.compile(r"(?:(?<=\s)[A-Z]{5,}\s?){1,3}:?$")


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line and the sections it may stand in: several where columns were read across."""

    line: Line
    sections: frozenset[Section]

    def is_only_in(self, section: Section) -> bool:
        """Whether it surely stands there."""
        return self.sections == {section}


def assign_sections(lines: Iterable[Line]) -> Iterator[PlacedLine]:
    """Every line but headings, and where it stands."""
    here: tuple[Section, ...] = ()
    across = False  # columns are read as if they were one
    headed = False
    for line in lines:
        headed, after = False, headed
        if after and _has_only_known_words(line.text):
            continue  # the rest of a heading of two lines
        if found := parse_heading(line.text):
            headed = True
            across |= len(found) > 1 and not _CONJUNCTIONS.intersection(_tokenise(line.text))
            here = (*here[-1:], *found)[-2:] if across else found
            continue
        label, rest = _split_label(line)
        if label:
            yield PlacedLine(rest, frozenset(label))
            here = label if line.text.isupper() or label[0] in _CONTINUING_SECTIONS else here
            continue
        if found := _find_column_headings(line.text):
            across, here = True, (*here[-1:], *found)[-2:]
        yield PlacedLine(line, frozenset(here))


def _split_label(line: Line) -> tuple[tuple[Section, ...], Line]:
    """`Languages: French, English`: the sections of the label, and what follows it."""
    found = _INLINE_LABEL.fullmatch(line.text)
    label = parse_heading(found["label"]) if found else ()
    return label, Line(found["rest"], line.bullet) if found and label else line


def _find_column_headings(text: str) -> tuple[Section, ...]:
    """The sections of a heading in capitals at either end of a line of another column."""
    if text.isupper():
        return ()
    return tuple(
        section for run in (_CAPITALS_FIRST, _CAPITALS_LAST) for section in _parse_match(run.search(text))
    )


def _parse_match(match: re.Match[str] | None) -> tuple[Section, ...]:
    return parse_heading(match[0]) if match else ()


def parse_heading(text: str) -> tuple[Section, ...]:
    """The sections that a line opens: none where it is no heading, several where it heads several columns."""
    if len(text) > MAX_HEADING_LENGTH or text.endswith((",", ".", ";")) or re.search(r"\d{4}", text):
        return ()
    words = [part for word in _tokenise(text) for part in _split_compound(word)]
    unknown = [word for word in words if not _is_known_word(word)]
    if not words or (
        unknown and not (len(unknown) <= MAX_UNKNOWN_WORDS and _is_plural_title(text, words[-1]))
    ):
        return ()
    return _resolve_sections(words)


def _tokenise(text: str) -> list[str]:
    return _TOKEN.findall(_NUMBERING.sub("", fold(text)))


def _split_compound(word: str) -> tuple[str, ...]:
    """`professionalexperience`: two words whose letters stood apart, and which then lost their space."""
    if len(word) < MIN_COMPOUND_LENGTH or _is_known_word(word):
        return (word,)
    cuts = range(3, len(word) - 3)
    halves = ((word[:cut], word[cut:]) for cut in cuts)
    return next((both for both in halves if all(map(_is_known_word, both))), (word,))


def _has_only_known_words(text: str) -> bool:
    words = _tokenise(text)
    return (
        bool(words)
        and not parse_heading(text)
        and not re.search(r"\d", text)
        and all(map(_is_known_word, words))
    )


def _is_known_word(word: str) -> bool:
    return word in _load_section_words() or word in _CONJUNCTIONS or word in _load_words()["filler"]


def _is_plural_title(text: str, last: str) -> bool:
    """`Web Dev Positions`: a few words in capitals, the last of them a plural that heads sections."""
    told = text.strip(": ").split()
    plural = last in _load_words()["plural"]
    return plural and len(told) <= MAX_UNKNOWN_WORDS + 1 and all(word[0].isupper() for word in told)


def _resolve_sections(words: Sequence[str]) -> tuple[Section, ...]:
    """What key words mean together."""
    keys = [_load_section_words()[word] for word in words if word in _load_section_words()]
    keys = [key for key in keys if key is not Section.OTHER] or keys
    if not keys:
        return next((sections for word, sections in _FALLBACK_SECTIONS.items() if word in words), ())
    if _load_words()["academic"].intersection(words):
        return (Section.EDUCATION,)
    if Section.LANGUAGES in keys and _load_words()["computing"].intersection(words):
        return (Section.SKILLS,)
    if {Section.LANGUAGES, Section.SKILLS} <= set(keys):  # "compétences linguistiques"
        return (Section.LANGUAGES,)
    return tuple(dict.fromkeys(keys))


@cache
def _load_section_words() -> dict[str, Section]:
    return {word: section for section in Section for word in _load_words()[section]}


@cache
def _load_words() -> dict[str, frozenset[str]]:
    """Words by what they tell: a section, or something of the words beside them."""
    lines = (resources.files("oim.features.cv.extraction") / "headings.txt").read_text("utf-8").splitlines()
    return {name: frozenset(words.split()) for name, _, words in (line.partition(":") for line in lines)}
