"""Dates and spans in French and English: `janv. 2015 - mars 2018`, `depuis 2019`, `03/2015 à ce jour`.

Every pattern here is matched against folded text: small letters without accents, letter for letter, so that
an offset in it is one in the line as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oim.features.profile import MAX_YEARS_AHEAD

MIN_YEAR = 1950  # no earlier year is taken for one of work or school

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
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split("|")}
_MONTH = rf"(?<![a-z])(?:{'|'.join(_MONTH_NAMES)})(?![a-z])"
# 1950 to 2049, not part of a longer number.
_YEAR = r"(?<!\d)(?:19[5-9]\d|20[0-4]\d)(?!\d)"
# Between the name of a month and its year: "janv. 2015", "june, 2015", "mars/2015".
_MONTH_YEAR_SEPARATOR = r"\.?(?:[\s,']{0,2}|[-/])"
# That something lasts: "à ce jour", "jusqu'à présent", "actuellement", "till now", "to date", "2019 - ...".
_PRESENT = (
    r"(?<![a-z])(?:(?:jusqu'?a |a )?(?:ce jour|nos jours|aujourd'?hui|maintenant)|actuel(?:le(?:ment)?)?|"
    r"en cours|(?:jusqu'?a |a |the )?present(?: (?:day|time))?|(?:up ?to |to |till |until )?(?:now|today|"
    r"date)|"
    r"current(?:ly)?(?: working)?|ongoing)(?![a-z])|\.{3}|…|-{3}"
)
_DATE = re.compile(
    # "2015-16", "2015/03": two years of school, or a year and a month.
    rf"(?P<year>{_YEAR})[/-](?P<short>\d\d)(?![\d/.-])"
    # "mars 2015", "12 mars 2015", "1st june 2015".
    rf"|(?:(?<!\d)\d{{1,2}}(?:er|st|nd|rd|th)? )?(?P<month>{_MONTH}){_MONTH_YEAR_SEPARATOR}"
    rf"(?P<year_after_month>{_YEAR})"
    # "03/2015", "12.03.2015".
    rf"|(?<!\d)(?:\d{{1,2}}[/.-])?(?P<number>\d{{1,2}}) ?[/.-] ?(?P<year_after_number>{_YEAR})"
    # "2015 mars", unless the month belongs to the next date: "2015 mars 2018".
    rf"|(?P<year_before_month>{_YEAR})[\s,]{{1,2}}(?P<month_after_year>{_MONTH})"
    rf"(?!{_MONTH_YEAR_SEPARATOR}{_YEAR})"
    # "2015", "mars", "à ce jour".
    rf"|(?P<lone_year>{_YEAR})|(?P<lone_month>{_MONTH})\.?|(?P<now>{_PRESENT})"
)
# What may stand between the two dates of a span: " - ", " au ", " to ", "/", or only spaces.
_SPAN_SEPARATOR = re.compile(
    r"\s*(?:[-–—−~>/|]{1,3}|to|until|till|through|au?|jusqu'? ?(?:a|au|en)|et|and)?\s*(?:le |the |du |d')?"
)
# What introduces a date, up to its end: "depuis le ", "since ", "de ", "en : (". `since`: the date begins
# something that lasts.
_DATE_PREFIX = re.compile(
    r"(?P<since>(?<![a-z])(?:depuis|since|a partir d[eu]|a compter d[eu]|des)\s+(?:le |l'annee |l'an |the )?"
    r"(?:mois d[e'] ?)?)?(?:(?<![a-z])(?:du|de|d'|from|entre|between|en|in|annee|l'annee)\s*:?\s*)?[(\[]?$"
)
# What closes a date: ")", " (3 ans)", " :".
_DATE_SUFFIX = re.compile(
    r"\s*[)\]]?(?:\s*\(\s*\d+ (?:ans?|years?|mois|months?|semaines?|weeks?)[^()]{0,20}\))?\s*[:.)\]]*"
)
_STARTS_WITH_PRESENT = re.compile(rf"\W*{_PRESENT}")
# "(2 ans, 3 mois et 1 month)", anywhere after a date.
_DURATION_UNIT = r"\d+ (?:ans?|years?|mois|months?|yrs?)"
# Each repetition begins with a separator, so that a text can be matched in one way only: strangers send these
# texts, and a match that backtracks through many ways would take minutes.
_DURATION = re.compile(rf"\(\s*{_DURATION_UNIT}(?:[\s,]+(?:(?:et|and)\s+)?{_DURATION_UNIT})*[\s,]*\)")


@dataclass(frozen=True, slots=True)
class YearMonth:
    """A month of a year, or a year whose month is not stated."""

    year: int
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when, and where the line says so. `end` None: it still lasts."""

    start: YearMonth
    end: YearMonth | None
    start_offset: int
    end_offset: int
    is_single_date: bool = False  # one date: it may be a beginning, an end, or all of it


