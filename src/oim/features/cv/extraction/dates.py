"""Dates and spans in French and English: `janv. 2015 - mars 2018`, `depuis 2019`, `03/2015 à ce jour`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oim.features.profile import MAX_YEARS_AHEAD

MIN_YEAR = 1950  # no earlier year is one of work or school

_MONTH_NAMES = (
    "janvier|janv|january|jan",
    "fevrier|fevr|february|fev|feb",
    "mars|march|mar",
    "avril|avr|april|apr",
    "mai|may",
    "juin|june|jun",
    "juillet|juil|july|jul",
    "aout|august|aug",
    "septembre|september|sept|sep",
    "octobre|october|oct",
    "novembre|november|nov",
    "decembre|december|dec",
)
_MONTHS = {name: place for place, names in enumerate(_MONTH_NAMES, 1) for name in names.split("|")}
_MONTH = rf"(?<![a-z])(?:{'|'.join(_MONTH_NAMES)})(?![a-z])"
_YEAR = r"(?<!\d)(?:19[5-9]\d|20[0-4]\d)(?!\d)"
_MONTH_YEAR_SEPARATOR = r"\.?(?:[\s,']{0,2}|[-/])"
_PRESENT = (
    r"(?<![a-z])(?:(?:jusqu'?a |a )?(?:ce jour|nos jours|aujourd'?hui|maintenant)|actuel(?:le(?:ment)?)?|"
    r"en cours|(?:jusqu'?a |a |the )?present(?: (?:day|time))?|(?:up ?to |to |till |until )?(?:now|today|"
    r"date)|"
    r"current(?:ly)?(?: working)?|ongoing)(?![a-z])|\.{3}|…|-{3}"
)
_DATE = re.compile(
    rf"(?P<year>{_YEAR})[/-](?P<short>\d\d)(?![\d/.-])"
    rf"|(?:(?<!\d)\d{{1,2}}(?:er|st|nd|rd|th)? )?(?P<month>{_MONTH}){_MONTH_YEAR_SEPARATOR}(?P<its>{_YEAR})"
    rf"|(?<!\d)(?:\d{{1,2}}[/.-])?(?P<number>\d{{1,2}}) ?[/.-] ?(?P<numbers>{_YEAR})"
    rf"|(?P<first>{_YEAR})[\s,]{{1,2}}(?P<second>{_MONTH})(?!{_MONTH_YEAR_SEPARATOR}{_YEAR})"
    rf"|(?P<bare>{_YEAR})|(?P<named>{_MONTH})\.?|(?P<now>{_PRESENT})"
)
_SPAN_SEPARATOR = re.compile(
    r"\s*(?:[-–—−~>/|]{1,3}|to|until|till|through|au?|jusqu'? ?(?:a|au|en)|et|and)?\s*(?:le |the |du |d')?"
)
_DATE_PREFIX = re.compile(
    r"(?P<since>(?<![a-z])(?:depuis|since|a partir d[eu]|a compter d[eu]|des)\s+(?:le |l'annee |l'an |the )?"
    r"(?:mois d[e'] ?)?)?(?:(?<![a-z])(?:du|de|d'|from|entre|between|en|in|annee|l'annee)\s*:?\s*)?[(\[]?$"
)
_DATE_SUFFIX = re.compile(
    r"\s*[)\]]?(?:\s*\(\s*\d+ (?:ans?|years?|mois|months?|semaines?|weeks?)[^()]{0,20}\))?\s*[:.)\]]*"
)
_STARTS_WITH_PRESENT = re.compile(rf"\W*{_PRESENT}")
_DURATION_UNIT = r"\d+ (?:ans?|years?|mois|months?|yrs?)"
# Each turn begins after a separator, so that no text can be read in many ways: strangers send it.
_DURATION = re.compile(rf"\(\s*{_DURATION_UNIT}(?:[\s,]+(?:(?:et|and)\s+)?{_DURATION_UNIT})*[\s,]*\)")


@dataclass(frozen=True, slots=True)
class YearMonth:
    """A month, or a year whose month is not told."""

    year: int
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when, and which letters of the line say so. `end` None: it lasts."""

    start: YearMonth
    end: YearMonth | None
    start_offset: int
    end_offset: int
    is_single_date: bool = False  # one date: it may be a beginning, an end, or all of it


