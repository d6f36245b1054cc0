"""The redirect to a publisher's page, in a browser without JavaScript, under our pages' security policy."""

import json

import pytest
from journey_axe import TELEPHONE
from journey_visit import Visit

LANGUAGES = ["fr", pytest.param("en", marks=pytest.mark.drill)]
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", LANGUAGES)]

URL = "https://www.chantiers.example.cm/offres/12?a=b"
OFFER = {
    "kind": "employment",
    "external_id": "leaving-12",
    "title": "Maçon",
    "description": "Un chantier de six mois.",
    "organisation": "Chantiers de la Menoua",
    "url": URL,
}


@pytest.fixture(scope="module")
def offer(one_stack, tmp_path_factory):
    """Publish an offer that links to its own page, and return its id."""
    if not one_stack.runs:
        one_stack.start()
    file = tmp_path_factory.mktemp("offers") / "offers.jsonl"
    file.write_text(json.dumps(OFFER), encoding="utf-8")
    one_stack.run("ingest", "file", str(file), "--source", "leaving")
    return next(one["id"] for one in one_stack.offers() if one["url"] == URL)


def test_a_notice_comes_before_the_redirect_and_no_referrer_is_sent(chromium, stack, language, offer):
    with Visit(chromium, stack.address, language) as visit:
        page = visit.page
        page.goto(f"/{language}/opportunities/{offer}")
        assert visit.go(".body a.button") == 200
        assert "www.chantiers.example.cm" in page.locator("h1").inner_text()
        assert visit.hosts() == {"127.0.0.1"}
        with page.expect_request(URL) as asked:
            page.locator("main a.button").first.click(no_wait_after=True)
        assert "referer" not in asked.value.headers


def test_the_redirect_notice_is_accessible(chromium, stack, checker, language, offer):
    with Visit(chromium, stack.address, language) as visit:
        visit.page.goto(f"/{language}/opportunities/{offer}")
        visit.go(".body a.button")
        assert checker.violations(visit.page.content(), TELEPHONE) == []