@dataclass(frozen=True, slots=True)
class _DatePoint:
    """One date in a line, before dates are paired to spans: any part of it may be missing."""

    year: int | None
    month: int | None
    start_offset: int
    end_offset: int
    end_year: int | None = None  # the second year of a school year: `2015-16`
    is_present: bool = False


def find_spans(folded_text: str, this_year: int) -> list[Span]:
    """Find the spans in a folded line, in their order; `this_year` excludes years too far ahead."""
    return list(
        _pair_points(
            folded_text, [point for point in _find_points(folded_text) if _is_plausible(point, this_year)]
        )
    )


def split_around(text: str, folded_text: str, span: Span) -> tuple[str, str]:
    """Split a line into what is before and after a span, without words that only introduce or close it."""
    before = _DATE_PREFIX.search(folded_text[: span.start_offset])
    after = _DATE_SUFFIX.match(folded_text, span.end_offset)
    start = before.start() if before else span.start_offset
    return text[:start], _DURATION.sub("", text[after.end() if after else span.end_offset :])


def starts_with_present(folded_text: str) -> bool:
    """Whether a folded line begins with words such as "à ce jour" or "present"."""
    return bool(_STARTS_WITH_PRESENT.match(folded_text))


def _find_points(folded_text: str) -> Iterator[_DatePoint]:
    """Yield every date in a folded line, complete or not, in order."""
    for match in _DATE.finditer(folded_text):
        start, end = match.span()
        if match["year"]:
            yield _parse_year_pair(match, start, end)
            continue
        name = match["month"] or match["month_after_year"] or match["lone_month"]
        number = int(match["number"] or 0)
        year = (
            match["year_after_month"]
            or match["year_after_number"]
            or match["year_before_month"]
            or match["lone_year"]
        )
        month = _MONTHS[name] if name else number if 1 <= number <= 12 else None
        yield _DatePoint(int(year) if year else None, month, start, end, is_present=bool(match["now"]))


def _parse_year_pair(match: re.Match[str], start_offset: int, end_offset: int) -> _DatePoint:
    """Parse `2015-16` as two years, `2015-03` as a month."""
    year, short = int(match["year"]), int(match["short"])
    end_year = year - year % 100 + short
    # `2011-12` could be December: the next year is far likelier in a CV.
    if end_year == year + 1 or (short > 12 and end_year > year):
        return _DatePoint(year, None, start_offset, end_offset, end_year=end_year)
    return _DatePoint(year, short if 1 <= short <= 12 else None, start_offset, end_offset)


def _is_plausible(point: _DatePoint, this_year: int) -> bool:
    """Whether the years of a date can be years of work or school."""
    return all(
        year is None or MIN_YEAR <= year <= this_year + MAX_YEARS_AHEAD
        for year in (point.year, point.end_year)
    )


def _pair_points(folded_text: str, points: list[_DatePoint]) -> Iterator[Span]:
    """Pair dates with nothing but a separator between them to spans; a date with a year may stand alone."""
    index = 0
    while index < len(points):
        point = points[index]
        following = points[index + 1] if index + 1 < len(points) else None
        is_joined = (
            following is not None
            and _SPAN_SEPARATOR.fullmatch(folded_text, point.end_offset, following.start_offset) is not None
        )
        span = _join_points(point, following) if is_joined and following else None
        index += 2 if span else 1
        if span is None and point.year is not None:
            span = _span_of_one_point(point, folded_text)
        if span is not None:
            yield span


def _join_points(first: _DatePoint, second: _DatePoint) -> Span | None:
    """Join two dates to a span, or None: they may share one year, and the second may be the present.

    `2015 - 2018`, `mars 2015 - présent`, `juillet - septembre 2015`, `oct. 2018 - janvier`.
    """
    if first.is_present or first.end_year or (first.year is None and first.month is None):
        return None
    if second.is_present:
        return (
            Span(YearMonth(first.year, first.month), None, first.start_offset, second.end_offset)
            if first.year
            else None
        )
    # Where one year is stated for both: `octobre - janvier 2016` begins in 2015.
    crosses_new_year = (second.month or 0) < (first.month or 0)
    start = first.year or (second.year - crosses_new_year if second.year else None)
    if start is None:
        return None
    end = second.year or start + crosses_new_year
    if end < start:
        return None
    return Span(
        YearMonth(start, first.month),
        YearMonth(second.end_year or end, second.month),
        first.start_offset,
        second.end_offset,
    )


def _span_of_one_point(point: _DatePoint, folded_text: str) -> Span | None:
    """Make a span of a date that has a year and stands alone: `2015-16`, `depuis 2019`, `en 2015`."""
    start = YearMonth(point.year or 0, point.month)
    if point.end_year:
        return Span(start, YearMonth(point.end_year), point.start_offset, point.end_offset)
    before = _DATE_PREFIX.search(folded_text[: point.start_offset])
    if before and before["since"]:
        return Span(start, None, point.start_offset, point.end_offset)
    return Span(start, start, point.start_offset, point.end_offset, is_single_date=True)
