"""The pages except the listing, in both languages: their texts, and text of offers that stays text."""

from types import SimpleNamespace

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.requests import Request
from web_stand_ins import POULTRY, TAILOR, WELDER, Browser, OffersInMemory, offer, text

from oim.channels.http.operator import Operator
from oim.channels.web.pages import PageContext
from oim.features.opportunities import EmploymentDetails, Kind
from oim.kit.errors import BadInputError, OimError, TooManyError, UnavailableError
from oim.kit.i18n import translator

PAGES = {
    "/{}/": (
        "Un emploi, une formation, un appui pour votre activité",
        "A job, a course, support for your small business",
    ),
    f"/{{}}/opportunities/{TAILOR}": ("Couturière", "Couturière"),
    f"/{{}}/opportunities/{WELDER}": ("Welding course", "Welding course"),
    f"/{{}}/opportunities/{POULTRY}": ("Élevage de poulets", "Élevage de poulets"),
}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("number", [0, 1])
def test_each_page_is_shown_in_each_language(browser: Browser, path: str, number: int) -> None:
    language, other = (("fr", "en"), ("en", "fr"))[number]
    page = browser.open(path.format(language))
    assert page.css_first("html").attributes["lang"] == language
    assert [" ".join(h1.text().split()) for h1 in page.css("h1")] == [PAGES[path][number]]
    assert text(page, "title").startswith(PAGES[path][number])
    switch = page.css_first(f"header [lang={other}]").attributes
    # A page with a form takes along what was typed.
    target = switch["href"] if "href" in switch else switch["formaction"].removesuffix("?typed=yes")
    assert target == path.format(other)


@pytest.mark.parametrize(
    ("accepted", "target"),
    [("fr-FR,fr;q=0.9", "/fr/"), ("en-GB,en;q=0.9,fr;q=0.5", "/en/"), ("ff", "/fr/"), ("", "/fr/")],
)
def test_the_root_redirects_to_the_language_of_the_browser(
    browser: Browser, accepted: str, target: str
) -> None:
    answer = browser.client.get("/", headers={"Accept-Language": accepted}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, target)
    assert answer.headers["vary"] == "Accept-Language"


def test_home_shows_the_newest_offer_of_each_kind(browser: Browser, catalogue: OffersInMemory) -> None:
    titles = [node.text() for node in browser.open("/fr/").css(".card h3")]
    assert titles == ["Couturière", "Welding course", "Élevage de poulets"]
    assert [query["kind"] for query in catalogue.queries] == list(Kind)


def test_a_card_shows_its_facts_in_the_usual_order(browser: Browser) -> None:
    card = browser.open("/fr/").css_first(".card")
    card_text = " ".join(card.text().split())
    parts = ["Emploi", "Couturière", "Atelier d’Akwa", "Douala, Littoral", "80 000 à 120 000 FCFA par mois"]
    positions = [card_text.index(part) for part in [*parts, "Jusqu’au", "Voir l’offre"]]
    assert positions == sorted(positions)


def test_a_title_in_another_language_is_marked_with_it(browser: Browser) -> None:
    french, english, unknown = browser.open("/fr/").css(".card h3")
    assert french.attributes.get("lang") is None
    assert english.attributes["lang"] == "en"
    assert unknown.attributes.get("lang") is None


def test_an_offer_page_shows_every_fact_that_is_stated(browser: Browser) -> None:
    page = browser.open(f"/fr/opportunities/{TAILOR}")
    facts = {" ".join(d.css_first("dt").text().split()): d.css_first("dd").text() for d in page.css("dl div")}
    assert facts == {"Contrat": "CDD (durée déterminée)", "Postes à pourvoir": "4"}
    assert [p.text() for p in page.css(".words p")] == [
        "Vous taillez les tissus.",
        "Appelez le 699 12 34 56.",
    ]
    assert "Âge : de 18 à 45 ans" in text(page, ".body")
    assert text(page, ".source").startswith("Publiée le")
    assert "Ne payez rien pour avoir un emploi" in text(page, ".beware")


