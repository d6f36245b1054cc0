"""What axe finds on each page, on a telephone and on a desk, with the contrast of 7:1 that is asked for."""

import pytest
from journey_person import join
from journey_visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["fr", "en"])]

OPTIONS = {"resultTypes": ["violations"], "rules": {"color-contrast-enhanced": {"enabled": True}}}
WIDTHS = (360, 1280)
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def visit(chromium, stack, language):
    """A visit that lets axe run, which is JavaScript."""
    with Visit(chromium, stack.address, language, javascript=True) as held:
        yield held
    assert held.hosts() == {"127.0.0.1"}


@pytest.fixture
def violations(visit):
    """A function that gives what is wrong with the page shown, at each width."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def look():
        found = []
        for width in WIDTHS:
            visit.page.set_viewport_size({"width": width, "height": 740})
            found += [
                (width, wrong["id"], wrong["nodes"])
                for wrong in axe.run(visit.page, options=OPTIONS).response["violations"]
            ]
            found += [(width, "wider than the screen")] * visit.page.evaluate(WIDE)
        return found

    return look


def test_search_pages(visit, violations, language):
    visit.home()
    assert violations() == []
    visit.say_more()
    assert visit.ask(text="poulet", birth_year="1795") == 400
    assert violations() == []
    assert visit.ask(birth_year="1995") == 200
    visit.say_more()
    assert violations() == []


def test_pages_of_offers(visit, violations, language):
    visit.page.goto(f"/{language}/opportunities")
    assert violations() == []
    for kind in ("employment", "training", "agr"):
        visit.page.goto(f"/{language}/opportunities?kind={kind}")
        visit.go(".card .button")
        assert violations() == []


def test_the_search_of_offers(visit, violations, language):
    page, listing = visit.page, f"/{language}/opportunities"
    for query in ("town=Douala&within=50&posted=30", "kind=agr&kind=training&town=x", "words=zzzz&amount=1"):
        page.goto(f"{listing}?{query}")
        assert page.locator("details[open]").count() == ("town" in query or "amount" in query)
        assert violations() == []


def test_pages_of_what_one_follows(visit, violations, language, stack):
    page, me = visit.page, f"/{language}/me"
    join(visit, stack, {"fr": "677300712", "en": "677300713"}[language])
    for _ in range(2):  # not agreed to, then nothing told
        page.goto(f"{me}/offers")
        assert violations() == []
        if page.locator("form.panel").count():
            assert visit.go("form.panel .button") == 200
    page.goto(f"{me}/profile/wish")
    page.fill("#text", "couture")
    visit.go("form.panel .button")
    page.goto(f"{me}/offers")
    visit.go(".acts button")
    assert violations() == []
    visit.go(".card .button")
    assert violations() == []
    visit.go(".acts a")
    assert visit.go("form.panel .button") == 400
    assert violations() == []
    page.check("input[value=other]")
    visit.go("form.panel .button")
    page.goto(f"/{language}/opportunities?words=couture")
    assert violations() == []
    visit.go("form.panel .button")
    for own in ("saved", "dismissed", "searches"):
        page.goto(f"{me}/{own}")
        assert page.locator(".panel, .card").count() == 1
        assert violations() == []


def test_pages_that_help_on(visit, violations, language):
    for path in (
        "opportunities?after=0~00000000-0000-0000-0000-000000000000",
        "opportunities?kind=none",
        "nowhere",
    ):
        visit.page.goto(f"/{language}/{path}")
        assert violations() == []
