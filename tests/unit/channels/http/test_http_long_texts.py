"""Long texts of strangers wait for one another alone: short ones, and people signed in, are answered."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

from oim.channels.http import threads
from oim.channels.http.threads import SHORT_REQUEST, TextRoute, Threads, is_crowded
from oim.features.access import STRANGER, Actor, Role
from oim.kit.errors import UnavailableError

TIMEOUT = 30.0
LONG = "mots " * SHORT_REQUEST


class Site:
    """An application with one route that finds offers by a text; one text waits until it may end."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()
        router = APIRouter(route_class=TextRoute)

        async def look_up(request: Request) -> None:
            request.state.actor = Actor(Role.PERSON) if "cookie" in request.headers else STRANGER

        @router.post("/find", dependencies=[Depends(look_up)])
        def find(body: dict[str, str], request: Request) -> dict[str, bool]:
            if body["text"].startswith("attend"):
                self.begun.set()
                assert self.may_end.wait(TIMEOUT)
            return {"is_crowded": is_crowded(request)}

        app = FastAPI()
        app.include_router(router)
        app.exception_handler(UnavailableError)(lambda *_: JSONResponse({}, 503))
        self.client = TestClient(app)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The site, while a stranger's long text takes the only place."""
    monkeypatch.setattr(threads, "LONG_TEXTS", Threads(1, wait=0.5))
    monkeypatch.setattr(threads, "KNOWN_LONG_TEXTS", Threads(1, wait=TIMEOUT))
    site = Site()
    with site.client, ThreadPoolExecutor(1) as pool:
        first = pool.submit(site.client.post, "/find", json={"text": "attend " + LONG})
        try:
            assert site.begun.wait(TIMEOUT)
            yield site
        finally:
            site.may_end.set()
        assert first.result(TIMEOUT).status_code == 200


def test_another_long_text_is_refused_and_a_short_one_answered(site: Site) -> None:
    assert site.client.post("/find", json={"text": LONG}).status_code == 503
    assert site.client.post("/find", json={"text": "couture"}).status_code == 200
    assert site.client.post("/find", params={"q": LONG}, json={"text": "couture"}).status_code == 503


def test_what_does_not_say_how_long_it_is_counts_as_long(site: Site) -> None:
    answer = site.client.post(
        "/find", content=iter([b'{"text": "x"}']), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 503


def test_people_who_are_signed_in_wait_for_no_stranger(site: Site) -> None:
    answer = site.client.post("/find", json={"text": LONG}, headers={"Cookie": "session"})
    assert answer.status_code == 200


@pytest.mark.parametrize(("patience", "late"), [(TIMEOUT, False), (-1.0, True)])
def test_a_strangers_long_text_whose_turn_came_late_is_answered_at_the_least_work(
    patience: float, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "FULL_ANSWER_WAIT", patience)
    client = Site().client
    assert client.post("/find", json={"text": LONG}).json() == {"is_crowded": late}
    for others in ({"json": {"text": "couture"}}, {"json": {"text": LONG}, "headers": {"Cookie": "session"}}):
        assert client.post("/find", **others).json() == {"is_crowded": False}
