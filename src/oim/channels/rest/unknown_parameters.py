"""Refusal of query parameters that a route does not have.

Whoever mistypes one, or takes `q` for `words`, would otherwise get an answer to another question.
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

_MAX_NAME = 100  # characters of a parameter's name in the answer, which the caller has chosen


async def refuse_unknown_parameters(request: Request) -> None:
    """Refuse a call with a query parameter that its route does not have. Raises BadInputError, naming it."""
    if not request.query_params:
        return
    known = list_query_names(request.scope["route"].dependant)
    name = next((name for name in request.query_params if name not in known), None)
    if name is None:
        return
    # A lone surrogate (`%ED%A0%80`) cannot be written as UTF-8.
    name = name[:_MAX_NAME].encode("utf-8", "replace").decode()
    if known:
        raise BadInputError(
            mark("There is no parameter “%(name)s” here. There are: %(known)s."),
            field=name,
            name=name,
            known=", ".join(known),
        )
    raise BadInputError(
        mark("There is no parameter “%(name)s” here: this address takes none."), field=name, name=name
    )


def list_query_names(dependant: Dependant) -> list[str]:
    """List the names of the query parameters of a route, those of its dependencies included."""
    # A dependant of these alone: FastAPI resolves a model of parameters to its fields.
    return [field.alias for field in get_flat_params(Dependant(query_params=[*_list_fields(dependant)]))]


def _list_fields(dependant: Dependant) -> Iterator[ModelField]:
    yield from dependant.query_params
    for dependency in dependant.dependencies:
        yield from _list_fields(dependency)
