"""Schooling: diplomas and courses with their years, and the highest level that is held."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from oim.features.cv.extraction.dates import Span, find_spans, split_around
from oim.features.cv.extraction.job_titles import score_job_title
from oim.features.cv.extraction.sections import PlacedLine, Section
from oim.features.cv.types import Diploma
from oim.features.ingestion import parse_education_level
from oim.kit.text import fold

MAX_DIPLOMAS = 20
MAX_DIPLOMA_LENGTH = 120  # characters
_SCHOOLING_WORD = re.compile(
    r"(?<![a-z])(?:universit\w*|colleges?|lycees?|ecole|schools?|institut\w*|academ\w*|facult\w*|"
    r"polytechnic\w*|bachelor\w*|masters?|licence|bts|hnd|dut|dqp|cqp|cap|bepc|baccalaureat\w*|bac|"
    r"probatoire|gce|diplom\w*|degrees?|students?|etudiante?s?|courses?|certificat\w*|graduated?|m\.?sc|"
    r"b\.?sc|ph\.?d|mba)(?![a-z])"
)
_COLUMN_SEPARATOR = re.compile(r"\s*(?:\||\t)[\s,]*")
_EDGE_SIGNS = " -–—:;,.|/•*"
# Where no part of a CV tells schooling, only what cannot be anything else counts.
_UNMISTAKABLE_DIPLOMA = re.compile(
    r"(?<![a-z])(?:bachelor(?:'?s)?(?: degree)?|master(?:'?s)? degree|master (?:of|in|en)|licence (?:en|de|"
    r"pro)|"
    r"baccalaureat|bac ?\+ ?\d|bts|hnd|dut|bepc|probatoire|doctorat|mba|gce (?:a|o|advanced|ordinary)\w*|"
    r"fslc)"
    r"(?![a-z])|[bm]\.?a\.? in |[bm]\.?sc\.?"
)
# Short forms are words of other meanings too ("ma", "bs"), so capitals and full stops tell.
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
_NOT_A_DIPLOMA = re.compile(  # what sounds like a diploma and is none
    r"(?i)scrum ?masters?|master ?(?:data|class|plan|card|piece)s?|quarter ?masters?|driving licen[cs]es?|"
    r"licen[cs]e (?:key|b\b)|permis\b|licences? de (?:conduire|logiciel)s?|software licen[cs]es?|cap sur|"
    r"primary (?:language|key)s?"
)
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
class _EducationLine:
    """What a line of schooling says."""

    words: str
    level: int | None
    span: Span | None
    is_obtained: bool

    @property
    def year(self) -> int | None:
        return self.span.end.year if self.span and self.span.end else None


def mentions_schooling(words: str) -> bool:
    """Whether words speak of schooling."""
    return bool(_SCHOOLING_WORD.search(fold(words)))


def extract_diplomas(lines: Sequence[PlacedLine], this_year: int) -> tuple[Diploma, ...]:
    """The diplomas and courses of a CV, in its order. A level is given to what is held."""
    told = list(_join_adjacent(_read_section(lines, this_year)))
    if all(one.level is None for one in told):
        told += _read_unmistakable(lines, this_year)
    unique = {(fold(one.words), one.year): one for one in told if one.words}
    return tuple(
        Diploma(one.words, one.year, one.level if one.is_obtained else None)
        for one in list(unique.values())[:MAX_DIPLOMAS]
    )


def highest_level(diplomas: Iterable[Diploma]) -> int | None:
    """The highest ISCED 2011 level held."""
    return max((one.level for one in diplomas if one.level is not None), default=None)


def _read_section(lines: Sequence[PlacedLine], this_year: int) -> Iterator[_EducationLine]:
    for line in lines:
        if Section.EDUCATION not in line.sections or not line.line.text:
            continue
        told = _parse_line(line, this_year)
        dated = (
            told.span is not None and line.is_only_in(Section.EDUCATION) and not score_job_title(told.words)
        )
        if told.level is not None or dated or (told.span and mentions_schooling(told.words)):
            yield told


def _parse_line(line: PlacedLine, this_year: int) -> _EducationLine:
    text, flat = line.line.text, line.line.folded_text
    found = find_spans(flat, this_year)
    span = next((one for one in found if not one.is_single_date), found[0] if found else None)
    said = " ".join(split_around(text, flat, span)) if span else text
    words = " ".join(_COLUMN_SEPARATOR.sub(", ", said).split()).strip(_EDGE_SIGNS)
    return _EducationLine(
        words[:MAX_DIPLOMA_LENGTH],
        detect_level(said),
        span,
        is_obtained(said) and not (span and span.end is None),
    )


def _join_adjacent(entries: Iterable[_EducationLine]) -> Iterator[_EducationLine]:
    """A diploma in one line and its dates in the next, or the one before, are one."""
    waiting: _EducationLine | None = None
    for one in entries:
        if waiting is None:
            waiting = one
        elif waiting.span is None and one.span is not None and one.level is None:
            yield replace(waiting, span=one.span, is_obtained=waiting.is_obtained and one.is_obtained)
            waiting = None
        elif waiting.level is None and one.level is not None and one.span is None:
            yield replace(one, span=waiting.span, is_obtained=waiting.is_obtained and one.is_obtained)
            waiting = None
        else:
            yield waiting
            waiting = one
    if waiting is not None:
        yield waiting


def _read_unmistakable(lines: Sequence[PlacedLine], this_year: int) -> Iterator[_EducationLine]:
    for line in lines:
        if Section.PRIVATE not in line.sections and _UNMISTAKABLE_DIPLOMA.search(line.line.folded_text):
            told = _parse_line(line, this_year)
            if told.level is not None:
                yield told


def detect_level(words: str) -> int | None:
    """The ISCED 2011 level of the highest diploma that words name, whether held or not."""
    told = _NOT_A_DIPLOMA.sub(" ", words)
    said = fold(told)
    found = [value for pattern, value in _ABBREVIATION_LEVELS if pattern.search(told)]
    found += [value for pattern, value in _PHRASE_LEVELS if pattern.search(said)]
    stated = None if said.isdigit() else parse_education_level(said)
    return max(found if stated is None else [*found, stated], default=None)


def is_obtained(words: str) -> bool:
    """Whether words name a diploma without saying that it is not held, or not yet."""
    said = fold(words)
    return bool(_OBTAINED.search(said)) or not _UNFINISHED.search(said)
