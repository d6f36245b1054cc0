"""Database tables of an imported taxonomy: concepts, their labels, their hierarchy, the skills they need."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class ConceptRow(Base):
    """A group, an occupation or a skill of ESCO.

    `isco` is the code of an ISCO group itself, or the unit group of an occupation; NULL for skills.
    """

    __tablename__ = "taxonomy_concepts"
    __table_args__ = (
        CheckConstraint("kind IN ('group', 'occupation', 'skill_group', 'skill')", name="kind"),
        # For the merge, which finds the parents of groups and occupations by code.
        Index(None, "isco"),
    )

    uri: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    isco: Mapped[str | None]


class LabelRow(Base):
    """A label of a concept in one language.

    `sort` is "preferred" (one a language), "alt" (another name) or "hidden" (a misspelling to search by).
    """

    __tablename__ = "taxonomy_labels"
    __table_args__ = (CheckConstraint("sort IN ('preferred', 'alt', 'hidden')", name="sort"),)

    uri: Mapped[str] = mapped_column(
        ForeignKey("taxonomy_concepts.uri", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    sort: Mapped[str]


class BroaderRow(Base):
    """A concept (`uri`) and a broader concept that it is part of; ESCO allows several."""

    __tablename__ = "taxonomy_broader"

    uri: Mapped[str] = mapped_column(
        ForeignKey("taxonomy_concepts.uri", ondelete="CASCADE"), primary_key=True
    )
    broader: Mapped[str] = mapped_column(
        # The primary key serves look-ups by `uri` only; to delete a concept the other column needs an index.
        ForeignKey("taxonomy_concepts.uri", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    )


class OccupationSkillRow(Base):
    """A skill that an occupation needs: an "essential" or an "optional" one."""

    __tablename__ = "taxonomy_occupation_skills"
    __table_args__ = (CheckConstraint("relation IN ('essential', 'optional')", name="relation"),)

    occupation: Mapped[str] = mapped_column(
        ForeignKey("taxonomy_concepts.uri", ondelete="CASCADE"), primary_key=True
    )
    skill: Mapped[str] = mapped_column(
        ForeignKey("taxonomy_concepts.uri", ondelete="CASCADE"), primary_key=True, index=True
    )
    relation: Mapped[str]
