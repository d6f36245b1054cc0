"""Public pages from the cache: who gets them, when they are made anew, and what is still recorded."""

import asyncio
import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from people_factory import add_people, person
from sqlalchemy import select
from starlette.types import ASGIApp, Receive, Scope, Send

from oim.channels.http.offer_cache import CatalogueWatch
from oim.channels.web.public_pages import PublicPages
from oim.channels.web.security import DEVICE_COOKIE, SESSION_COOKIE, VISIT_COOKIE
from oim.features.access import Actor
from oim.features.events import record_shown_list
from oim.features.events.models import EventRow
from oim.features.ingestion import ingest_offers
from oim.features.opportunities import (
    Draft,
    Kind,
    RedFlag,
    TrainingDetails,
    hold_offers,
    mark_known,
    release_offer,
    save_flags,
    withdraw_offer,
)
from oim.features.opportunities.rows import make_offer_id
from oim.kit.clock import now
from oim.kit.db import WriteSession
from oim.kit.errors import UnavailableError

SOURCE = "public-pages"
DRAFT = Draft(kind=Kind.TRAINING, external_id="1", title="Soudure à Ngaoundéré", details=TrainingDetails())
OFFER = make_offer_id(SOURCE, DRAFT.external_id)
LISTING = "/fr/opportunities"
PATH = f"{LISTING}/{OFFER}"


class Counter:
    """An application in front of the pages, which counts the requests that reach them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += 1
        await self.app(scope, receive, send)


class Site:
    """The pages behind their cache."""

    def __init__(self, house: Any, web_app: ASGIApp, portal: BlockingPortal) -> None:
        self.house, self.portal = house, portal
        self.made = Counter(web_app)
        self.pages = PublicPages(self.made, CatalogueWatch(house.database))

    def client(self, actor: Actor | None = None) -> TestClient:
        client = TestClient(self.pages, "https://testserver", follow_redirects=False)
        client.portal = self.portal
        if actor:
            client.cookies.set(SESSION_COOKIE, self.house.sign_in.sessions.open(actor))
        return client

    def change(self, act: Callable[..., object], *args: object, **options: object) -> None:
        with self.house.database.write() as session:
            act(session, *args, **options)


@pytest.fixture(autouse=True)
def _fresh_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the version for each request: how old it may be is tested by itself."""
    monkeypatch.setattr("oim.channels.http.offer_cache.VERSION_INTERVAL", 0.0)


@pytest.fixture
def site(house: Any, web_app: ASGIApp, portal: BlockingPortal) -> Iterator[Site]:
    store(house, DRAFT)
    site = Site(house, web_app, portal)
    site.change(release_offer, OFFER)
    yield site
    site.change(withdraw_offer, OFFER)


def store(house: Any, *drafts: Draft) -> None:
    ingest_offers(house.database, list(drafts), source=SOURCE, origin="test", format_name="test")


@pytest.mark.parametrize("path", ["/fr/", "/en/", LISTING, f"{LISTING}?kind=training", PATH])
def test_a_stranger_gets_the_same_page_without_it_being_made_again(site: Site, path: str) -> None:
    first, second = site.client().get(path), site.client().get(path)
    assert first.status_code == 200
    assert (first.content, first.headers) == (second.content, second.headers)
    assert site.made.count == 1
    assert first.headers["cache-control"] == "private, max-age=60"
    assert "default-src 'none'" in second.headers["content-security-policy"]


def test_each_language_has_its_own_page(site: Site) -> None:
    for _ in range(2):
        assert "Offres ouvertes" in site.client().get(LISTING).text
        assert "Open offers" in site.client().get("/en/opportunities").text


def test_the_link_to_the_other_language_keeps_the_query_as_it_was_sent(site: Site) -> None:
    for query in ("kind=agr&words=", "words=&kind=agr"):
        assert (
            f"/en/opportunities?{query.replace('&', '&amp;')}" in site.client().get(f"{LISTING}?{query}").text
        )


