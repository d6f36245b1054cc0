"""Statements per page: no page and no route of the API sends more of them for 25 rows than for 5.

Every route that reads is measured, so a new list is too; one that cannot be is named here with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from application_factory import LETTER, add_offers, draft
from fastapi import FastAPI
from fastapi.testclient import TestClient
from people_factory import add_case_worker, add_people, person
from route_list import all_routes
from site_factory import set_services
from sqlalchemy import event, insert
from starlette.types import ASGIApp
from town_factory import PIN, Town, build_town, path_of

from oim.adapters.blob_folder import FolderBlobs
from oim.channels import rest, web
from oim.channels.http.services import Services
from oim.channels.web.security import SESSION_COOKIE
from oim.features import access, applications, consents, following, messages, trust
from oim.features.applications import Submission
from oim.features.consents import Purpose
from oim.features.following import DismissalReason
from oim.features.following.saved_searches import MAX_SEARCHES
from oim.features.ingestion import ingest_offers
from oim.features.matching import Answer, Card, Recommendation, WordHits
from oim.features.messages import MessageKind
from oim.features.opportunities import Kind, Search, hold_offers
from oim.features.sign_in import SignInServices
from oim.features.statistics.models import TallyRow
from oim.features.trust import Reporter, ReportReason
from oim.kit.db import Database

FEW, MANY = 5, 25  # rows of each list: fewer and more than a page of 20
# Routes that read and are not measured, by pattern, and why.
NOT_MEASURED = {
    r" /operator-logo": "a picture of the settings",
    r" /(docs|healthz|metrics|files|sw\.js|static|(v1/)?openapi)|manifest": "asks the database for no rows",
    r"/original$|\}/cv$|/proposal$": "one file or proposal, behind a signed link",
    r"/leave": "one offer, behind a signed link",
    r"/welcome/": "one invitation",
    r"GET /$|GET /\{lang\}/recommendations": "without a search only redirects",
}
# Lists that are asked for by POST, with their bodies.
POSTED: dict[str, dict[str, Any]] = {
    "POST /v1/recommendations": {"json": {"text": "maçon", "limit": 50}},
    "POST /{lang}/recommendations": {"data": {"text": "maçon"}},
    "POST /{lang}/me/data/read": {"data": {"pin": PIN}},
    "POST /{lang}/me/data/export": {"data": {"pin": PIN}},
}
# Who asks, by the first pattern that matches the path.
ACTORS = (
    (r"/staff/people", "worker"),
    (r"/staff/(applications|notices)", "agent"),
    (r"/staff$", "worker"),
    (r"/staff/", "admin"),
    ("", "owner"),
)


class AnsweringEngine:
    """An engine that recommends and finds the offers of a list."""

    def __init__(self) -> None:
        self.offers: list[UUID] = []

    def recommend(self, *_: object, **__: object) -> Answer:
        items = (
            Recommendation(
                id=id_,
                rank=rank,
                score=0.5,
                parts={},
                reasons=(),
                card=Card(title="", kind=Kind.EMPLOYMENT),
            )
            for rank, id_ in enumerate(self.offers, start=1)
        )
        return Answer(items=tuple(items), missing=())

    recommend_for_person = recommend

    def find_by_words(self, *_: object, **__: object) -> WordHits:
        return WordHits(tuple(self.offers), words_only=False)


@dataclass(frozen=True)
class Site:
    """The API and the pages over one database, with a town in it whose lists grow."""

    database: Database
    sign_in: SignInServices
    engine: AnsweringEngine
    apps: tuple[FastAPI, ASGIApp]  # the API, the pages
    portal: BlockingPortal
    town: Town

    def client(self, route: str) -> TestClient:
        """A client signed in as whoever may ask for a route."""
        name = next(name for pattern, name in ACTORS if re.search(pattern, route))
        token = self.sign_in.sessions.open(self.town.actors[name])
        is_api = " /v1" in route
        client = TestClient(self.apps[not is_api], "https://testserver", follow_redirects=False)
        client.portal = self.portal
        client.headers.update({"OIM-PIN": PIN, "Sec-Fetch-Site": "same-origin"})
        if is_api:
            client.headers["Authorization"] = f"Bearer {token}"
        else:
            client.cookies.set(SESSION_COOKIE, token)
        return client


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    """One event loop for the requests of all tests: a client without one starts a loop for each request."""
    with start_blocking_portal() as started:
        yield started


@pytest.fixture(scope="module")
def apps() -> tuple[FastAPI, ASGIApp]:
    """The API and the pages, made once, as FastAPI builds each route anew; each test sets its services."""
    nothing = cast(Any, None)
    return rest.create_app(Services(nothing, nothing, nothing, nothing)), web.create_web(nothing)


@pytest.fixture
def site(
    database: Database,
    sign_in: SignInServices,
    apps: tuple[FastAPI, ASGIApp],
    portal: BlockingPortal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Site:
    # Each request reads the catalogue's version: once a second, the counts would depend on the clock.
    monkeypatch.setattr("oim.channels.http.offer_cache.VERSION_INTERVAL", 0)
    engine, blobs = AnsweringEngine(), FolderBlobs(tmp_path)
    services = Services(database, cast(Any, engine), sign_in, blobs)
    for app in apps:
        set_services(app, services)
    return Site(database, sign_in, engine, apps, portal, build_town(database, blobs))


def grow(site: Site, start: int, end: int) -> None:
    """Add the rows `start` to `end` to every list of the town's actors."""
    owner, worker = site.town.actors["owner"], site.town.actors["worker"]
    owner_id, worker_id = cast(UUID, owner.id), cast(UUID, worker.id)
    numbers = range(start, end)
    partner = site.town.partner
    offers = add_offers(site.database, *(draft(10_000 + number, organisation=partner) for number in numbers))
    held = add_offers(site.database, *(draft(20_000 + number) for number in numbers))
    for number in numbers:  # a source and an organisation each
        name = f"Atelier {number}"
        ingest_offers(
            site.database, [draft(1, organisation=name)], source=f"s{number}", origin="x", format_name="csv"
        )
    site.engine.offers += offers
    people = add_people(site.database, [uuid4() for _ in numbers])
    workers = [add_case_worker(site.database) for _ in numbers]
    with site.database.write() as session:
        hold_offers(session, held)
        for number, offer, id_, helper in zip(numbers, offers, people, workers, strict=True):
            following.save(session, owner, owner_id, offer)
            following.dismiss(session, owner, owner_id, offer, DismissalReason.TOO_FAR)
            if number < MAX_SEARCHES - 1:  # the town has one already
                search = Search(words=f"maçon {number}")
                following.save_search(session, owner, owner_id, search, alerts=True)
            applications.send(session, owner, owner_id, Submission(offer=offer, letter=LETTER))
            access.give_mandate(session, owner, owner_id, cast(UUID, helper.id))
            access.give_mandate(session, person(id_), id_, worker_id)
            consents.record_decisions(
                session, person(id_), id_, {Purpose.SHARING: True}, language="fr", channel="web"
            )
            applications.send(session, person(id_), id_, Submission(offer=offer, letter=LETTER))
            messages.queue_message(session, owner_id, MessageKind.ALERT, count=number)
            reporter = Reporter(id_.bytes, id_.bytes, person=owner_id)
            trust.report_offer(session, offer, ReportReason.NOT_REAL.value, "Personne.", reporter)
            cell = {"month": date(1970 + number, 1, 1), "what": "applied", "kind": "agr", "region": "CM-OU"}
            session.execute(insert(TallyRow).values(**cell, answer="", count=20))


