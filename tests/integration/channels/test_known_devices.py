"""The mark of a known device, by page and API: opaque, kept by signing out, forgotten on request."""

from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from house_factory import House
from httpx2 import Response
from people_factory import add_known, code_of

from oim.channels.web.security import DEVICE_COOKIE, SESSION_COOKIE
from oim.features.people import Channel, Contact

Browser = Callable[..., TestClient]


@pytest.fixture
def contact(house: House) -> Contact:
    """A number of its own for each test, on which Awa signs in."""
    contact = Contact(Channel.SMS, f"+23767{uuid4().int % 10**7:07}")
    add_known(house.database, contact)
    return contact


def enter(house: Any, browser: TestClient, contact: Contact) -> Response:
    assert browser.post("/fr/sign-in", data={"contact": contact.value}).status_code == 303
    browser.post("/fr/sign-in/code", data={"code": code_of(house.database)})
    answer = browser.post("/fr/sign-in/who", data={"name": "Awa", "pin": "2580"})
    assert answer.status_code == 303
    return answer


def shut_out(api: TestClient, contact: Contact) -> None:
    """Use up what unknown devices may ask for, with calls whose headers name other devices."""
    for number in range(11):
        body, headers = {"contact": contact.value}, {"OIM-Device": f"{number}"}
        answer = api.post("/v1/sign-in/codes", json=body, headers=headers)
    assert answer.status_code == 429


def test_the_mark_is_protected_and_says_nothing(house: House, web: Browser, contact: Contact) -> None:
    cookies = SimpleCookie()
    for header in enter(house, web(), contact).headers.get_list("set-cookie"):
        cookies.load(header)
    mark = cookies[DEVICE_COOKIE]
    attributes = (mark["secure"], mark["httponly"], mark["samesite"], mark["path"], mark["domain"])
    assert attributes == (True, True, "lax", "/", "")
    assert int(mark["max-age"]) == 180 * 24 * 3600
    assert len(mark.value) == 45
    assert contact.value[1:] not in mark.value
    assert cookies[SESSION_COOKIE]["max-age"] == ""


@pytest.mark.parametrize("form", ["/fr/sign-in", "/fr/staff/sign-in"])
def test_whoever_opens_a_form_to_sign_in_has_a_mark(web: Browser, form: str) -> None:
    browser = web()
    browser.get("/fr")
    assert DEVICE_COOKIE not in browser.cookies
    assert browser.get(form).headers["Cache-Control"] == "no-store"
    mark = browser.cookies[DEVICE_COOKIE]
    browser.get(form)
    assert browser.cookies[DEVICE_COOKIE] == mark
    assert web().get(form).cookies[DEVICE_COOKIE] != mark


def test_signing_in_leaves_the_mark_of_the_form_as_it_is(
    house: House, api: TestClient, web: Browser, contact: Contact
) -> None:
    """Its end in the browser's settings would tell whether somebody signed in, and when."""
    browser = web()
    browser.get("/fr/sign-in")
    answer = enter(house, browser, contact)
    assert not [value for value in answer.headers.get_list("set-cookie") if DEVICE_COOKIE in value]
    shut_out(api, contact)
    enter(house, browser, contact)


def test_a_browser_that_signed_out_is_known_still_and_names_nobody(
    house: House, api: TestClient, web: Browser, contact: Contact
) -> None:
    browser = web()
    enter(house, browser, contact)
    mark = browser.cookies[DEVICE_COOKIE]
    page = browser.post("/fr/sign-out").text
    assert "Rien de vous ne reste" not in page
    assert "/fr/sign-out/device" in page
    assert "Awa" not in page + browser.get("/fr/sign-in").text
    shut_out(api, contact)
    answer = web().post("/fr/sign-in", data={"contact": contact.value})
    assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (429, True)
    enter(house, browser, contact)
    assert browser.cookies[DEVICE_COOKIE] == mark


def test_a_browser_forgets_on_request(house: House, api: TestClient, web: Browser, contact: Contact) -> None:
    browser = web()
    enter(house, browser, contact)
    answer = browser.post("/en/sign-out/device")
    assert "no longer knows that somebody signed in" in answer.text
    assert "Nothing of yours stays" in answer.text
    assert "/en/sign-out/device" not in answer.text
    assert DEVICE_COOKIE not in browser.cookies
    assert browser.get("/fr/me").status_code == 401, "signed out as well"
    shut_out(api, contact)
    assert browser.post("/fr/sign-in", data={"contact": contact.value}).status_code == 429


def test_erasing_an_account_leaves_no_mark(house: House, web: Browser, contact: Contact) -> None:
    browser = web()
    enter(house, browser, contact)
    assert browser.post("/fr/me/data/erase", data={"pin": "2580"}).status_code == 200
    assert DEVICE_COOKIE not in browser.cookies


def test_a_program_presents_its_device(house: House, api: TestClient, contact: Contact) -> None:
    def enter_by_api(device: str) -> dict[str, str]:
        headers = {"OIM-Device": device}
        challenge = api.post("/v1/sign-in/codes", json={"contact": contact.value}, headers=headers)
        assert challenge.status_code == 202
        body = {"challenge": challenge.json()["challenge"], "code": code_of(house.database)}
        ticket = api.post("/v1/sign-in/tickets", json=body).json()["ticket"]
        body = {"ticket": ticket, "name": "Awa", "pin": "2580"}
        session: dict[str, str] = api.post("/v1/sessions", json=body, headers=headers).json()
        return session

    device = enter_by_api("")["device"]
    shut_out(api, contact)
    assert enter_by_api(device)["device"] == device


@pytest.mark.parametrize(("language", "words"), [("fr", "numéro de portable"), ("en", "mobile number")])
@pytest.mark.parametrize(
    "number",
    ["222 31 45 67", "88054321", "+33 892 70 12 39", "+44 9061 765432", "+1 900 555 4321", "+88216987654"],
)
def test_no_code_goes_to_a_number_that_it_does_not_reach_or_that_costs_dear(
    api: TestClient, number: str, language: str, words: str
) -> None:
    headers = {"Accept-Language": language}
    answer = api.post("/v1/sign-in/codes", json={"contact": number}, headers=headers)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