@dataclass(frozen=True, slots=True)
class _DatePoint:
    year: int | None
    month: int | None
    start_offset: int
    end_offset: int
    end_year: int | None = None  # of a school year: `2015-16`
    is_present: bool = False


def find_spans(folded_text: str, this_year: int) -> list[Span]:
    """The spans in a line of small letters without accents, in their order."""
    return list(
        _pair_points(
            folded_text, [point for point in _find_points(folded_text) if _is_plausible(point, this_year)]
        )
    )


def split_around(text: str, folded_text: str, span: Span) -> tuple[str, str]:
    """What stands before and after a span, without the words that only introduce it."""
    before = _DATE_PREFIX.search(folded_text[: span.start_offset])
    after = _DATE_SUFFIX.match(folded_text, span.end_offset)
    start = before.start() if before else span.start_offset
    return text[:start], _DURATION.sub("", text[after.end() if after else span.end_offset :])


def starts_with_present(folded_text: str) -> bool:
    """Whether a line begins by saying that something lasts."""
    return bool(_STARTS_WITH_PRESENT.match(folded_text))


def _find_points(folded_text: str) -> Iterator[_DatePoint]:
    for found in _DATE.finditer(folded_text):
        at, to = found.span()
        if found["year"]:
            yield _parse_year_pair(found, at, to)
            continue
        month = found["month"] or found["second"] or found["named"]
        number = int(found["number"] or 0)
        year = found["its"] or found["numbers"] or found["first"] or found["bare"]
        told = _MONTHS[month] if month else number if 1 <= number <= 12 else None
        yield _DatePoint(int(year) if year else None, told, at, to, is_present=bool(found["now"]))


def _parse_year_pair(match: re.Match[str], start_offset: int, end_offset: int) -> _DatePoint:
    """`2015-16` is two years, `2015-03` a month."""
    year, short = int(match["year"]), int(match["short"])
    until = year - year % 100 + short
    if until == year + 1 or (short > 12 and until > year):
        return _DatePoint(year, None, start_offset, end_offset, end_year=until)
    return _DatePoint(year, short if 1 <= short <= 12 else None, start_offset, end_offset)


def _is_plausible(point: _DatePoint, this_year: int) -> bool:
    return all(
        year is None or MIN_YEAR <= year <= this_year + MAX_YEARS_AHEAD
        for year in (point.year, point.end_year)
    )


def _pair_points(folded_text: str, points: list[_DatePoint]) -> Iterator[Span]:
    place = 0
    while place < len(points):
        one = points[place]
        other = points[place + 1] if place + 1 < len(points) else None
        joined = (
            other is not None
            and _SPAN_SEPARATOR.fullmatch(folded_text, one.end_offset, other.start_offset) is not None
        )
        found = _join_points(one, other) if joined and other else None
        place += 2 if found else 1
        if found is None and one.year is not None:
            found = _span_of_one_point(one, folded_text)
        if found is not None:
            yield found


def _join_points(first: _DatePoint, second: _DatePoint) -> Span | None:
    """`2015 - 2018`, `mars 2015 - présent`, `juillet - septembre 2015`, `oct. 2018 - janvier`."""
    if first.is_present or first.end_year or (first.year is None and first.month is None):
        return None
    if second.is_present:
        return (
            Span(YearMonth(first.year, first.month), None, first.start_offset, second.end_offset)
            if first.year
            else None
        )
    turns = (second.month or 0) < (first.month or 0)  # of a year told once: `octobre - janvier 2016`
    start = first.year or (second.year - turns if second.year else None)
    if start is None:
        return None
    end = second.year or start + turns
    if end < start:
        return None
    return Span(
        YearMonth(start, first.month),
        YearMonth(second.end_year or end, second.month),
        first.start_offset,
        second.end_offset,
    )


def _span_of_one_point(point: _DatePoint, folded_text: str) -> Span | None:
    start = YearMonth(point.year or 0, point.month)
    if point.end_year:
        return Span(start, YearMonth(point.end_year), point.start_offset, point.end_offset)
    before = _DATE_PREFIX.search(folded_text[: point.start_offset])
    if before and before["since"]:
        return Span(start, None, point.start_offset, point.end_offset)
    return Span(start, start, point.start_offset, point.end_offset, is_single_date=True)
