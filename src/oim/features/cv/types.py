"""Value types of CVs: the text of a file, the proposal extracted from it, the stored document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Text:
    """The lines of text in a file. `scanned`: they come from OCR of images, so letters may be wrong."""

    media_type: str
    scanned: bool
    lines: tuple[str, ...]


class Level(StrEnum):
    """How well a person knows a language: a level of the CEFR, or native."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"
    NATIVE = "native"


@dataclass(frozen=True, slots=True)
class Job:
    """A job: its calendar years, and the ISCO-08 unit groups that its title clearly names.

    `present`: the person still works there, so `to_year` is None.
    """

    title: str
    employer: str | None = None
    from_year: int | None = None
    to_year: int | None = None
    present: bool = False
    isco: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diploma:
    """A diploma or course in its holder's words, with the year in which it ended.

    `level` is that of ISCED 2011, 0 to 8; None for a diploma that was not obtained, or of unknown level.
    """

    words: str
    year: int | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """A language, by its ISO 639 code, and how well the person knows it."""

    code: str
    level: Level | None = None


class Doubt(StrEnum):
    """Why something was read unsurely."""

    PICTURE = "picture"  # by OCR, and no word of it is one that we know
    COLUMNS = "columns"  # from lines in which two columns may be mixed
    UNKNOWN = "unknown"  # its words stand where a title would, and are none that we know
    YEAR = "year"  # its year stands in another line
    SUM = "sum"  # worked out from something that was read unsurely


@dataclass(frozen=True, slots=True)
class Unsure:
    """An item of a proposal that was read unsurely.

    `part`: the proposal's list, or `education` or `years`. `position`: in that list, 0 where it is none.
    """

    part: str
    position: int
    doubt: Doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What was extracted from a CV, for its owner to confirm. It holds no name, address or date of birth.

    Jobs are newest first. `education` is the highest ISCED 2011 level obtained. `experience_years` counts
    the time of two jobs at once only once. `scanned`: the text comes from OCR, so letters may be wrong.
    `unsure`: what its owner is to look at before it is believed.
    """

    jobs: tuple[Job, ...] = ()
    education: int | None = None
    diplomas: tuple[Diploma, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    experience_years: int | None = None
    scanned: bool = False
    unsure: tuple[Unsure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A stored CV. `proposed`: a proposal extracted from it still waits for its owner to settle it."""

    id: UUID
    person: UUID
    file_name: str
    media_type: str
    size: int  # bytes
    proposed: bool
    settled_at: datetime | None
    created_at: datetime


# JSON serialiser; a proposal waits for its owner in the database as sealed JSON.
PROPOSAL = TypeAdapter(Proposal)
