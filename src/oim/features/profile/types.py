"""The record of a person's answers: what matching reads, and what applications and case workers need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from pydantic import TypeAdapter

from oim.features.matching import Profile


class Mobility(StrEnum):
    """How far a person would go for an offer."""

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
    """Work a person did, in calendar years. `until` is None while it goes on, or where it is not known."""

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
    """A profile in full. `text`, by which offers are found, is made of the rest by `with_search_text`."""

    wish: str = ""  # what they look for, in their own words
    town: str = ""  # as they wrote it, a quarter perhaps; the codes of `Profile` say where that is
    jobs: tuple[Job, ...] = ()
    diplomas: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[SpokenLanguage, ...] = ()
    mobility: Mobility | None = None


RECORD: TypeAdapter[Record] = TypeAdapter(Record)


def with_search_text(record: Record) -> Record:
    """The record with the text that offers are found by: the wish, then trades and skills."""
    # No employer: a company's name would find that company's offers, not the person's trade.
    parts = [record.wish, *(job.title for job in record.jobs), *record.skills]
    return replace(record, text=". ".join(dict.fromkeys(part.strip() for part in parts if part.strip())))
