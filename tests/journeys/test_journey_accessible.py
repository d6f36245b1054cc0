"""Pages are accessible by axe in every state that a person brings them to: filled in, wrong, empty."""

import pytest
from journey_axe import DESK, TELEPHONE
from journey_person import ask_code, join

# States are made by the same templates in both languages: `test_journey_everywhere` opens pages in either.
LANGUAGES = ["fr", pytest.param("en", marks=pytest.mark.drill)]
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", LANGUAGES)]


@pytest.fixture
def wrong(visit, checker):
    """A function that lists what is wrong with the current page, on a telephone or at other widths too."""
    return lambda *widths: checker.violations(visit.page.content(), TELEPHONE, *widths)


def test_search_and_its_results_are_accessible(visit, wrong, language):
    visit.home()
    assert wrong(DESK) == []
    visit.say_more()
    assert visit.ask(text="poulet", birth_year="1795") == 400
    assert wrong() == []
    assert visit.ask(birth_year="1995") == 200
    visit.say_more()
    assert wrong(DESK) == []


def test_pages_of_offers_are_accessible(visit, wrong, language):
    visit.page.goto(f"/{language}/opportunities")
    assert wrong(DESK) == []
    for kind in ("employment", "training", "agr"):
        visit.page.goto(f"/{language}/opportunities?kind={kind}")
        visit.open_offer()
        assert wrong(DESK) == []


def test_the_listing_with_search_criteria_is_accessible(visit, wrong, language):
    page, listing = visit.page, f"/{language}/opportunities"
    for query in ("town=Douala&within=50&posted=30", "kind=agr&kind=training&town=x", "words=zzzz&amount=1"):
        page.goto(f"{listing}?{query}")
        assert page.locator("details[open]").count() == ("town" in query or "amount" in query)
        assert wrong() == []


def test_pages_of_saved_offers_and_searches_are_accessible(visit, wrong, language, stack):
    page, me = visit.page, f"/{language}/me"
    join(visit, stack, {"fr": "677300712", "en": "677300713"}[language])
    for _ in range(2):  # not agreed to, then nothing told
        page.goto(f"{me}/offers")
        assert wrong() == []
        if page.locator("form.panel").count():
            assert visit.go("form.panel .button") == 200
    page.goto(f"{me}/profile/wish")
    page.fill("#text", "couture")
    visit.go("form.panel .button")
    page.goto(f"{me}/offers")
    visit.go(".acts button")
    assert wrong() == []
    visit.open_offer()
    assert wrong() == []
    visit.go(".acts a")
    assert visit.go("form.panel .button") == 400
    assert wrong() == []
    page.check("input[value=other]")
    visit.go("form.panel .button")
    page.goto(f"/{language}/opportunities?words=couture")
    assert wrong() == []
    visit.go("form.panel .button")
    for own in ("saved", "dismissed", "searches"):
        page.goto(f"{me}/{own}")
        assert page.locator(".panel, .card").count() == 1
        assert wrong() == []


def test_pages_of_what_was_said_and_of_a_forgotten_pin_are_accessible(visit, wrong, language, stack):
    page, number = visit.page, {"fr": "677300722", "en": "677300723"}[language]
    join(visit, stack, number)
    page.goto(f"/{language}/me/keep?town=Bafoussam")
    assert page.locator("form.panel input:checked").count() == 1
    assert wrong() == []
    visit.go("form.leave button")
    assert wrong() == []
    ask_code(visit, stack, number)
    visit.go("a[href$='/sign-in/forgotten']")
    assert visit.go("form.panel .button") == 400
    assert wrong() == []
    for name, value in (("name", "Awa"), ("pin", "7391"), ("pin_again", "7391")):
        page.fill(f"#{name}", value)
    assert visit.go("form.panel .button") == 200
    assert wrong() == []


def test_pages_of_ways_to_answer_are_accessible(visit, wrong, language, stack):
    offers = stack.offers()
    for kind in ("telephone", "address"):  # a link, a place
        offer = next(one["id"] for one in offers if kind in [way["kind"] for way in one["ways"]])
        assert visit.page.goto(f"/{language}/opportunities/{offer}/answer/{kind}").status == 200
        assert wrong() == []


def test_error_pages_are_accessible(visit, wrong, language):
    for path in (
        "opportunities?after=0~00000000-0000-0000-0000-000000000000",
        "opportunities?kind=none",
        "nowhere",
    ):
        visit.page.goto(f"/{language}/{path}")
        assert wrong() == []
