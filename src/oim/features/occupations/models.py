"""Tables of an imported taxonomy: concepts, what they are called, what they are part of, what they take."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class ConceptRow(Base):
    """One group, occupation or skill of ESCO; `isco` is a group's own code or an occupation's unit group."""

    __tablename__ = "taxonomy_concepts"
    __table_args__ = (
        CheckConstraint("kind IN ('group', 'occupation', 'skill_group', 'skill')", name="kind"),
        Index(None, "isco"),
    )

    uri: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    isco: Mapped[str | None]


class LabelRow(Base):
    """What a language calls a concept: its one preferred label, alternatives, and hidden ones (misspelt)."""

    __tablename__ = "taxonomy_labels"
    __table_args__ = (CheckConstraint("sort IN ('preferred', 'alt', 'hidden')", name="sort"),)

    uri: Mapped[str] = mapped_column(
        ForeignKey("taxonomy_concepts.uri", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    sort: Mapped[str]


class BroaderRow(Base):
    """A concept is part of a broader one."""

    __tablename__ = "taxonomy_broader"

    uri: Mapped[str] = mapped_column(
        ForeignKey("taxonomy_concepts.uri", ondelete="CASCADE"), primary_key=True
    )
    broader: Mapped[str] = mapped_column(
        ForeignKey("taxonomy_concepts.uri", ondelete="CASCADE"), primary_key=True, index=True
    )


class OccupationSkillRow(Base):
    """An occupation takes a skill."""

    __tablename__ = "taxonomy_occupation_skills"
    __table_args__ = (CheckConstraint("relation IN ('essential', 'optional')", name="relation"),)

    occupation: Mapped[str] = mapped_column(
        ForeignKey("taxonomy_concepts.uri", ondelete="CASCADE"), primary_key=True
    )
    skill: Mapped[str] = mapped_column(
        ForeignKey("taxonomy_concepts.uri", ondelete="CASCADE"), primary_key=True, index=True
    )
    relation: Mapped[str]
