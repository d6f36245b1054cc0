"""Plain values of CVs: the text of a file, what is proposed of it, the document that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Text:
    """The lines of a file. `scanned`: they were read in pictures, so letters may be wrong."""

    media_type: str
    scanned: bool
    lines: tuple[str, ...]


class Level(StrEnum):
    """How well a language is known: of the CEFR, or as one's own."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"
    NATIVE = "native"


@dataclass(frozen=True, slots=True)
class Job:
    """A job: calendar years, ISCO-08 unit groups that its title surely names. `present`: it is still held."""

    title: str
    employer: str | None = None
    from_year: int | None = None
    to_year: int | None = None
    present: bool = False
    isco: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diploma:
    """A diploma or course as its holder words it; `level` is of ISCED 2011, 0 to 8."""

    words: str
    year: int | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its ISO 639 code."""

    code: str
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a CV seems to say, for its owner to confirm: newest job first, no name, address or date of birth.

    `education` is the highest ISCED 2011 level held; `experience_years` counts years of two jobs once.
    """

    jobs: tuple[Job, ...] = ()
    education: int | None = None
    diplomas: tuple[Diploma, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    experience_years: int | None = None
    scanned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A CV that is kept. `proposed`: something read in it waits for its owner's word."""

    id: UUID
    person: UUID
    file_name: str
    media_type: str
    size: int  # bytes
    proposed: bool
    settled_at: datetime | None
    created_at: datetime


PROPOSAL = TypeAdapter(Proposal)
TEXT = TypeAdapter(Text)
