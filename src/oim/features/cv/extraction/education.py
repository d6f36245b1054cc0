"""Extraction of diplomas and courses with their years and levels.

Levels are those of ISCED 2011, 0 to 8. The diplomas that offers name too are known to
`ingestion.parse_education_level`; the patterns here add what only CVs write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from oim.features.cv.extraction.dates import Span, find_spans, split_around
from oim.features.cv.extraction.job_titles import score_job_title
from oim.features.cv.extraction.sections import PlacedLine, Section
from oim.features.cv.types import Diploma, Doubt
from oim.features.ingestion import parse_education_level
from oim.kit.text import fold

MAX_DIPLOMAS = 20
MAX_DIPLOMA_LENGTH = 120  # characters
# Patterns in small letters without accents are matched against folded text.
_SCHOOLING_WORD = re.compile(
    r"(?<![a-z])(?:universit\w*|colleges?|lycees?|ecole|schools?|institut\w*|academ\w*|facult\w*|"
    r"polytechnic\w*|bachelor\w*|masters?|licence|bts|hnd|dut|dqp|cqp|cap|bepc|baccalaureat\w*|bac|"
    r"probatoire|gce|diplom\w*|degrees?|students?|etudiante?s?|courses?|certificat\w*|graduated?|m\.?sc|"
    r"b\.?sc|ph\.?d|mba)(?![a-z])"
)
# "BTS | Institut Siantou": columns become parts of one text, separated by commas.
_COLUMN_SEPARATOR = re.compile(r"\s*(?:\||\t)[\s,]*")
_EDGE_SIGNS = " -–—:;,.|/•*"
# Where no section of a CV is about education, only what cannot be anything else counts.
_UNMISTAKABLE_DIPLOMA = re.compile(
    r"(?<![a-z])(?:bachelor(?:'?s)?(?: degree)?|master(?:'?s)? degree|master (?:of|in|en)|licence (?:en|de|"
    r"pro)|"
    r"baccalaureat|bac ?\+ ?\d|bts|hnd|dut|bepc|probatoire|doctorat|mba|gce (?:a|o|advanced|ordinary)\w*|"
    r"fslc)"
    r"(?![a-z])|[bm]\.?a\.? in |[bm]\.?sc\.?"
)
# Short forms are words of other meanings too ("ma", "bs"), so capitals and full stops decide.
_ABBREVIATION_LEVELS = tuple(
    (re.compile(rf"(?<![\w.])(?:{forms})(?![\w+#])"), level)
    for forms, level in (
        (r"Ph\.? ?D|PHD|D\.?B\.?A|D\.?Sc", 8),
        (r"M\.? ?A|M\.? ?[Ss]c|M\.? ?S|M\.?Tech|M\.?Eng|MBA|LL\.?M|M\.?Phil|M\.?Ed", 7),
        (r"B\.? ?A|B\.? ?[Ss]c|B\.?S|B\.?Tech|B\.?Eng|BBA|LL\.?B|B\.?Ed|DIPET|DIPES", 6),
        (r"CAPIEMP|BEP", 3),
    )
)
_PHRASE_LEVELS = tuple(
    (re.compile(rf"(?<![a-z])(?:{words})(?![a-z])"), level)
    for words, level in (
        (r"docteur en|doctoral|doctorate|these de doctorat", 8),
        (r"dipes ?(?:ii|2)|dipet ?(?:ii|2)|diplome d'ingenieur|postgraduate|magister|maitrise", 7),
        (r"bachelor\w*|graduate degree|degree in|licenciee? en", 6),
        (r"(?:brevet de )?technicien superieur|higher (?:national )?diploma|higher technician", 5),
        (r"diplome d'etat d'infirmi\w+|infirmi\w+ diplomee? d'etat", 5),
        (r"capacite en droit|grade (?:one|two|1|2|i{1,2}) certificate|teacher'?s? grade", 4),
        (r"matriculation|secondary (?:school )?(?:certificate|diploma)|senior secondary", 3),
        (r"junior secondary|brevet d'etudes du premier cycle", 2),
    )
)
# What sounds like a diploma and is none: "Scrum Master", "licence B" (driving), "cap sur".
_NOT_A_DIPLOMA = re.compile(
    r"(?i)scrum ?masters?|master ?(?:data|class|plan|card|piece)s?|quarter ?masters?|driving licen[cs]es?|"
    r"licen[cs]e (?:key|b\b)|permis\b|licences? de (?:conduire|logiciel)s?|software licen[cs]es?|cap sur|"
    r"primary (?:language|key)s?"
)
# "niveau BEPC", "Master (en cours)", "Licence 2", "2e année": reached or begun, not obtained.
_UNFINISHED = re.compile(
    r"(?<![a-z])(?:niveau(?! (?:d'etudes?|scolaire))|level of|en cours|ongoing|in progress|unfinished|"
    r"incomplete|not (?:completed|finished)|inacheve\w*|no diploma|non obtenue?|sans obtention|abandon\w*|"
    r"candidate? (?:a|au|for)|expected|(?:licence|master|bts|dut) ?(?:1|i)(?![a-z0-9])|licence 2|[lm] ?1|"
    r"l ?2|"
    r"(?:1|2|premiere|deuxieme|first|second|third|last)[a-z]* (?:annee|year)|year student|annee de licence|"
    r"current(?:ly)?|etudiante?|students?)(?![a-z])"
)
_OBTAINED = re.compile(r"(?<![a-z])(?<!non )(?:obtenue?s?|obtained|graduated)(?![a-z])")


@dataclass(frozen=True, slots=True)
class ExtractedDiploma:
    """A diploma or course, and what is unsure about it."""

    diploma: Diploma
    doubt: Doubt | None


@dataclass(frozen=True, slots=True)
class _EducationLine:
    """A line about a diploma or course, parsed."""

    words: str
    level: int | None
    span: Span | None
    is_obtained: bool
    doubt: Doubt | None = None

    @property
    def year(self) -> int | None:
        """The year in which it ended."""
        return self.span.end.year if self.span and self.span.end else None


def mentions_schooling(words: str) -> bool:
    """Whether a text mentions a school, a diploma or a student."""
    return bool(_SCHOOLING_WORD.search(fold(words)))


def extract_diplomas(lines: Sequence[PlacedLine], this_year: int) -> tuple[ExtractedDiploma, ...]:
    """Extract the diplomas and courses of a CV, in its order. Only those obtained get a level."""
    entries = list(_join_adjacent(_read_section(lines, this_year)))
    if all(entry.level is None for entry in entries):
        entries += _read_unmistakable(lines, this_year)
    unique = {(fold(entry.words), entry.year): entry for entry in entries if entry.words}
    return tuple(
        ExtractedDiploma(
            Diploma(entry.words, entry.year, entry.level if entry.is_obtained else None), entry.doubt
        )
        for entry in list(unique.values())[:MAX_DIPLOMAS]
    )


def highest_level(diplomas: Iterable[Diploma]) -> int | None:
    """The highest level of diplomas that were obtained; None where no level is known."""
    return max((diploma.level for diploma in diplomas if diploma.level is not None), default=None)


def _read_section(lines: Sequence[PlacedLine], this_year: int) -> Iterator[_EducationLine]:
    """Yield what the lines of the section on education say of diplomas and courses."""
    for line in lines:
        if Section.EDUCATION not in line.sections or not line.line.text:
            continue
        entry = _parse_line(line, this_year)
        # A line with dates is a course even if we know none of its words, unless these name a job.
        is_dated = (
            entry.span is not None and line.is_only_in(Section.EDUCATION) and not score_job_title(entry.words)
        )
        if entry.level is not None or is_dated or (entry.span and mentions_schooling(entry.words)):
            yield entry


def _parse_line(line: PlacedLine, this_year: int) -> _EducationLine:
    """Parse a line into words without dates, level, span, and whether the diploma was obtained."""
    text, folded_text = line.line.text, line.line.folded_text
    spans = find_spans(folded_text, this_year)
    span = next((span for span in spans if not span.is_single_date), spans[0] if spans else None)
    undated_text = " ".join(split_around(text, folded_text, span)) if span else text
    words = " ".join(_COLUMN_SEPARATOR.sub(", ", undated_text).split()).strip(_EDGE_SIGNS)
    return _EducationLine(
        words[:MAX_DIPLOMA_LENGTH],
        detect_level(undated_text),
        span,
        # What still lasts is not obtained, whatever its words.
        is_obtained(undated_text) and not (span and span.end is None),
        Doubt.COLUMNS if len(line.sections) > 1 else None,
    )


def _join_adjacent(entries: Iterable[_EducationLine]) -> Iterator[_EducationLine]:
    """Merge a diploma in one line with its dates in the next line, or in the one before."""
    pending: _EducationLine | None = None
    for entry in entries:
        if pending is None:
            pending = entry
        # The diploma, then its dates.
        elif pending.span is None and entry.span is not None and entry.level is None:
            yield _with_dates(pending, entry)
            pending = None
        # Dates, then the diploma.
        elif pending.level is None and entry.level is not None and entry.span is None:
            yield _with_dates(entry, pending)
            pending = None
        else:
            yield pending
            pending = entry
    if pending is not None:
        yield pending


def _with_dates(diploma: _EducationLine, dates: _EducationLine) -> _EducationLine:
    """Give a diploma the dates of another line, which may be those of something else."""
    return replace(
        diploma,
        span=dates.span,
        is_obtained=diploma.is_obtained and dates.is_obtained,
        doubt=diploma.doubt or (Doubt.YEAR if dates.words else None),
    )


def _read_unmistakable(lines: Sequence[PlacedLine], this_year: int) -> Iterator[_EducationLine]:
    """Yield lines of any section but private ones that name a diploma beyond doubt."""
    for line in lines:
        if Section.PRIVATE not in line.sections and _UNMISTAKABLE_DIPLOMA.search(line.line.folded_text):
            entry = _parse_line(line, this_year)
            if entry.level is not None:
                yield entry


def detect_level(words: str) -> int | None:
    """Detect the ISCED 2011 level of the highest diploma that words name, whether obtained or not."""
    cleaned = _NOT_A_DIPLOMA.sub(" ", words)
    folded_text = fold(cleaned)
    levels = [level for pattern, level in _ABBREVIATION_LEVELS if pattern.search(cleaned)]
    levels += [level for pattern, level in _PHRASE_LEVELS if pattern.search(folded_text)]
    # Ingestion takes a bare digit for a level itself; in a CV it is no more than a number.
    known_level = None if folded_text.isdigit() else parse_education_level(folded_text)
    return max(levels if known_level is None else [*levels, known_level], default=None)


def is_obtained(words: str) -> bool:
    """Whether words name a diploma without saying that it was not obtained, or not yet."""
    folded_text = fold(words)
    return bool(_OBTAINED.search(folded_text)) or not _UNFINISHED.search(folded_text)
