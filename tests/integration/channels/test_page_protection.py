"""The protection of every page: forms of other sites refused, security headers, cookies, PINs and limits."""

import asyncio
import re
from collections.abc import Callable
from http.cookies import SimpleCookie
from itertools import cycle
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from people_factory import add_case_worker, add_known, code_of, person
from route_list import pages_app, routes_of
from starlette.types import ASGIApp

from oim.channels.http.security_headers import PAGE_HEADERS
from oim.channels.web.security import SESSION_COOKIE
from oim.features import people
from oim.features.access import Actor, Role
from oim.features.people import Channel, Contact
from oim.features.sign_in import SignInServices

Browser = Callable[..., TestClient]
PAGES = sorted(routes_of(pages_app()))
FORMS = [route for route in PAGES if not route.startswith("GET")]
ELSEWHERE = "https://elsewhere.example"
# Headers that come with a form sent from another site; the older the browser, the less they say.
FORGED: dict[str, dict[str, str]] = {
    "a new browser": {"Sec-Fetch-Site": "cross-site", "Origin": ELSEWHERE},
    "a sister site": {"Sec-Fetch-Site": "same-site", "Origin": "https://other.testserver"},
    "an older browser": {"Origin": ELSEWHERE},
    "a frame without an origin": {"Origin": "null"},
    "the same host, another port": {"Origin": "https://testserver:8443"},
    "a host that begins like ours": {"Referer": "https://testserver.elsewhere.example/fr/"},
    "a very old browser": {"Referer": f"{ELSEWHERE}/"},
    "a browser that tells nothing": {},
}
PHONE = Contact(Channel.SMS, "+237677004422")


def path_of(route: str) -> str:
    """A path that a route answers, with ids of things that do not exist."""
    path = route.split(" ")[1].replace("{lang}", "fr").replace("{language}", "fr")
    return (
        path.replace("{name}", "style.css")
        .replace("{question}", "wish")
        .replace("{purpose}", "messages")
        .replace("{slug}", "none")
        .replace("{secret}", "none")
        .format_map(AnyId())
    )


class AnyId(dict[str, str]):
    """A mapping that has the same id under every name."""

    def __missing__(self, name: str) -> str:
        return str(UUID(int=1))


@pytest.mark.parametrize(("route", "turn"), list(zip(FORMS, cycle(FORGED))))
def test_a_form_from_another_site_is_refused_by_every_route(
    web: Browser, awa: UUID, route: str, turn: str
) -> None:
    """One dependency refuses for all routes: each meets two of the browsers, each browser several routes."""
    browser = web(person(awa))
    del browser.headers["Sec-Fetch-Site"]
    for name in (turn, "a browser that tells nothing"):
        answer = browser.post(path_of(route), headers=FORGED[name], data={"pin": "2580"})
        assert answer.status_code == 403, name
        assert "set-cookie" not in answer.headers, name
    assert browser.get("/fr/me").status_code == 200  # nor was anybody signed out by it


@pytest.fixture(scope="module")
def awa(house: Any) -> UUID:
    """A person who signs in by that telephone."""
    return add_known(house.database, PHONE)


@pytest.mark.parametrize("route", PAGES)
def test_every_route_answers_with_the_security_headers(web: Browser, awa: UUID, route: str) -> None:
    for browser in (web(), web(person(awa))):
        answer = browser.request(route.split(" ", maxsplit=1)[0], path_of(route))
        assert {name: answer.headers[name] for name in PAGE_HEADERS} == PAGE_HEADERS | {
            "Referrer-Policy": answer.headers["Referrer-Policy"]
        }
        assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    if "/{lang}/" in route and not answer.is_redirect:
        assert answer.headers["cache-control"] == "no-store"


def test_each_sign_in_opens_a_new_session_in_a_protected_cookie(house: Any, web: Browser, awa: UUID) -> None:
    sign_in: SignInServices = house.sign_in
    browser = web()
    planted = sign_in.sessions.open(person(awa))  # session fixation: an attacker knows this session
    browser.cookies.set(SESSION_COOKIE, planted)
    asked = browser.post("/fr/sign-in", data={"contact": PHONE.value})
    assert asked.headers["location"] == "/fr/sign-in/code", "no page was asked for: no parameter for it"
    browser.post("/fr/sign-in/code", data={"code": code_of(house.database)})
    answer = browser.post("/fr/sign-in/who", data={"name": "Awa", "pin": "2580"})
    assert answer.status_code == 303
    cookies = SimpleCookie()
    for header in answer.headers.get_list("set-cookie"):
        cookies.load(header)
    cookie = cookies[SESSION_COOKIE]
    assert cookie.value not in ("", planted)
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        True,
        True,
        "lax",
        "/",
    )
    assert (cookie["domain"], cookie["max-age"], cookie["expires"]) == ("", "", "")
    assert sign_in.sessions.find(cookie.value) == person(awa)


