"""Stored rankers, and a log of which was put in force; the newest entry that is not withdrawn counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from oim.features.matching.learning.additive_scorer import AdditiveScorer, parse_artefact
from oim.features.matching.learning.models import RankerRow, RankerUseRow
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession
from oim.kit.errors import ConflictError, NotFoundError
from oim.kit.i18n import mark


@dataclass(frozen=True, slots=True)
class Ranker:
    """A trained ranker with its card: time span of its data, figures, features."""

    version: int
    created_at: datetime
    in_force: bool
    card: dict[str, Any]


def save_ranker(session: WriteSession, scorer: AdditiveScorer, card: Mapping[str, Any]) -> int:
    """Save a trained ranker without putting it in force; returns its version."""
    values = {"created_at": now(), "artefact": scorer.to_artefact(), "card": dict(card)}
    return int(session.scalars(insert(RankerRow).returning(RankerRow.version), [values]).one())


def list_rankers(session: ReadSession) -> list[Ranker]:
    """All trained rankers, newest first."""
    current = get_version_in_force(session)
    rows = session.scalars(select(RankerRow).order_by(RankerRow.version.desc()))
    return [Ranker(row.version, row.created_at, row.version == current, row.card) for row in rows]


def get_version_in_force(session: ReadSession) -> int | None:
    """The version in force; None: the documented weights."""
    # None has two causes, an entry without a version and no entry at all; both mean the weights.
    newest = select(RankerUseRow.version).where(RankerUseRow.withdrawn_at.is_(None))
    return session.scalar(newest.order_by(RankerUseRow.id.desc()).limit(1))


def load_scorer(session: ReadSession, version: int) -> AdditiveScorer:
    """Load a ranker by its version. Raises NotFoundError."""
    row = session.get(RankerRow, version)
    if row is None:
        raise NotFoundError(mark("There is no ranker %(version)s."), version=version)
    return parse_artefact(row.artefact)


def put_ranker_in_force(session: WriteSession, version: int | None) -> None:
    """Put a ranker in force, or with None the documented weights. Raises NotFoundError."""
    # Loaded to check that it exists and can be parsed, before any engine serves it.
    if version is not None:
        load_scorer(session, version)
    session.execute(insert(RankerUseRow), [{"version": version, "at": now()}])


def rollback_ranker(session: WriteSession) -> int | None:
    """Go back to what was in force before; returns its version (None: the documented weights).

    Raises ConflictError when nothing was put in force before.
    """
    newest = select(RankerUseRow.id).where(RankerUseRow.withdrawn_at.is_(None))
    last = session.scalar(newest.order_by(RankerUseRow.id.desc()).limit(1))
    if last is None:
        raise ConflictError(mark("The documented weights are in force: there is nothing to go back to."))
    # The entry is marked, not deleted: the log keeps what was in force and when.
    session.execute(update(RankerUseRow).where(RankerUseRow.id == last).values(withdrawn_at=now()))
    return get_version_in_force(session)
