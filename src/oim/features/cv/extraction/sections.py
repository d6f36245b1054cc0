"""Assigning each line of a CV to a section, by headings in French and English as people write them.

The words of headings are in `headings.txt`: a line for each section, and for each kind of word that changes
what a heading means.
"""

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
    """A section of a CV. Its value names its words in `headings.txt`."""

    EXPERIENCE = "experience"
    EDUCATION = "education"
    SKILLS = "skills"
    LANGUAGES = "languages"
    PROFILE = "profile"
    PROJECTS = "projects"
    PRIVATE = "private"  # contacts, references, leisure
    OTHER = "other"


MAX_UNKNOWN_WORDS = 2  # words of an English heading that need not be known: "Web Dev Positions"
MIN_COMPOUND_LENGTH = 12  # letters from which a word may be two run together
MAX_HEADING_LENGTH = 60  # characters of a heading
# "Formation : Permis B" also heads the lines below it; "Langues : français" only labels its own.
_CONTINUING_SECTIONS = (Section.EXPERIENCE, Section.EDUCATION)
# What filler words mean in a heading that has no key word: "Historique".
_FALLBACK_SECTIONS = {
    "history": (Section.EXPERIENCE,),
    "historique": (Section.EXPERIENCE,),
    "information": (Section.PRIVATE,),
    "informations": (Section.PRIVATE,),
    "details": (Section.PRIVATE,),
}
_CONJUNCTIONS = frozenset({"et", "and", "&", "/"})
# "II- ", "3. ", "b) " before a heading.
_NUMBERING = re.compile(r"^(?:[ivx]{1,4}|\d{1,2}|[a-h])\s*[-.)/:]\s*")
_TOKEN = re.compile(r"[a-z]+|&|/")
# "Langues : français, anglais".
_INLINE_LABEL = re.compile(r"(?P<label>[^:\t\d]{3,40}?)(?:\s*:\s*|\t)(?P<content>\S.*)")
# A heading in capitals beside a line of another column: "SKILLS Accountant at Fidex", "Maçon, Kribi SKILLS".
_CAPITALS_FIRST = re.compile(r"^(?:[A-Z]{5,}\s){1,3}(?=\S)")
_CAPITALS_LAST = re.compile(r"(?:(?<=\s)[A-Z]{5,}\s?){1,3}:?$")


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with the sections it may belong to: several where a reader mixed the lines of two columns."""

    line: Line
    sections: frozenset[Section]

    def is_only_in(self, section: Section) -> bool:
        """Whether the line belongs to this section beyond doubt."""
        return self.sections == {section}


def assign_sections(lines: Iterable[Line]) -> Iterator[PlacedLine]:
    """Yield every line but headings, with its sections."""
    current: tuple[Section, ...] = ()
    is_two_columns = False  # two columns were read as one, line by line
    is_heading = False
    for line in lines:
        is_heading, follows_heading = False, is_heading
        if follows_heading and _has_only_known_words(line.text):
            continue  # the second line of a heading
        if sections := parse_heading(line.text):
            is_heading = True
            # "SUMMARY EDUCATION" heads two columns, "Formation et expérience" one part with both.
            is_two_columns |= len(sections) > 1 and not _CONJUNCTIONS.intersection(_tokenise(line.text))
            # From then on a line may belong to either of the two latest sections.
            current = (*current[-1:], *sections)[-2:] if is_two_columns else sections
            continue
        label_sections, labelled_line = _split_label(line)
        if label_sections:
            yield PlacedLine(labelled_line, frozenset(label_sections))
            is_continuing = line.text.isupper() or label_sections[0] in _CONTINUING_SECTIONS
            current = label_sections if is_continuing else current
            continue
        if sections := _find_column_headings(line.text):
            is_two_columns, current = True, (*current[-1:], *sections)[-2:]
        yield PlacedLine(line, frozenset(current))


def _split_label(line: Line) -> tuple[tuple[Section, ...], Line]:
    """Split `Languages: French, English` into the sections of its label and the content.

    No sections and the whole line where it has no label, or one that heads no section.
    """
    match = _INLINE_LABEL.fullmatch(line.text)
    sections = parse_heading(match["label"]) if match else ()
    return sections, Line(match["content"], line.bullet) if match and sections else line


def _find_column_headings(text: str) -> tuple[Section, ...]:
    """Find the sections of headings in capitals at either end of a line of another column."""
    if text.isupper():
        return ()
    return tuple(
        section
        for pattern in (_CAPITALS_FIRST, _CAPITALS_LAST)
        for section in _parse_match(pattern.search(text))
    )


def _parse_match(match: re.Match[str] | None) -> tuple[Section, ...]:
    """Parse what a pattern matched as a heading."""
    return parse_heading(match[0]) if match else ()


def parse_heading(text: str) -> tuple[Section, ...]:
    """Parse a line as a heading: its sections, none if it is no heading, several if it heads several."""
    # A year makes it an entry ("2015 Formation"), a full stop or comma a sentence.
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
    """List the folded words of a heading, with "&" and "/", without its numbering."""
    return _TOKEN.findall(_NUMBERING.sub("", fold(text)))


def _split_compound(word: str) -> tuple[str, ...]:
    """Split `professionalexperience`: two spaced words that lost the space between them; else one word."""
    if len(word) < MIN_COMPOUND_LENGTH or _is_known_word(word):
        return (word,)
    cuts = range(3, len(word) - 3)
    splits = ((word[:cut], word[cut:]) for cut in cuts)
    return next((parts for parts in splits if all(map(_is_known_word, parts))), (word,))


def _has_only_known_words(text: str) -> bool:
    """Whether a line is no heading by itself but has only words of headings."""
    words = _tokenise(text)
    return (
        bool(words)
        and not parse_heading(text)
        and not re.search(r"\d", text)
        and all(map(_is_known_word, words))
    )


def _is_known_word(word: str) -> bool:
    """Whether a folded word occurs in headings."""
    return word in _load_section_words() or word in _CONJUNCTIONS or word in _load_words()["filler"]


def _is_plural_title(text: str, last: str) -> bool:
    """Whether a heading is like `Web Dev Positions`: few capitalised words, the last a plural we know."""
    tokens = text.strip(": ").split()
    is_plural = last in _load_words()["plural"]
    return is_plural and len(tokens) <= MAX_UNKNOWN_WORDS + 1 and all(token[0].isupper() for token in tokens)


def _resolve_sections(words: Sequence[str]) -> tuple[Section, ...]:
    """Decide which sections the words of a heading mean together."""
    keys = [_load_section_words()[word] for word in words if word in _load_section_words()]
    keys = [key for key in keys if key is not Section.OTHER] or keys
    if not keys:
        return next((sections for word, sections in _FALLBACK_SECTIONS.items() if word in words), ())
    # "Parcours scolaire", though "parcours" alone heads experience.
    if _load_words()["academic"].intersection(words):
        return (Section.EDUCATION,)
    # "Programming languages".
    if Section.LANGUAGES in keys and _load_words()["computing"].intersection(words):
        return (Section.SKILLS,)
    if {Section.LANGUAGES, Section.SKILLS} <= set(keys):  # "compétences linguistiques"
        return (Section.LANGUAGES,)
    return tuple(dict.fromkeys(keys))


@cache
def _load_section_words() -> dict[str, Section]:
    """Map each key word of headings to its section."""
    return {word: section for section in Section for word in _load_words()[section]}


@cache
def _load_words() -> dict[str, frozenset[str]]:
    """Load the words of `headings.txt` by the name of their line: a section, or a kind such as `filler`."""
    lines = (resources.files("oim.features.cv.extraction") / "headings.txt").read_text("utf-8").splitlines()
    return {name: frozenset(words.split()) for name, _, words in (line.partition(":") for line in lines)}
