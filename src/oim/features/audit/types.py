"""Plain values of the audit trail: an entry to record, a recorded one, and where a chain ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from oim.kit.clock import now


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry to be recorded: who did what to what. `detail` holds codes and counts, nothing personal."""

    role: str
    actor_id: UUID | None
    action: str
    resource: str
    object_id: str | None = None
    subject_id: UUID | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """A recorded entry about a person: who, by role and id, did what to which of their data."""

    at: datetime
    role: str
    actor_id: UUID | None
    action: str
    resource: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """The number and the mark of the last entry of a chain at some instant, written as `12:9f…`."""

    seq: int
    mark: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.mark.hex()}"


EMPTY = Head(0, b"\0" * 32)  # the head of a chain without entries
