"""Queries on the imported taxonomy: its size, its labels, and the skills that an occupation needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from oim.features.occupations.models import BroaderRow, ConceptRow, LabelRow, OccupationSkillRow
from oim.kit.db import ReadSession


@dataclass(frozen=True, slots=True)
class TaxonomyCounts:
    """The size of the taxonomy in the database: concepts by kind, labels by language, relations."""

    concepts: dict[str, int]
    labels: dict[str, int]
    broader: int
    occupation_skills: int


@dataclass(frozen=True, slots=True)
class ConceptLabel:
    """A label of a concept in one language; `isco` is its code or unit group, None for skills."""

    uri: str
    kind: str
    isco: str | None
    language: str
    text: str
    preferred: bool


@dataclass(frozen=True, slots=True)
class NeededSkill:
    """A skill that an occupation needs, by its ESCO URI."""

    uri: str
    essential: bool


def count_taxonomy(session: ReadSession) -> TaxonomyCounts:
    """Count what the database holds of the taxonomy."""
    kinds = select(ConceptRow.kind, func.count()).group_by(ConceptRow.kind).order_by(ConceptRow.kind)
    languages = (
        select(LabelRow.language, func.count()).group_by(LabelRow.language).order_by(LabelRow.language)
    )
    return TaxonomyCounts(
        concepts=dict(session.execute(kinds).all()),
        labels=dict(session.execute(languages).all()),
        broader=session.scalar(select(func.count()).select_from(BroaderRow)) or 0,
        occupation_skills=session.scalar(select(func.count()).select_from(OccupationSkillRow)) or 0,
    )


def stream_labels(
    session: ReadSession, kinds: tuple[str, ...] = ("occupation", "skill")
) -> Iterator[ConceptLabel]:
    """Yield every label of concepts of these kinds; for each concept the preferred labels come first."""
    preferred = (LabelRow.sort == "preferred").label("preferred")
    statement = (
        select(ConceptRow.uri, ConceptRow.kind, ConceptRow.isco, LabelRow.language, LabelRow.label, preferred)
        .join(LabelRow, LabelRow.uri == ConceptRow.uri)
        .where(ConceptRow.kind.in_(kinds))
        .order_by(ConceptRow.uri, preferred.desc(), LabelRow.language, LabelRow.label)
    )
    # All labels of ESCO at once would take much memory: a server-side cursor fetches 2000 rows at a time.
    for row in session.execute(statement.execution_options(yield_per=2000)):
        yield ConceptLabel(*row)


def load_needed_skills(session: ReadSession, occupation: str) -> tuple[NeededSkill, ...]:
    """Return the skills that an occupation, given by its URI, needs; essential ones come first."""
    essential = (OccupationSkillRow.relation == "essential").label("essential")
    statement = (
        select(OccupationSkillRow.skill, essential)
        .where(OccupationSkillRow.occupation == occupation)
        .order_by(essential.desc(), OccupationSkillRow.skill)
    )
    return tuple(NeededSkill(*row) for row in session.execute(statement))
