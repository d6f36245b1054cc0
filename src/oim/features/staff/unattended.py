"""Unattended desks: organisations of the sample that receive applications, though nobody signs in there."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from oim.features.access import SYSTEM, Role
from oim.features.staff.invitations import invite
from oim.features.staff.models import StaffRow
from oim.kit.clock import now
from oim.kit.db import WriteSession


def open_unattended_desk(session: WriteSession, organisation: UUID, email: str, name: str) -> None:
    """Give an invented organisation an agent, whose account has no password, unless it has one already.

    Invite the same e-mail to read what arrives there: `oim staff invite` makes the account anew.
    """
    if session.scalar(select(StaffRow.id).where(StaffRow.organisation_id == organisation).limit(1)):
        return
    id_, _ = invite(session, SYSTEM, email, name, Role.AGENT, organisation)
    row = session.get_one(StaffRow, id_)
    row.invitation, row.confirmed_at = None, now()
    session.flush()
