"""The link at the top of a page to the one it lies below."""

import re
from uuid import UUID

import pytest
from route_list import all_routes
from web_stand_ins import TAILOR, Browser

from oim.channels.web.back_links import BackLink, find_list, find_parent
from oim.kit.i18n import translator

T = translator("en")
ID = str(UUID(int=7))
PAGES = sorted(
    route.removeprefix("GET ").replace("{lang}", "en")
    for route in all_routes()
    if route.startswith("GET /{lang}")
)


def fill(path: str) -> str:
    """A route's path with ids in the place of its parameters."""
    return re.sub(r"\{[a-z_]+\}", ID, path)


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/en/"])
def test_every_page_below_the_first_leads_to_a_page_above_it(path: str) -> None:
    parent = find_parent(fill(path), {}, T)
    assert parent is not None
    assert parent.text
    above = parent.href.removesuffix("/")
    assert fill(path).startswith(f"{above}/")
    assert above in {fill(page).removesuffix("/") for page in PAGES}


def test_the_first_page_has_none_above_it() -> None:
    assert find_parent("/en/", {}, T) is None


@pytest.mark.parametrize(
    ("path", "parent"),
    [
        ("/en/opportunities", BackLink("/en/", "Home")),
        (f"/en/opportunities/{ID}", BackLink("/en/opportunities", "Open offers")),
        (f"/en/opportunities/{ID}/answer/phone", BackLink(f"/en/opportunities/{ID}", "The offer")),
        ("/en/me/consents/matching/withdraw", BackLink("/en/me/consents", "What I agree to")),
        ("/en/me", BackLink("/en/", "Home")),
        (f"/en/staff/people/{ID}/profile/wish", BackLink("/en/staff/people", "People I help")),
    ],
)
def test_the_nearest_page_above_is_found(path: str, parent: BackLink) -> None:
    assert find_parent(path, {}, T) == parent


def test_a_page_below_an_offer_leads_back_with_what_the_offer_was_opened_with() -> None:
    query = {"list": "a1", "back": "/en/opportunities?kind=agr", "other": "x"}
    parent = find_parent(f"/en/opportunities/{ID}/apply", query, T)
    assert parent is not None
    assert parent.href == f"/en/opportunities/{ID}?list=a1&back=%2Fen%2Fopportunities%3Fkind%3Dagr"


def test_the_list_that_an_offer_was_opened_from_is_gone_back_to_in_the_language_of_the_page() -> None:
    assert find_list("/fr/opportunities?kind=agr", T) == BackLink("/en/opportunities?kind=agr", "Open offers")
    assert find_list("/en/me/offers", T) == BackLink("/en/me/offers", "Offers for me")


@pytest.mark.parametrize(
    "back",
    [
        "",
        "//evil.example/",
        "https://evil.example/en/opportunities",
        "/en/sign-out",
        "/en//evil.example",
        "/en/opportunities/../me",
        "/en/opportunities?x=<b>",
        "/de/opportunities",
        "/en/me/data/erase",
        "opportunities",
    ],
)
def test_an_address_that_is_no_list_of_ours_is_not_gone_back_to(back: str) -> None:
    assert find_list(back, T) is None


def test_pages_show_the_link_and_the_first_page_and_error_pages_do_not(browser: Browser) -> None:
    back = browser.open(f"/fr/opportunities/{TAILOR}").css_first("a.back")
    assert back.attributes["href"] == f"/fr/opportunities#c{TAILOR}"
    assert browser.open("/fr/").css_first("a.back") is None
    assert browser.open("/fr/nothing", code=404).css_first("a.back") is None
