"""A stuck holder of a lock: personal pages say so soon, and everybody else is answered meanwhile."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from house_factory import House
from people_factory import add_people

from oim.channels.http import threads
from oim.channels.http.services import Services
from oim.channels.http.threads import Threads
from oim.channels.web.security import SESSION_COOKIE
from oim.features.access import Actor, Role
from oim.features.audit.chain import _LOCK_SPACE, SHARDS
from oim.kit.db import Database

OpenSite = Callable[[Database], TestClient]
PLACES = 4
CROWD = 60  # more than the threads of the framework
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


@pytest.fixture
def holder(postgres: str) -> Iterator[psycopg.Connection]:
    """A stuck holder of the locks of the trail, which every personal page writes to."""
    with psycopg.connect(postgres) as connection:
        for shard in SHARDS:
            connection.execute(f"SELECT pg_advisory_xact_lock({_LOCK_SPACE}, {shard})")
        yield connection


@pytest.fixture
def open_site(house: House, serve: Callable[[Services], FastAPI]) -> OpenSite:
    """A function that opens a client of the whole site over a database of its own."""

    def open_over(database: Database) -> TestClient:
        app = serve(Services(database, house.engine, house.sign_in, house.blobs))
        return TestClient(app, "https://testserver", raise_server_exceptions=False)

    return open_over


@pytest.fixture
def person(house: House) -> UUID:
    return add_people(house.database)[0]


@pytest.fixture
def token(house: House, person: UUID) -> str:
    return house.sign_in.sessions.open(Actor(Role.PERSON, person))


@pytest.fixture
def quick_site(house: House, open_site: OpenSite, postgres: str) -> Iterator[TestClient]:
    """The site, whose connections wait a moment for a lock."""
    database = Database(postgres + "&options=-c%20lock_timeout%3D50ms", house.database.vault)
    with open_site(database) as client:
        yield client
    database.close()


@pytest.fixture
def patient_site(
    house: House, open_site: OpenSite, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """The site, whose connections wait long for a lock, and its requests a moment for a thread."""
    monkeypatch.setattr(threads, "PERSONAL", Threads(PLACES, wait=0.05))
    database = Database(postgres + "&options=-c%20lock_timeout%3D10s", house.database.vault)
    with open_site(database) as client:
        yield client
    database.close()


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "en train de changer"), ("en", "being changed right now")]
)
def test_a_page_that_waits_for_the_trail_is_refused_in_words(
    quick_site: TestClient, token: str, holder: psycopg.Connection, language: str, words: str
) -> None:
    page = quick_site.get(f"/{language}/me", headers={"Cookie": f"{SESSION_COOKIE}={token}"})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert words in page.text
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
    answer = quick_site.get("/v1/me", headers=headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert words in answer.json()["detail"]
    assert quick_site.get("/healthz").status_code == 200
    holder.rollback()
    assert quick_site.get("/v1/me", headers=headers).status_code == 200


def test_a_page_that_waits_for_a_person_is_refused_in_words(
    quick_site: TestClient, token: str, person: UUID, postgres: str
) -> None:
    cookie = {"Cookie": f"{SESSION_COOKIE}={token}", "Sec-Fetch-Site": "same-origin"}
    with psycopg.connect(postgres) as holder:
        # Whoever refers to a person locks their row too.
        holder.execute("SELECT 1 FROM people WHERE id = %s FOR UPDATE", (person,))
        page = quick_site.post("/en/me/consents/matching", headers=cookie, data={"agree": "1"})
        assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
        assert "being changed right now" in page.text
        assert quick_site.get("/healthz").status_code == 200


def test_a_crowd_that_waits_keeps_nobody_else_waiting(
    patient_site: TestClient, token: str, postgres: str, holder: psycopg.Connection
) -> None:
    cookie = {"Cookie": f"{SESSION_COOKIE}={token}"}
    with psycopg.connect(postgres, autocommit=True) as watcher, ThreadPoolExecutor(CROWD) as crowd:
        visits = [crowd.submit(patient_site.get, "/fr/me", headers=cookie) for _ in range(CROWD)]
        while watcher.execute(WAITING).fetchone() != (PLACES,):
            assert not all(visit.done() for visit in visits)
        paths = ("/fr/", "/fr/opportunities?words=a", "/v1/opportunities", "/healthz", "/static/style.css")
        assert [patient_site.get(path).status_code for path in paths] == [200] * len(paths)
        assert watcher.execute(WAITING).fetchone() == (PLACES,), "they still wait"
        # The others got no thread in time, and were told so.
        refused = list(islice(as_completed(visits), CROWD - PLACES))
        holder.rollback()
        assert {visit.result().status_code for visit in refused} == {503}
        statuses = [visit.result().status_code for visit in visits]
    assert sorted(statuses) == [200] * PLACES + [503] * (CROWD - PLACES)
    assert patient_site.get("/fr/me", headers=cookie).status_code == 200
