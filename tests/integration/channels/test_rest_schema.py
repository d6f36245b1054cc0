"""Schemathesis against the API's own description: every response fits it, and none is a failure."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from people_factory import add_known, person, save_profile
from route_list import api_description
from schemathesis.specs.openapi.checks import positive_data_acceptance

from oim.features.access import Actor, Role
from oim.features.consents import Purpose
from oim.features.matching.profile import Profile
from oim.features.people import Channel, Contact

# No schema says which telephone numbers exist, or which code is right: such a value may be refused.
SETTINGS = settings(
    max_examples=5,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


def operations() -> list[tuple[str, str]]:
    """Method and path of every operation that is described."""
    paths = api_description()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


@pytest.fixture(scope="module")
def described(api_app: FastAPI) -> Any:
    """The description, and the application that is described."""
    return schemathesis.openapi.from_asgi("/v1/openapi.json", api_app)


@pytest.fixture(scope="module")
def awa(house: Any) -> UUID:
    contact = Contact(Channel.SMS, f"+23767{uuid4().int % 10**7:07}")
    id_ = add_known(house.database, contact, "Awa", "2580", *Purpose)
    save_profile(house.database, id_, Profile(text="couture"))
    return id_


@pytest.fixture
def headers(house: Any, awa: UUID) -> Callable[[str], dict[str, str]]:
    """A function that returns the headers for a path: with the token of a person, or of an administrator."""
    with house.sign_in.cache.commands() as valkey:
        valkey.flushall()  # rate limits of earlier tests
    admin = Actor(Role.ADMINISTRATOR, uuid4())
    tokens = {
        "person": house.sign_in.sessions.open(person(awa)),
        "staff": house.sign_in.sessions.open(admin),
    }

    def headers_for(path: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {tokens['staff' if path.startswith('/v1/staff/') else 'person']}"}

    return headers_for


def check_responses(examples: settings, operation: Any, headers: dict[str, str]) -> None:
    """Call an operation with examples of what it takes; each response must fit the description."""

    @given(case=operation.as_strategy())
    @examples
    def check(case: Any) -> None:
        # On a busy machine an answer may take more than Schemathesis' ten seconds.
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance], timeout=None)

    check()


@pytest.mark.parametrize(("method", "path"), operations())
def test_every_response_fits_the_description(
    method: str, path: str, described: Any, headers: Callable[[str], dict[str, str]]
) -> None:
    check_responses(SETTINGS, described[path][method], headers(path))


@pytest.mark.drill
@pytest.mark.parametrize(("method", "path"), operations())
def test_every_response_to_many_examples_fits_the_description(
    method: str, path: str, described: Any, headers: Callable[[str], dict[str, str]]
) -> None:
    check_responses(settings(SETTINGS, max_examples=50), described[path][method], headers(path))
