"""Whose pages: a person's own, or those of somebody whom a case worker helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from oim.channels.web.authentication import PersonOf, staff_of
from oim.channels.web.authentication import person_of as signed_in
from oim.channels.web.services import ServicesOf
from oim.features.access import NOTHING_HERE, Actor
from oim.kit.errors import NotFoundError

PERSON = "person"  # the part of an address that names somebody else


@dataclass(frozen=True, slots=True)
class Whose:
    """Who acts, for whom, and where the pages lie below the language."""

    actor: Actor
    person: UUID
    base: str


def mine(actor: PersonOf) -> Whose:
    """The pages of who is signed in."""
    if actor.id is None:
        raise NotFoundError(NOTHING_HERE)
    return Whose(actor, actor.id, "me")


def whose(request: Request, services: ServicesOf) -> Whose:
    """Those of whom the address names, for staff (the accessor decides who may); else one's own."""
    named = request.path_params.get(PERSON)
    if named is None:
        return mine(signed_in(request, services))
    actor = staff_of(request, services)
    try:
        person = UUID(named)
    except ValueError:
        raise NotFoundError(NOTHING_HERE) from None
    return Whose(actor, person, f"staff/people/{person}")


MineOf = Annotated[Whose, Depends(mine)]
WhoseOf = Annotated[Whose, Depends(whose)]
