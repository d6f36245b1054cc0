"""What a person tells: all that matching reads, and what an application or a case worker needs besides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from pydantic import TypeAdapter

from oim.features.matching import Profile


class Mobility(StrEnum):
    """How far somebody would go for an offer."""

    NEAR = "near"  # their own town
    REGION = "region"
    COUNTRY = "country"


class Level(StrEnum):
    """How well a language is spoken."""

    NATIVE = "native"
    GOOD = "good"
    SOME = "some"


@dataclass(frozen=True, slots=True)
class Job:
    """Work that was done; years are those of the calendar. No end: it goes on, or was not told."""

    title: str
    employer: str | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language (ISO 639-1, or 639-3 where there is none) and how well."""

    language: str
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Profile):
    """A profile in full. `text` is made of the rest: see `told`."""

    wish: str = ""  # what they look for, in their own words
    jobs: tuple[Job, ...] = ()
    diplomas: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[SpokenLanguage, ...] = ()
    mobility: Mobility | None = None


RECORD: TypeAdapter[Record] = TypeAdapter(Record)


def with_search_text(record: Record) -> Record:
    """The record with the text that offers are found by: the wish, then trades and skills. No employer."""
    parts = [record.wish, *(job.title for job in record.jobs), *record.skills]
    return replace(record, text=". ".join(dict.fromkeys(part.strip() for part in parts if part.strip())))
