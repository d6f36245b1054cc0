"""Tables: applications, the stages they reached, and the questions about their outcome."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed


class ApplicationRow(Base):
    """A person's application to an offer. It outlives both: it then names nobody and keeps the title."""

    __tablename__ = "applications"
    __table_args__ = (
        # Nobody is refused without a next step: the database enforces it too, against any future writer.
        CheckConstraint("stage <> 'not_retained' OR next_step IS NOT NULL", name="next_step"),
        Index(None, "person_id", "opportunity_id", unique=True),
        Index(None, "organisation_id", "created_at", "id"),
        Index(None, "document_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    opportunity_id: Mapped[UUID | None] = mapped_column(ForeignKey("opportunities.id", ondelete="SET NULL"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    title: Mapped[str]  # the offer's
    kind: Mapped[str]
    region: Mapped[str | None]  # the offer's
    letter: Mapped[Sealed | None]
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("documents.id", ondelete="SET NULL"))
    route: Mapped[str]  # inside, redirected
    stage: Mapped[str]
    stage_at: Mapped[datetime]
    next_step: Mapped[str | None]
    next_words: Mapped[Sealed | None]
    next_on: Mapped[date | None]
    # Whether the form said that the partner also reads what the profile says of the CV: older ones did not.
    shares_summary: Mapped[bool] = mapped_column(server_default=false())
    next_hour: Mapped[time | None]  # of a meeting, in Cameroon
    next_place: Mapped[Sealed | None]  # of a meeting
    list_id: Mapped[UUID | None]  # of the list in which the offer was shown
    created_at: Mapped[datetime]
    counted_in: Mapped[date | None]  # the month in whose counts it is


class StageRow(Base):
    """A stage that an application reached, and the role of the account that moved it there."""

    __tablename__ = "application_stages"
    __table_args__ = (Index(None, "application_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    stage: Mapped[str]
    at: Mapped[datetime]
    by_role: Mapped[str]


class OutcomeRow(Base):
    """A question about an application, and its answer. It is deleted with its person; counts stay."""

    __tablename__ = "outcomes"
    __table_args__ = (
        Index(None, "application_id", "day", unique=True),
        Index(None, "person_id", "due_on"),
        Index(None, "due_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    day: Mapped[int]  # after the application
    due_on: Mapped[date]
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    counted_in: Mapped[date | None]  # the month in whose counts the answer is