@contextmanager
def counted_statements(database: Database) -> Iterator[list[str]]:
    """Collect the statements that are sent to a database within the block."""
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    engine = database._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def measured_routes() -> list[str]:
    """Every route that reads, and every list that is posted for, without those that are not measured."""
    reading = {route for route in all_routes() if route.startswith("GET ")} | set(POSTED)
    return sorted(
        route for route in reading if not any(re.search(pattern, route) for pattern in NOT_MEASURED)
    )


def count_statements(site: Site, route: str) -> int:
    """Call a route, and count its statements. It must answer with its page."""
    client = site.client(route)
    method, template = route.split(" ")
    with counted_statements(site.database) as statements:
        response = client.request(
            method, path_of(template, site.town, "fr"), **POSTED.get(route, {}), follow_redirects=True
        )
    assert response.status_code == 200, (
        f"{route}: {response.status_code}: measure it, or name it: {response.text}"
    )
    return len(statements)


def forget_limits(sign_in: SignInServices) -> None:
    """Forget what was counted against rate limits, and who was signed in."""
    with sign_in.cache.commands() as valkey:
        valkey.flushall()


def test_no_route_sends_more_statements_for_more_rows(
    site: Site, record_property: Callable[[str, object], None]
) -> None:
    grow(site, 0, FEW)
    few = {route: count_statements(site, route) for route in measured_routes()}
    forget_limits(site.sign_in)
    grow(site, FEW, MANY)
    many = {route: count_statements(site, route) for route in measured_routes()}
    for route, count in many.items():
        record_property(f"statements at {FEW} and {MANY} rows, {route}", f"{few[route]}, {count}")
    assert {route: (few[route], count) for route, count in many.items() if count > few[route]} == {}


def test_every_reason_not_to_measure_is_about_a_route() -> None:
    routes = all_routes()
    assert [p for p in NOT_MEASURED if not any(re.search(p, route) for route in routes)] == []
    assert set(POSTED) <= routes


@pytest.mark.parametrize("is_person", [True, False])
def test_an_offer_is_shown_by_one_transaction(site: Site, is_person: bool) -> None:
    grow(site, 0, 1)
    client = site.client("GET /{lang}/me" if is_person else "GET /{lang}/staff")
    begun: list[object] = []
    for engine in (site.database._engine, site.database._read_engine):
        event.listen(engine, "begin", begun.append)
    assert client.get(f"/fr/opportunities/{site.engine.offers[0]}").status_code == 200
    assert len(begun) == 1
