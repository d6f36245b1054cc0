"""Whom a page is about: the signed-in person, or somebody whom a case worker helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from oim.channels.http.services import ServicesOf
from oim.channels.web.authentication import PersonOf, require_person, require_staff
from oim.features.access import NOT_FOUND_MESSAGE, Actor
from oim.kit.errors import NotFoundError

PERSON_PARAMETER = "person"  # the path parameter that names the person a case worker helps


@dataclass(frozen=True, slots=True)
class ActingFor:
    """Who acts, for which person, and the path of the pages below the language: `me`, `staff/people/<id>`."""

    actor: Actor
    person: UUID
    base_path: str


def get_current_person(actor: PersonOf) -> ActingFor:
    """Return the signed-in person as the one their own pages are about. Raises NotFoundError."""
    if actor.id is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    return ActingFor(actor, actor.id, "me")


def get_current_subject(request: Request, services: ServicesOf) -> ActingFor:
    """Return the person whom the path names, for staff, else the signed-in person. Raises NotFoundError.

    Whether this case worker may help that person is checked later, by each feature.
    """
    person_text = request.path_params.get(PERSON_PARAMETER)
    if person_text is None:
        return get_current_person(require_person(request, services))
    actor = require_staff(request, services)
    try:
        person = UUID(person_text)
    except ValueError:
        # The same answer as for a person who does not exist or whom they may not help.
        raise NotFoundError(NOT_FOUND_MESSAGE) from None
    return ActingFor(actor, person, f"staff/people/{person}")


CurrentPerson = Annotated[ActingFor, Depends(get_current_person)]
CurrentSubject = Annotated[ActingFor, Depends(get_current_subject)]