@pytest.mark.parametrize("path", ["/fr/sign-in", "/fr/sign-in/code", "/fr/staff/sign-in"])
def test_sign_in_pages_are_not_cached_by_browsers(web: Browser, path: str) -> None:
    assert web().get(path).headers["cache-control"] == "no-store"
    assert web().get("/fr/").headers["cache-control"] == "private, max-age=60"


def test_changing_an_account_requires_its_pin(house: Any, web: Browser) -> None:
    worker = add_case_worker(house.database)
    for number, (path, field, form) in enumerate((
        ("account/name", "name_pin", {"name": "Binta", "language": "fr"}),
        ("account/contacts/code", "pin", {}),
        ("help", "pin", {"code": worker.id.hex[:6].upper() if worker.id else ""}),
    )):  # fmt: skip
        awa = add_known(house.database, Contact(Channel.SMS, f"+23767700443{number}"))
        browser = web(person(awa))
        if path == "account/contacts/code":
            browser.post("/fr/me/account/contacts", data={"contact": "other@example.org"})
            form |= {"code": code_of(house.database)}
        for pin, status in (("", 400), ("0000", 400), ("2580", 303)):
            answer = browser.post(f"/fr/me/{path}", data={**form, field: pin})
            assert answer.status_code == status, path
            assert (f'id="{field}-error"' in answer.text) == (status == 400)
        with house.database.write() as session:
            current = people.get(session, person(awa), awa)
        assert len(current.contacts) == 1 + (path == "account/contacts/code")


def test_adding_a_contact_requires_the_pin_even_with_a_code_requested_to_sign_in(
    house: Any, web: Browser
) -> None:
    awa = add_known(house.database, Contact(Channel.SMS, "+237677004425"))
    browser = web(person(awa))
    browser.post("/fr/sign-in", data={"contact": "finder@example.org"})  # as if to sign in
    code = code_of(house.database)
    for form in ({"code": code}, {"code": code, "pin": "0000"}):
        assert browser.post("/fr/me/account/contacts/code", data=form).status_code == 400
    with house.database.write() as session:
        assert len(people.get(session, person(awa), awa).contacts) == 1


def test_an_invalid_token_does_not_give_a_call_a_rate_limit_of_its_own(house: Any, api: TestClient) -> None:
    with house.sign_in.cache.commands() as valkey:
        valkey.flushall()
    remaining = [
        int(re.search(r"r=(\d+)", api.get("/v1/opportunities", headers=headers).headers["RateLimit"])[1])  # type: ignore[index]
        for headers in ({}, {"Authorization": "Bearer one"}, {"Authorization": "Bearer two"})
    ]
    assert remaining == [remaining[0], remaining[0] - 1, remaining[0] - 2]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("http://oim.example.org", 422),
        ("https://oim.example.org", 202),
        ("http://127.0.0.1:8000", 202),
        ("http://[::1]:8000", 202),
    ],
)
def test_signing_in_requires_https_or_a_local_address(api: TestClient, address: str, status: int) -> None:
    contact = {"contact": "nobody@example.org"}
    assert api.post(f"{address}/v1/sign-in/codes", json=contact).status_code == status


def test_odd_characters_cause_no_failure(house: Any, web: Browser, api: TestClient, token: Any) -> None:
    awa = person(add_known(house.database, Contact(Channel.SMS, "+237677004424")))
    assert web(awa).post("/fr/me/help", content=b"code=%00&pin=2580").status_code in (400, 404)
    assert api.post(
        "/v1/me/helpers", json={"code": "\0"}, headers=token(awa) | {"OIM-PIN": "2580"}
    ).status_code in (404, 422)
    admin = Actor(Role.ADMINISTRATOR, UUID(int=9))
    answer = web(admin).post("/fr/staff/accounts", content=b"organisation=%00x&contact=a@b.cm")
    assert answer.status_code in (400, 404)
    web(awa).post("/fr/me/profile/kinds", content=b"&".join([b"kind=employment"] * 4))
    assert api.get("/v1/me/profile", headers=token(awa)).status_code == 200


@pytest.mark.parametrize("method", ["OPTIONS", "GET", "POST"])
@pytest.mark.parametrize("path", ["*", "x", "//", "/fr/\0"])
def test_a_path_of_any_form_is_answered(web_app: ASGIApp, method: str, path: str) -> None:
    # Not by the test client, which sends no such path.
    scope = {
        **{"type": "http", "method": method, "path": path, "query_string": b"", "scheme": "https"},
        **{"http_version": "1.1", "headers": [(b"host", b"testserver")], "client": ("127.0.0.1", 1)},
        "server": ("testserver", 443),
    }
    statuses = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    asyncio.run(web_app(scope, receive, send))
    assert statuses in ([404], [403]), "a page that says so, or a form that was refused"
