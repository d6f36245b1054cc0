"""A search in a browser 360 px wide, without JavaScript, in both languages."""

import re
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser
in_both_languages = pytest.mark.parametrize("language", ["fr", "en"])
# What depends on no text: templates and routes are those of the other language.
in_french = pytest.mark.parametrize("language", ["fr", pytest.param("en", marks=pytest.mark.drill)])

OTHER = {"fr": "en", "en": "fr"}
WISHES = {
    "fr": "Je rentre de Tunisie et je veux élever des poulets à Bafoussam",
    "en": "I am back from Tunisia and want to raise chickens in Bafoussam",
}
AWAY = {"fr": "de chez vous", "en": "from you"}
BORN, AGED = "1966", 59  # at least
LATER = "2166"


def told(card, language):
    """List the reasons on a card, and the distance, which is shown with the place."""
    return [*card.locator(".why li").all_inner_texts(), *re.findall(AWAY[language], card.inner_text())]


@in_both_languages
def test_a_wish_finds_ten_offers_with_reasons(visit, language, photograph):
    page = visit.page
    visit.home()
    assert visit.ask(text=WISHES[language]) == 200
    cards = page.locator(".card")
    assert cards.count() == 10
    assert [len(told(card, language)) >= 2 for card in cards.all()] == [True] * 10
    photograph(page, f"results-{language}")
    title = cards.first.locator("h2").inner_text()
    assert visit.open_offer() == 200
    assert page.locator("h1").inner_text() == title
    assert page.locator(".facts li").count() == 4
    page.go_back()
    assert cards.first.locator("h2").inner_text() == title


@in_both_languages
def test_every_example_of_the_home_page_finds_offers(visit):
    visit.home()
    examples = [
        example.strip("«»“” \xa0\u202f") for example in visit.page.locator(".examples li").all_inner_texts()
    ]
    found = {}
    for example in examples:
        visit.ask(text=example)
        found[example] = len(visit.listed())
    assert len(found) == 3
    assert min(found.values()) >= 5, found


@in_french
def test_the_form_stays_filled_in_and_an_error_is_shown_at_its_field(visit, language, stack):
    page = visit.page
    visit.home()
    assert not page.locator("#birth_year").is_visible()
    visit.say_more()
    page.check("input[value=returnee]")
    assert visit.ask(text=WISHES[language], birth_year=BORN) == 200
    for address in visit.listed():
        asked = stack.get(f"/v1/opportunities/{address.rsplit('/', 1)[1]}")["eligibility"]
        assert "returnee" in asked.get("statuses", ["returnee"])
        assert asked.get("age_max", 99) >= AGED

    visit.say_more()
    assert page.input_value("#birth_year") == BORN
    assert visit.ask(birth_year=LATER) == 400
    field = page.locator(".field", has=page.locator("#birth_year"))
    assert "1900" in field.locator(".error").inner_text()
    assert page.input_value("#birth_year") == LATER
    assert page.input_value("#text") == WISHES[language]
    assert page.is_checked("input[value=returnee]")

    assert visit.ask(birth_year=BORN) == 200
    assert page.input_value("#text") == WISHES[language]
    assert page.locator(".card").count() == 10


@in_both_languages
def test_the_header_is_one_row_and_the_search_button_lies_within_two_screens(visit):
    page = visit.page
    visit.home()
    tops = {round(link.bounding_box()["y"]) for link in page.locator("header nav a").all()}
    brand = page.locator(".brand").bounding_box()
    assert len(tops) == 1
    assert brand["y"] <= tops.pop() < brand["y"] + brand["height"]
    button = page.locator("#search .button").bounding_box()
    assert button["y"] + button["height"] <= 2 * 740


@in_french
def test_the_listing_is_filtered_and_paged(visit, language):
    page = visit.page
    page.goto(f"/{language}/opportunities")
    page.select_option("#kind", "training")
    visit.go("#search .button")
    first = visit.listed()
    assert len(first) == page.locator(".card.training").count() == 20
    visit.go("[rel=next]")
    assert page.input_value("#kind") == "training"
    second = visit.listed()
    assert len(second) == page.locator(".card.training").count() > 0
    assert not set(first) & set(second)
    visit.open_offer()
    assert urlsplit(page.url).path == second[0]
    page.go_back()
    assert visit.listed() == second


@in_french
def test_the_other_language_shows_the_same_page(visit, language, stack):
    page, other = visit.page, OTHER[language]
    address = f"/opportunities/{stack.offers()[0]['id']}"
    for path in ("/", "/opportunities?kind=agr&region=", address):
        page.goto(f"/{language}{path}")
        visit.switch()
        # On a page with a form the switch posts what was typed, and its address says so.
        assert page.url.removesuffix("?typed=yes") == f"{stack.address}/{other}{path}"
        assert page.get_attribute("html", "lang") == other
    visit.home()
    visit.ask(text=WISHES[language])
    visit.switch()
    assert page.get_attribute("html", "lang") == other
    assert WISHES[language] in page.locator(".understood").inner_text()
    assert page.locator(".card").count() == 10


@in_both_languages
def test_pages_stay_below_their_weight_limits(visit, language, weigh):
    page = visit.page
    visit.home()
    weigh("home")
    visit.say_more()
    visit.ask(text=WISHES[language], birth_year=LATER)
    weigh("mistake")
    visit.ask(birth_year=BORN)
    weigh("results")
    page.goto(f"/{language}/opportunities")
    weigh("list")
    visit.open_offer()
    weigh("offer")
