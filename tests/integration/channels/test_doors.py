"""What guards every page: no form of another site, headers on each answer, cookies that nobody else reads."""

from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from people_made import add_known, code_of, person
from routes_listed import pages_app, routes_of

from oim.channels.web.guard import COOKIE, HEADERS
from oim.features.people import Channel, Contact
from oim.features.sign_in import Doors

Browser = Callable[..., TestClient]
PAGES = sorted(routes_of(pages_app()))
FORMS = [route for route in PAGES if not route.startswith("GET")]
ELSEWHERE = "https://elsewhere.example"
# What a browser sends of a form that another site made, by how much the browser tells.
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
    """A path that a route answers, of things that are nowhere."""
    path = route.split(" ")[1].replace("{lang}", "fr").replace("{language}", "fr")
    return (
        path.replace("{name}", "style.css")
        .replace("{question}", "wish")
        .replace("{purpose}", "messages")
        .replace("{slug}", "none")
        .replace("{secret}", "none")
        .format_map(Somewhere())
    )


class Somewhere(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return str(UUID(int=1))


@pytest.mark.parametrize("headers", FORGED.values(), ids=list(FORGED))
@pytest.mark.parametrize("route", FORMS)
def test_no_form_of_another_site_is_read(
    web: Browser, awa: UUID, route: str, headers: dict[str, str]
) -> None:
    browser = web(person(awa))
    del browser.headers["Sec-Fetch-Site"]
    answer = browser.post(path_of(route), headers=headers, data={"pin": "2580"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert browser.get("/fr/me").status_code == 200  # nor was anybody signed out by it


@pytest.fixture(scope="module")
def awa(house: Any) -> UUID:
    """Somebody who signs in by that telephone."""
    return add_known(house.database, PHONE)


@pytest.mark.parametrize("route", PAGES)
def test_every_route_answers_with_the_headers(web: Browser, awa: UUID, route: str) -> None:
    for browser in (web(), web(person(awa))):
        answer = browser.request(route.split(" ", maxsplit=1)[0], path_of(route))
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS | {
            "Referrer-Policy": answer.headers["Referrer-Policy"]
        }
        assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    if "/{lang}/" in route and not answer.is_redirect:
        assert answer.headers["cache-control"] == "no-store"


def test_a_session_is_new_at_each_sign_in_and_its_cookie_is_kept_to_us(
    house: Any, web: Browser, awa: UUID
) -> None:
    doors: Doors = house.doors
    browser = web()
    planted = doors.sessions.open(person(awa))  # somebody else's idea of which session it should be
    browser.cookies.set(COOKIE, planted)
    browser.post("/fr/sign-in", data={"contact": PHONE.value})
    browser.post("/fr/sign-in/code", data={"code": code_of(house.database)})
    answer = browser.post("/fr/sign-in/who", data={"name": "Awa", "pin": "2580"})
    assert answer.status_code == 303
    cookies = SimpleCookie()
    for header in answer.headers.get_list("set-cookie"):
        cookies.load(header)
    given = cookies[COOKIE]
    assert given.value not in ("", planted)
    assert (given["secure"], given["httponly"], given["samesite"], given["path"]) == (True, True, "lax", "/")
    assert (given["domain"], given["max-age"], given["expires"]) == ("", "", "")
    assert doors.sessions.find(given.value) == person(awa)
