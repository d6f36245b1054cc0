"""Dates and spans in French and English: `janv. 2015 - mars 2018`, `depuis 2019`, `03/2015 à ce jour`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oim.features.profile import AHEAD

FIRST = 1950  # no earlier year is one of work or school

_NAMES = (
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
_MONTHS = {name: place for place, names in enumerate(_NAMES, 1) for name in names.split("|")}
_MONTH = rf"(?<![a-z])(?:{'|'.join(_NAMES)})(?![a-z])"
_YEAR = r"(?<!\d)(?:19[5-9]\d|20[0-4]\d)(?!\d)"
_OF = r"\.?(?:[\s,']{0,2}|[-/])"
_NOW = (
    r"(?<![a-z])(?:(?:jusqu'?a |a )?(?:ce jour|nos jours|aujourd'?hui|maintenant)|actuel(?:le(?:ment)?)?|"
    r"en cours|(?:jusqu'?a |a |the )?present(?: (?:day|time))?|(?:up ?to |to |till |until )?(?:now|today|"
    r"date)|"
    r"current(?:ly)?(?: working)?|ongoing)(?![a-z])|\.{3}|…|-{3}"
)
_POINT = re.compile(
    rf"(?P<year>{_YEAR})[/-](?P<short>\d\d)(?![\d/.-])"
    rf"|(?:(?<!\d)\d{{1,2}}(?:er|st|nd|rd|th)? )?(?P<month>{_MONTH}){_OF}(?P<its>{_YEAR})"
    rf"|(?<!\d)(?:\d{{1,2}}[/.-])?(?P<number>\d{{1,2}}) ?[/.-] ?(?P<numbers>{_YEAR})"
    rf"|(?P<first>{_YEAR})[\s,]{{1,2}}(?P<second>{_MONTH})(?!{_OF}{_YEAR})"
    rf"|(?P<bare>{_YEAR})|(?P<named>{_MONTH})\.?|(?P<now>{_NOW})"
)
_JOIN = re.compile(
    r"\s*(?:[-–—−~>/|]{1,3}|to|until|till|through|au?|jusqu'? ?(?:a|au|en)|et|and)?\s*(?:le |the |du |d')?"
)
_BEFORE = re.compile(
    r"(?P<since>(?<![a-z])(?:depuis|since|a partir d[eu]|a compter d[eu]|des)\s+(?:le |l'annee |l'an |the )?"
    r"(?:mois d[e'] ?)?)?(?:(?<![a-z])(?:du|de|d'|from|entre|between|en|in|annee|l'annee)\s*:?\s*)?[(\[]?$"
)
_AFTER = re.compile(
    r"\s*[)\]]?(?:\s*\(\s*\d+ (?:ans?|years?|mois|months?|semaines?|weeks?)[^()]{0,20}\))?\s*[:.)\]]*"
)
_GOES_ON = re.compile(rf"\W*{_NOW}")
_UNIT = r"\d+ (?:ans?|years?|mois|months?|yrs?)"
# Each turn begins after a separator, so that no text can be read in many ways: strangers send it.
_DURATION = re.compile(rf"\(\s*{_UNIT}(?:[\s,]+(?:(?:et|and)\s+)?{_UNIT})*[\s,]*\)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A month, or a year whose month is not told."""

    year: int
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when, and which letters of the line say so. `end` None: it lasts."""

    start: Moment
    end: Moment | None
    at: int
    to: int
    lone: bool = False  # one date: it may be a beginning, an end, or all of it


@dataclass(frozen=True, slots=True)
class _Point:
    year: int | None
    month: int | None
    at: int
    to: int
    until: int | None = None  # of a school year: `2015-16`
    now: bool = False


def spans(flat: str, this_year: int) -> list[Span]:
    """The spans in a line of small letters without accents, in their order."""
    return list(_spans(flat, [point for point in _points(flat) if _sane(point, this_year)]))


def without(text: str, flat: str, span: Span) -> tuple[str, str]:
    """What stands before and after a span, without the words that only introduce it."""
    before = _BEFORE.search(flat[: span.at])
    after = _AFTER.match(flat, span.to)
    start = before.start() if before else span.at
    return text[:start], _DURATION.sub("", text[after.end() if after else span.to :])


def goes_on(flat: str) -> bool:
    """Whether a line begins by saying that something lasts."""
    return bool(_GOES_ON.match(flat))


def _points(flat: str) -> Iterator[_Point]:
    for found in _POINT.finditer(flat):
        at, to = found.span()
        if found["year"]:
            yield _school_year(found, at, to)
            continue
        month = found["month"] or found["second"] or found["named"]
        number = int(found["number"] or 0)
        year = found["its"] or found["numbers"] or found["first"] or found["bare"]
        told = _MONTHS[month] if month else number if 1 <= number <= 12 else None
        yield _Point(int(year) if year else None, told, at, to, now=bool(found["now"]))


def _school_year(found: re.Match[str], at: int, to: int) -> _Point:
    """`2015-16` is two years, `2015-03` a month."""
    year, short = int(found["year"]), int(found["short"])
    until = year - year % 100 + short
    if until == year + 1 or (short > 12 and until > year):
        return _Point(year, None, at, to, until=until)
    return _Point(year, short if 1 <= short <= 12 else None, at, to)


def _sane(point: _Point, this_year: int) -> bool:
    return all(year is None or FIRST <= year <= this_year + AHEAD for year in (point.year, point.until))


def _spans(flat: str, points: list[_Point]) -> Iterator[Span]:
    place = 0
    while place < len(points):
        one = points[place]
        other = points[place + 1] if place + 1 < len(points) else None
        joined = other is not None and _JOIN.fullmatch(flat, one.to, other.at) is not None
        found = _joined(one, other) if joined and other else None
        place += 2 if found else 1
        if found is None and one.year is not None:
            found = _alone(one, flat)
        if found is not None:
            yield found


def _joined(one: _Point, other: _Point) -> Span | None:
    """`2015 - 2018`, `mars 2015 - présent`, `juillet - septembre 2015`, `oct. 2018 - janvier`."""
    if one.now or one.until or (one.year is None and one.month is None):
        return None
    if other.now:
        return Span(Moment(one.year, one.month), None, one.at, other.to) if one.year else None
    turns = (other.month or 0) < (one.month or 0)  # of a year told once: `octobre - janvier 2016`
    start = one.year or (other.year - turns if other.year else None)
    if start is None:
        return None
    end = other.year or start + turns
    if end < start:
        return None
    return Span(Moment(start, one.month), Moment(other.until or end, other.month), one.at, other.to)


def _alone(one: _Point, flat: str) -> Span | None:
    start = Moment(one.year or 0, one.month)
    if one.until:
        return Span(start, Moment(one.until), one.at, one.to)
    before = _BEFORE.search(flat[: one.at])
    if before and before["since"]:
        return Span(start, None, one.at, one.to)
    return Span(start, start, one.at, one.to, lone=True)
