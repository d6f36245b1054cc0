"""Which caller has access to which route: every route, every role, own objects and those of others.

What is not allowed here must be refused. The expectations are written independently of the rules of
`access`. A new route must be added here.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from application_factory import LETTER
from fastapi.testclient import TestClient
from route_list import PUBLIC, all_routes, api_description
from sqlalchemy import delete, text, update
from town_factory import PIN, Town, build_town, path_of

from oim.channels.web.security import SESSION_COOKIE
from oim.features.opportunities.models import OpportunityRow, OrganisationRow, SourceRow
from oim.features.staff import StaffRow
from oim.kit.db import Database

EVERYBODY = ("stranger", "owner", "other", "agent", "agent_b", "worker", "worker_x", "analyst", "admin")
SIGNED_IN = frozenset(EVERYBODY[1:])
STAFF = frozenset(EVERYBODY[3:])
PEOPLE = frozenset({"owner", "other"})
WORKERS = frozenset({"worker", "worker_x"})
REFUSED = frozenset({401, 403, 404})
# Who has access, by the first pattern that matches the path. A name in braces is an object of the owner.
RULES: tuple[tuple[str, frozenset[str]], ...] = (
    (r"/me/consents/\{", PEOPLE),  # the name of a purpose
    (r"/me/profile/\{question\}", PEOPLE),  # the name of a question, on one's own profile
    (r"/me/(saved|dismissed)/\{", PEOPLE),  # an offer, which is everybody's
    (r"/me/letter-drafts/\{", PEOPLE),
    (r"/me/account/telephones/\{", PEOPLE),  # of one's own: another's or none is no error
    (r"/staff/people/\{person", frozenset({"worker"})),
    (r"/staff/people", WORKERS),
    (r"/staff/applications/\{", frozenset({"agent"})),
    (r"/staff/(applications|notices)", frozenset({"agent", "agent_b"})),
    (r"/staff/review", WORKERS | {"admin"}),
    (r"/staff/(sources|organisations|accounts)", frozenset({"admin"})),
    (r"/staff/register", WORKERS | {"analyst", "admin"}),
    (r"/staff/statistics", frozenset({"analyst", "admin"})),
    (r"/staff$", STAFF),
    (r"/me/.*\{", frozenset({"owner"})),
    (r"/me($|/)", PEOPLE),
    (r"/opportunities/\{\w+\}/(apply|save|unsave|not-for-me)$", PEOPLE),
    (r"/sign-out/everywhere|/unsent-form|/v1/sessions", SIGNED_IN),
)
FORMS: dict[str, dict[str, str]] = {
    "/me/account/name": {"name": "Awa", "language": "fr", "name_pin": PIN},
    "/me/account/pin": {"old": PIN, "pin": "1357", "pin_again": "1357"},
    "/me/account/contacts": {"contact": "awa@example.org"},
    "/me/account/contacts/code": {"code": "0000000", "pin": PIN},
    "/me/account/contacts/{contact}/remove": {"pin": PIN},
    "/me/consents/{purpose}": {"agree": "yes"},
    "/me/cv/{document}": {"keep": "yes"},
    "/me/data/read": {"pin": PIN},
    "/me/data/export": {"pin": PIN},
    "/me/data/erase": {"pin": PIN},
    "/me/outcomes/{outcome}": {"answer": "waiting"},
    "/me/profile/{question}": {"text": "coudre"},
    "/me/searches": {"words": "maçon"},
    "/me/searches/{search}/alerts": {"alerts": "yes"},
    "/opportunities/{id_}/apply": {"letter": LETTER, "agree": "yes"},
    "/opportunities/{offer}/not-for-me": {"reason": "too_far"},
    "/staff/accounts": {"contact": "eve@example.org", "name": "Eve", "role": "analyst"},
    "/staff/applications/{application}": {"stage": "shortlisted"},
    "/staff/notices": {"notices": "daily"},
    "/staff/people/{person}/profile/{question}": {"text": "coudre"},
    "/staff/sources/{slug}": {"known": "yes"},
    "/staff/sources/organisations/{id_}": {"verified": "yes"},
}
BODIES: dict[str, Any] = {
    "PATCH /v1/me": {"name": "Awa"},
    "PUT /v1/me/pin": {"old": PIN, "new": "1357"},
    "POST /v1/me/contacts": {"ticket": "none"},
    "PUT /v1/me/consents/{purpose}": {"given": True},
    "PATCH /v1/me/profile": {"wish": "coudre"},
    "PUT /v1/me/dismissed/{opportunity_id}": {"reason": "too_far"},
    "POST /v1/me/searches": {"search": {"words": "maçon"}, "alerts": True},
    "PATCH /v1/me/searches/{search_id}": {"alerts": False},
    "PUT /v1/me/outcomes/{outcome_id}": {"answer": "waiting"},
    "POST /v1/staff/applications/{application_id}/moves": {"stage": "shortlisted"},
    "POST /v1/staff/review/{opportunity_id}/decisions": {"decision": "release"},
    "PUT /v1/staff/sources/{slug}": {"known": True},
    "PUT /v1/staff/organisations/{organisation_id}": {"verified": True},
}
# These change or delete what they need, in a new town each. The others leave theirs to be repeated.
CONSUMING = re.compile(
    r"DELETE (?!/v1/sessions)"
    r"|/(erase|pin|remove|withdraw|withdrawal|moves|decisions|release|disable|end|drop|undo)$"
    r"|POST /me/cv/|POST /staff/applications/"
)
# Statuses of callers who have access, but whose request is refused for another reason.
OTHER_STATUSES = {
    "POST /me/account/contacts/code": {400},
    "POST /v1/me/contacts": {401},
    "POST /me/cv": {400},
    "POST /staff/people/{person}/pin": {400},  # nobody has asked for a new PIN
    "PUT /v1/me/cv": {422},
    "GET /me/cv/{document}/original": {404},
    "GET /v1/me/cv/{document_id}/original": {404},
}
# Without effect, and without an error, on what does not exist or is not the caller's: repeating is no error.
SILENT = {
    "DELETE /v1/me/contacts/{contact_id}",
    "DELETE /v1/me/helpers/{helper_id}",
    "DELETE /v1/me/searches/{search_id}",
    "POST /me/account/contacts/{contact}/remove",
    "POST /me/help/{mandate}/end",
    "POST /me/searches/{search}/drop",
}
WATCHED = (
    "people",
    "contacts",
    "profiles",
    "consents",
    "documents",
    "saved_offers",
    "dismissed_offers",
    "saved_searches",
    "applications",
    "application_stages",
    "outcomes",
    "mandates",
    "staff",
    "sources",
    "organisations",
    "reports",
    "reviews",
)


@dataclass(frozen=True)
class Towns:
    """A town whose requests are refused or read, one that is written to, and new ones for what is used up."""

    read: Town
    written: Town
    build: Callable[[], Town]


@pytest.fixture(scope="module")
def towns(house: Any) -> Towns:
    build = partial(build_town, house.database, house.blobs)
    return Towns(build(), build(), build)


@pytest.fixture(autouse=True, scope="module")
def _tidy(house: Any) -> Iterator[None]:
    yield
    with house.database.write() as session:
        session.execute(delete(StaffRow))
        session.execute(delete(OpportunityRow).where(OpportunityRow.source == "test"))
        session.execute(update(SourceRow).where(SourceRow.slug == "test").values(known_at=None))
        session.execute(update(OrganisationRow).values(verified_at=None))


def expected(path: str) -> frozenset[str]:
    """The callers who have access to a path."""
    allowed = next((callers for pattern, callers in RULES if re.search(pattern, path)), None)
    assert allowed is not None, f"{path} has no rule in the matrix"
    return allowed


class Requester:
    """Requests a route as one of the callers of a town; returns the status."""

    def __init__(self, house: Any, pages: TestClient, api: TestClient) -> None:
        self.sessions, self.pages, self.api = house.sign_in.sessions, pages, api

    def request(self, route: str, town: Town, caller: str) -> int:
        method, template = route.split(" ")
        path = path_of(template, town, "fr")
        token = self.sessions.open(town.actors[caller]) if caller in town.actors else ""
        if template.startswith("/v1"):
            headers = {"OIM-PIN": PIN} | ({"Authorization": f"Bearer {token}"} if token else {})
            body = BODIES.get(route)
            if route == "POST /v1/me/applications":
                body = {"opportunity_id": town.objects["opportunity_id"], "letter": LETTER}
            if route == "POST /v1/me/helpers":
                body = {"code": town.objects["code"]}
            if template.endswith("/original"):
                path += "?until=1&s=none"
            return self.api.request(method, path, json=body, headers=headers).status_code
        self.pages.cookies.clear()
        if token:
            self.pages.cookies.set(SESSION_COOKIE, token)
        form = FORMS.get(template.replace("/{lang}", "")) if method == "POST" else None
        if template.endswith("/me/help"):
            form = {"code": town.objects["code"], "pin": PIN}
        return self.pages.request(method, path, data=form).status_code


@pytest.fixture(scope="module")
def requester(house: Any, web: Callable[..., TestClient], api: TestClient) -> Requester:
    return Requester(house, web(), api)


def state(database: Database) -> str:
    """A checksum of every table that a refused request must not change."""
    sums = [
        f"(SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {name} t)"
        for name in WATCHED
    ]
    with database.read() as session:
        return str(session.execute(text("SELECT " + " || ".join(sums))).scalar())


PRIVATE = sorted(all_routes() - PUBLIC)


def test_the_description_says_who_has_access() -> None:
    """`{}` stands for nobody in particular; the roles of a session are of people or of staff."""
    for path, operations in api_description()["paths"].items():
        for method, operation in operations.items():
            security = operation.get("security", [{}])
            route = f"{method.upper()} {path}"
            if route == "GET /metrics":  # by a token of its own
                assert security == [{"MetricsToken": []}]
            elif route in PUBLIC:
                assert {} in security, route
            else:
                [access] = security
                callers = {"person": PEOPLE, "staff": STAFF}.get("".join(access["Session"]), SIGNED_IN)
                assert expected(path) <= callers, route
                others = {PEOPLE, STAFF} - {callers} if callers != SIGNED_IN else set()
                assert not any(expected(path) & other for other in others), route
                if callers == SIGNED_IN:
                    assert expected(path) == SIGNED_IN, route


@pytest.mark.parametrize("route", PRIVATE)
def test_only_the_allowed_callers_have_access(
    route: str,
    house: Any,
    requester: Requester,
    towns: Towns,
    record_property: Callable[[str, object], None],
) -> None:
    with house.sign_in.cache.commands() as valkey:
        valkey.flushall()  # rate limits of earlier tests
    name = route.replace("/{lang}", "")
    allowed = expected(name.split(" ")[1])
    before = state(house.database)
    refused = {
        caller: requester.request(route, towns.read, caller) for caller in EVERYBODY if caller not in allowed
    }
    refusal_statuses = (REFUSED | {204, 303}) if name in SILENT else REFUSED
    assert {caller: status for caller, status in refused.items() if status not in refusal_statuses} == {}
    assert refused.get("stranger") in (401, None)
    assert state(house.database) == before, "a refused request changed something"
    is_reading = route.startswith("GET")
    is_consuming = not is_reading and bool(CONSUMING.search(name))
    town = towns.read if is_reading else towns.written
    for turn, caller in enumerate(sorted(allowed)):
        # People act each on what is their own, staff all on the same.
        if is_consuming and (turn == 0 or caller not in PEOPLE):
            town = towns.build()
        status = requester.request(route, town, caller)
        assert status < 400 or status in OTHER_STATUSES.get(name, ()), f"{caller}: {status}"
    record_property("cases of role, route and owner", len(EVERYBODY))