def test_the_link_to_the_publisher_shows_the_host(browser: Browser) -> None:
    link = browser.open(f"/en/opportunities/{TAILOR}").css_first(".body .button")
    assert link.text() == "Open the page on www.exemple.cm"
    assert link.attributes["rel"] == "noopener noreferrer nofollow"
    assert browser.open(f"/en/opportunities/{WELDER}").css_first(".body .button") is None


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//exemple.cm/x",
        "http://",
        "http://[x",
        "ftp://a.cm/",
        "https://fne.cm@arnaque.example/x",
    ],
)
def test_an_unsafe_address_is_not_linked(browser: Browser, catalogue: OffersInMemory, url: str) -> None:
    catalogue.offers = [offer(TAILOR, kind=Kind.EMPLOYMENT, title="T", url=url)]
    assert browser.open(f"/fr/opportunities/{TAILOR}").css_first(".body a.button") is None


HOSTILE = '<script>alert("x")</script>\'"><img src=x onerror=alert(1)>'


@pytest.mark.parametrize("path", ["/fr/", f"/fr/opportunities/{TAILOR}"])
def test_markup_in_an_offer_is_shown_as_text(browser: Browser, catalogue: OffersInMemory, path: str) -> None:
    values = {"title": HOSTILE, "organisation": HOSTILE, "description": HOSTILE, "language": 'fr" onload="x'}
    catalogue.offers = [offer(TAILOR, kind=Kind.EMPLOYMENT, **values)]
    page = browser.open(path)
    assert page.css("script, img") == []
    assert all(not name.startswith("on") for node in page.css("*") for name in node.attributes)
    assert HOSTILE in page.css_first("main").text()


def test_a_closed_offer_says_so_and_cannot_be_applied_for(
    browser: Browser, catalogue: OffersInMemory
) -> None:
    catalogue.offers = [
        offer(
            TAILOR, days=-2, kind=Kind.EMPLOYMENT, title="T", url="https://a.cm/", details=EmploymentDetails()
        )
    ]
    page = browser.open(f"/fr/opportunities/{TAILOR}")
    assert text(page, ".notice").startswith("Cette offre est fermée.")
    assert "Fermée depuis le" in text(page, ".lines")
    assert page.css_first("a.button[rel]") is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/fr/nowhere", 404),
        ("/de/", 404),
        ("/nowhere", 404),
        ("/fr/opportunities/not-a-uuid", 404),
        ("/fr/opportunities/00000000-0000-0000-0000-00000000ffff", 404),
        ("/static/nothing.css", 404),
    ],
)
def test_a_page_that_does_not_exist_links_to_pages_that_do(browser: Browser, path: str, status: int) -> None:
    page = browser.open(path, status)
    assert page.css_first("html").attributes["lang"] == "fr"
    assert {"/fr/", "/fr/opportunities"} <= {a.attributes["href"] for a in page.css("main a")}


def test_an_error_page_is_in_the_language_of_the_path_else_of_the_browser(browser: Browser) -> None:
    assert text(browser.open("/en/nowhere", 404), "h1") == "Not found"
    answer = browser.client.get("/nowhere", headers={"Accept-Language": "en"})
    assert text(HTMLParser(answer.text), "h1") == "Not found"


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (
            UnavailableError("The search does not answer. Try again in a moment."),
            503,
            "Réessayez dans un instant",
        ),
        (RuntimeError("secret detail"), 500, "Un problème est survenu chez nous"),
    ],
)
def test_a_failure_shows_a_page_without_details(
    browser: Browser, catalogue: OffersInMemory, error: Exception, status: int, heading: str
) -> None:
    catalogue.error = error
    page = browser.open("/fr/", status)
    assert text(page, "h1") == heading
    assert "secret" not in page.html


def test_the_home_page_is_found_without_its_last_slash(browser: Browser) -> None:
    assert browser.client.get("/fr").status_code == 200


@pytest.mark.parametrize("path", ["/fr/", f"/fr/opportunities/{TAILOR}"])
def test_pages_answer_a_head_request(browser: Browser, path: str) -> None:
    assert browser.client.head(path).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "wait"),
    [
        (TooManyError("too often", wait=7), 429, "7"),
        (UnavailableError("gone"), 503, "5"),
        (BadInputError("wrong"), 400, None),
    ],
)
def test_a_form_shown_with_an_error_says_when_to_try_again(
    error: OimError, status: int, wait: str | None
) -> None:
    state = SimpleNamespace(services=SimpleNamespace(operator=Operator()))
    app = SimpleNamespace(state=state, router=SimpleNamespace(routes=[]))
    scope = {"type": "http", "method": "POST", "path": "/fr/sign-in", "query_string": b"", "headers": []}
    page = PageContext(Request({**scope, "app": app}), translator("fr"))
    answer = page.render("reported.html", error, next_steps=[], shows_help=False)
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, wait)
