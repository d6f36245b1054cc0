"""Whose pages: a person's own, or those of somebody whom a case worker helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from oim.channels.http.services import ServicesOf
from oim.channels.web.authentication import PersonOf, require_staff
from oim.channels.web.authentication import require_person as signed_in
from oim.features.access import NOT_FOUND_MESSAGE, Actor
from oim.kit.errors import NotFoundError

PERSON_PARAMETER = "person"  # the part of an address that names somebody else


@dataclass(frozen=True, slots=True)
class ActingFor:
    """Who acts, for whom, and where the pages lie below the language."""

    actor: Actor
    person: UUID
    base_path: str


def get_current_person(actor: PersonOf) -> ActingFor:
    """The pages of who is signed in."""
    if actor.id is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    return ActingFor(actor, actor.id, "me")


def get_current_subject(request: Request, services: ServicesOf) -> ActingFor:
    """Those of whom the address names, for staff (the accessor decides who may); else one's own."""
    named = request.path_params.get(PERSON_PARAMETER)
    if named is None:
        return get_current_person(signed_in(request, services))
    actor = require_staff(request, services)
    try:
        person = UUID(named)
    except ValueError:
        raise NotFoundError(NOT_FOUND_MESSAGE) from None
    return ActingFor(actor, person, f"staff/people/{person}")


CurrentPerson = Annotated[ActingFor, Depends(get_current_person)]
CurrentSubject = Annotated[ActingFor, Depends(get_current_subject)]
