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


FEW = 2  # words of a heading in English that may be anything
LONG = 12  # letters from which one word may be two
LONGEST = 60  # characters of a heading
_LASTING = (Section.EXPERIENCE, Section.EDUCATION)  # a label of theirs heads the lines below it too
_WHERE_ALONE = {  # what fillers say where there is no key
    "history": (Section.EXPERIENCE,),
    "historique": (Section.EXPERIENCE,),
    "information": (Section.PRIVATE,),
    "informations": (Section.PRIVATE,),
    "details": (Section.PRIVATE,),
}
_AND = frozenset({"et", "and", "&", "/"})
_NUMBERED = re.compile(r"^(?:[ivx]{1,4}|\d{1,2}|[a-h])\s*[-.)/:]\s*")
_TOKEN = re.compile(r"[a-z]+|&|/")
_LABEL = re.compile(r"(?P<label>[^:\t\d]{3,40}?)(?:\s*:\s*|\t)(?P<rest>\S.*)")
_CAPITALS_FIRST = re.compile(r"^(?:[A-Z]{5,}\s){1,3}(?=\S)")
_CAPITALS_LAST = re.compile(r"(?:(?<=\s)[A-Z]{5,}\s?){1,3}:?$")


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and the sections it may stand in: several where columns were read across."""

    line: Line
    sections: frozenset[Section]

    def only(self, section: Section) -> bool:
        """Whether it surely stands there."""
        return self.sections == {section}


def placed(lines: Iterable[Line]) -> Iterator[Placed]:
    """Every line but headings, and where it stands."""
    here: tuple[Section, ...] = ()
    across = False  # columns are read as if they were one
    headed = False
    for line in lines:
        headed, after = False, headed
        if after and _is_known_only(line.text):
            continue  # the rest of a heading of two lines
        if found := heading(line.text):
            headed = True
            across |= len(found) > 1 and not _AND.intersection(_tokens(line.text))
            here = (*here[-1:], *found)[-2:] if across else found
            continue
        label, rest = _labelled(line)
        if label:
            yield Placed(rest, frozenset(label))
            here = label if line.text.isupper() or label[0] in _LASTING else here
            continue
        if found := _beside(line.text):
            across, here = True, (*here[-1:], *found)[-2:]
        yield Placed(line, frozenset(here))


def _labelled(line: Line) -> tuple[tuple[Section, ...], Line]:
    """`Languages: French, English`: the sections of the label, and what follows it."""
    found = _LABEL.fullmatch(line.text)
    label = heading(found["label"]) if found else ()
    return label, Line(found["rest"], line.bullet) if found and label else line


def _beside(text: str) -> tuple[Section, ...]:
    """The sections of a heading in capitals at either end of a line of another column."""
    if text.isupper():
        return ()
    return tuple(
        section for run in (_CAPITALS_FIRST, _CAPITALS_LAST) for section in _headed(run.search(text))
    )


def _headed(run: re.Match[str] | None) -> tuple[Section, ...]:
    return heading(run[0]) if run else ()


def heading(text: str) -> tuple[Section, ...]:
    """The sections that a line opens: none where it is no heading, several where it heads several columns."""
    if len(text) > LONGEST or text.endswith((",", ".", ";")) or re.search(r"\d{4}", text):
        return ()
    words = [part for word in _tokens(text) for part in _split(word)]
    unknown = [word for word in words if not _is_known(word)]
    if not words or (unknown and not (len(unknown) <= FEW and _is_titled(text, words[-1]))):
        return ()
    return _told(words)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(_NUMBERED.sub("", fold(text)))


def _split(word: str) -> tuple[str, ...]:
    """`professionalexperience`: two words whose letters stood apart, and which then lost their space."""
    if len(word) < LONG or _is_known(word):
        return (word,)
    cuts = range(3, len(word) - 3)
    halves = ((word[:cut], word[cut:]) for cut in cuts)
    return next((both for both in halves if all(map(_is_known, both))), (word,))


def _is_known_only(text: str) -> bool:
    words = _tokens(text)
    return bool(words) and not heading(text) and not re.search(r"\d", text) and all(map(_is_known, words))


def _is_known(word: str) -> bool:
    return word in _keys() or word in _AND or word in _words()["filler"]


def _is_titled(text: str, last: str) -> bool:
    """`Web Dev Positions`: a few words in capitals, the last of them a plural that heads sections."""
    told = text.strip(": ").split()
    plural = last in _words()["plural"]
    return plural and len(told) <= FEW + 1 and all(word[0].isupper() for word in told)


def _told(words: Sequence[str]) -> tuple[Section, ...]:
    """What key words mean together."""
    keys = [_keys()[word] for word in words if word in _keys()]
    keys = [key for key in keys if key is not Section.OTHER] or keys
    if not keys:
        return next((sections for word, sections in _WHERE_ALONE.items() if word in words), ())
    if _words()["academic"].intersection(words):
        return (Section.EDUCATION,)
    if Section.LANGUAGES in keys and _words()["computing"].intersection(words):
        return (Section.SKILLS,)
    if {Section.LANGUAGES, Section.SKILLS} <= set(keys):  # "compétences linguistiques"
        return (Section.LANGUAGES,)
    return tuple(dict.fromkeys(keys))


@cache
def _keys() -> dict[str, Section]:
    return {word: section for section in Section for word in _words()[section]}


@cache
def _words() -> dict[str, frozenset[str]]:
    """Words by what they tell: a section, or something of the words beside them."""
    lines = (resources.files("oim.features.cv.extraction") / "headings.txt").read_text("utf-8").splitlines()
    return {name: frozenset(words.split()) for name, _, words in (line.partition(":") for line in lines)}