CHANGES: dict[str, Callable[[Site], None]] = {
    "held": lambda site: site.change(hold_offers, [OFFER]),
    "withdrawn": lambda site: site.change(withdraw_offer, OFFER),
    "flagged": lambda site: site.change(save_flags, {OFFER: [RedFlag("fee", "payez")]}),
    "of a known source": lambda site: site.change(mark_known, SOURCE, known=True),
    "changed": lambda site: store(site.house, replace(DRAFT, title="Soudure à Garoua")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_offer_changes_its_page(site: Site, change: str) -> None:
    before = site.client().get(PATH)
    CHANGES[change](site)
    after = site.client().get(PATH)
    assert (after.status_code, after.text) != (before.status_code, before.text)


def test_a_hidden_offer_leaves_the_listing_and_a_new_one_enters_it(site: Site) -> None:
    assert DRAFT.title in site.client().get(LISTING).text
    site.change(hold_offers, [OFFER])
    assert DRAFT.title not in site.client().get(LISTING).text
    store(site.house, replace(DRAFT, external_id="new", title="Une formation toute neuve"))
    assert "Une formation toute neuve" in site.client().get(LISTING).text


def test_a_change_that_is_rolled_back_leaves_the_page(site: Site) -> None:
    site.client().get(PATH)

    def hold_and_fail(session: WriteSession) -> None:
        hold_offers(session, [OFFER])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        site.change(hold_and_fail)
    assert site.client().get(PATH).status_code == 200
    assert site.made.count == 1


def test_a_version_may_be_a_second_old(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("oim.channels.http.offer_cache.VERSION_INTERVAL", 1.0)
    monkeypatch.setattr("oim.channels.http.offer_cache.monotonic", lambda: clock[0])
    assert site.client().get(PATH).status_code == 200
    site.change(hold_offers, [OFFER])
    clock[0] += 0.9
    assert site.client().get(PATH).status_code == 200
    clock[0] += 0.1
    assert site.client().get(PATH).status_code == 404


def test_a_page_is_made_anew_after_midnight_and_after_a_minute(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    today, clock = now(), [1000.0]
    monkeypatch.setattr("oim.channels.web.public_pages.monotonic", lambda: clock[0])
    monkeypatch.setattr("oim.channels.web.public_pages.now", lambda: today)
    site.client().get(LISTING)
    clock[0] += 59
    site.client().get(LISTING)
    assert site.made.count == 1
    clock[0] += 1
    site.client().get(LISTING)
    assert site.made.count == 2
    tomorrow: datetime = today + timedelta(days=1)
    monkeypatch.setattr("oim.channels.web.public_pages.now", lambda: tomorrow)
    site.client().get(LISTING)
    assert site.made.count == 3


def test_who_is_signed_in_neither_gets_nor_fills_the_cache(site: Site) -> None:
    [awa] = add_people(site.house.database)
    for path in ("/fr/", LISTING, PATH):
        own = site.client(person(awa)).get(path)
        assert own.headers["cache-control"] == "no-store"
        public = site.client().get(path)
        assert "/fr/sign-out" in own.text
        assert "/fr/sign-out" not in public.text
        assert "/fr/sign-out" in site.client(person(awa)).get(path).text


def test_an_unknown_session_is_no_reason_to_cache(site: Site) -> None:
    client = site.client()
    client.cookies.set(SESSION_COOKIE, "over")
    client.get(LISTING)
    client.get(LISTING)
    assert site.made.count == 2


def test_other_cookies_of_ours_are_no_session(site: Site) -> None:
    client = site.client()
    client.cookies.set(VISIT_COOKIE, "one")
    client.cookies.set(DEVICE_COOKIE, "two")
    client.get(LISTING)
    client.get(LISTING)
    assert site.made.count == 1


def test_clients_get_the_page_compressed_only_if_they_can_read_it(site: Site) -> None:
    plain, packed = {"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip"}
    for _ in range(2):
        with site.client().stream("GET", LISTING, headers=packed) as answer:
            assert answer.headers["content-encoding"] == "gzip"
            unpacked = gzip.decompress(b"".join(answer.iter_raw()))
        with site.client().stream("GET", LISTING, headers=plain) as answer:
            assert "content-encoding" not in answer.headers
            assert b"".join(answer.iter_raw()) == unpacked
            assert answer.headers["content-length"] == str(len(unpacked))
    assert site.made.count == 2


def test_a_browser_that_kept_the_page_is_told_that_it_is_unchanged(site: Site) -> None:
    first = site.client().get(LISTING)
    again = site.client().get(LISTING, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    site.change(withdraw_offer, OFFER)
    changed = site.client().get(LISTING, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


def test_head_requests_and_errors_are_not_cached(site: Site) -> None:
    nowhere = f"{LISTING}/{UUID(int=5)}"
    for _ in range(2):
        assert site.client().head(LISTING).status_code == 200
        assert site.client().get(nowhere).status_code == 404
        assert site.client().get(f"{LISTING}?kind=wedding").status_code == 400
    assert site.made.count == 6


@pytest.mark.parametrize("query", ["list={}", "x=y&list={}", "%6cist={}"])
def test_every_offer_opened_from_a_list_is_recorded(site: Site, query: str) -> None:
    list_id = uuid4()
    site.change(record_shown_list, now(), list_id, [(OFFER, {})])
    site.client().get(PATH)  # the page without a list is in the cache
    for made in (2, 3):
        assert site.client().get(f"{PATH}?{query.format(list_id.hex)}").status_code == 200
        assert site.made.count == made
    with site.house.database.read() as session:
        kinds = session.scalars(select(EventRow.kind).where(EventRow.list_id == list_id))
        assert set(kinds) == {"shown", "opened"}


def test_many_who_come_at_once_have_the_page_made_once(site: Site) -> None:
    async def ask() -> tuple[int, bytes]:
        """One request, and its status and body."""
        messages: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        scope = {"type": "http", "method": "GET", "path": LISTING, "raw_path": LISTING.encode()}
        scope |= {"query_string": b"", "headers": [(b"host", b"testserver")], "root_path": ""}
        scope |= {"http_version": "1.1", "scheme": "https", "client": ("127.0.0.1", 1), "server": ("x", 443)}
        await site.pages(scope, receive, send)
        return messages[0]["status"], messages[1]["body"]

    async def ask_together() -> list[tuple[int, bytes]]:
        return await asyncio.gather(*(ask() for _ in range(50)))

    answers = asyncio.run(ask_together())
    assert len(set(answers)) == 1
    assert answers[0][0] == 200
    assert site.made.count == 1


def test_pages_are_counted_under_their_route_from_the_cache_too(site: Site) -> None:
    routes = []
    app = FastAPI()

    async def note(scope: Scope, receive: Receive, send: Send) -> None:
        await site.pages(scope, receive, send)
        routes.append(scope["route"].path)

    app.router.default = note
    for _ in range(2):
        TestClient(app).get(LISTING)
    assert routes == ["/opportunities", "/opportunities"]


def test_without_the_database_nothing_comes_from_the_cache(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert site.client().get(LISTING).status_code == 200

    class Down:
        def read_stale(self) -> Any:
            raise UnavailableError("The database does not answer. Try again in a moment.")

    monkeypatch.setattr(site.pages._versions, "_database", Down())
    site.client().get(LISTING)
    assert site.made.count == 2
