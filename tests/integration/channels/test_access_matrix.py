"""Who may reach what: every route, every role, one's own and others'. Whatever is not said here is refused.

The expectations are stated apart from the rules of `access`. A route that is new here must be placed.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from application_factory import LETTER
from fastapi.testclient import TestClient
from route_list import PUBLIC, all_routes
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
# Who may, by the first pattern that fits. A name in braces is an object of the owner's.
PLACES: tuple[tuple[str, frozenset[str]], ...] = (
    (r"/me/consents/\{", PEOPLE),  # the name of a purpose
    (r"/me/profile/\{question\}", PEOPLE),  # the name of a question, on one's own profile
    (r"/me/(saved|dismissed)/\{", PEOPLE),  # an offer, which is everybody's
    (r"/me/letter-drafts/\{", PEOPLE),
    (r"/staff/people/\{person", frozenset({"worker"})),
    (r"/staff/people", WORKERS),
    (r"/staff/applications/\{", frozenset({"agent"})),
    (r"/staff/applications", frozenset({"agent", "agent_b"})),
    (r"/staff/review", WORKERS | {"admin"}),
    (r"/staff/(sources|organisations|accounts)", frozenset({"admin"})),
    (r"/staff/register", WORKERS | {"analyst", "admin"}),
    (r"/staff/statistics", frozenset({"analyst", "admin"})),
    (r"/staff$", STAFF),
    (r"/me/.*\{", frozenset({"owner"})),
    (r"/me($|/)", PEOPLE),
    (r"/opportunities/\{\w+\}/(apply|save|unsave|not-for-me)$", PEOPLE),
    (r"/sign-out/everywhere|/v1/sessions", SIGNED_IN),
)
FORMS: dict[str, dict[str, str]] = {
    "/me/account/name": {"name": "Awa", "language": "fr", "name_pin": PIN},
    "/me/account/pin": {"old": PIN, "pin": "1357"},
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
# After these, what was there is there no more, or differently: who comes next comes to another town.
SPENDS = re.compile(
    r"DELETE|/(erase|pin|remove|withdraw|withdrawal|moves|decisions|release|disable|end|drop|undo)$"
    r"|POST /me/cv/|POST /staff/applications/"
)
# Reached, and rightly refused for another reason than who asks.
OTHERWISE = {
    "POST /me/account/contacts/code": {400},
    "POST /v1/me/contacts": {401},
    "POST /me/cv": {400},
    "PUT /v1/me/cv": {422},
    "GET /me/cv/{document}/original": {404},
    "GET /v1/me/cv/{document_id}/original": {404},
}
# What is not there, or not theirs, is left alone without a word: asked twice, nobody sees an error.
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


@pytest.fixture
def build(house: Any) -> Callable[[], Town]:
    """A function that makes a town anew, for what changes something."""
    return lambda: build_town(house.database, house.blobs)


@pytest.fixture(autouse=True, scope="module")
def _tidy(house: Any) -> Iterator[None]:
    yield
    with house.database.write() as session:
        session.execute(delete(StaffRow))
        session.execute(delete(OpportunityRow).where(OpportunityRow.source == "test"))
        session.execute(update(SourceRow).where(SourceRow.slug == "test").values(known_at=None))
        session.execute(update(OrganisationRow).values(verified_at=None))


def expected(path: str) -> frozenset[str]:
    """Who may reach a path."""
    found = next((who for pattern, who in PLACES if re.search(pattern, path)), None)
    assert found is not None, f"{path} has no place in the matrix"
    return found


class Asker:
    """Asks one route as somebody; its status."""

    def __init__(self, house: Any, pages: TestClient, api: TestClient) -> None:
        self.sessions, self.pages, self.api = house.sign_in.sessions, pages, api

    def ask(self, route: str, town: Town, who: str) -> int:
        method, template = route.split(" ")
        path = path_of(template, town, "fr")
        token = self.sessions.open(town.actors[who]) if who in town.actors else ""
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


def state(database: Database) -> str:
    """A sum over all that a refused request must not change."""
    sums = [
        f"(SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {name} t)"
        for name in WATCHED
    ]
    with database.read() as session:
        return str(session.execute(text("SELECT " + " || ".join(sums))).scalar())


PRIVATE = sorted(all_routes() - PUBLIC)


@pytest.mark.parametrize("route", PRIVATE)
def test_who_may_reach_it_and_nobody_else(
    route: str,
    house: Any,
    web: Callable[..., TestClient],
    api: TestClient,
    build: Callable[[], Town],
    record_property: Callable[[str, object], None],
) -> None:
    with house.sign_in.cache.commands() as ask:
        ask.flushall()  # no limit is of this test
    asker, town = Asker(house, web(), api), build()
    name = route.replace("/{lang}", "")
    may = expected(name.split(" ")[1])
    before = state(house.database)
    refused = {who: asker.ask(route, town, who) for who in EVERYBODY if who not in may}
    nothing = (REFUSED | {204, 303}) if name in SILENT else REFUSED
    assert {who: status for who, status in refused.items() if status not in nothing} == {}
    assert refused.get("stranger") in (401, None)
    assert state(house.database) == before, "a refused request changed something"
    for who in sorted(may):
        town = build() if SPENDS.search(name) else town
        status = asker.ask(route, town, who)
        assert status < 400 or status in OTHERWISE.get(name, ()), f"{who}: {status}"
    record_property("cases of role, route and owner", len(EVERYBODY))
