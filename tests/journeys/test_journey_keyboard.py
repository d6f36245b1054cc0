"""A person's way by the keyboard alone, without JavaScript: search, join, apply, take it back."""

import pytest
from journey_keyboard import enter_on, tab_to, tick, type_into
from journey_person import PIN, code

# Where the focus goes depends on no language.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["fr"])]

NUMBER = "677300821"
WISH = "Je rentre de Libye et je veux coudre à Bafoussam"


def test_the_first_stop_skips_to_the_content(visit):
    page = visit.page
    visit.home()
    tab_to(page, ".skip")
    page.keyboard.press("Enter")
    assert page.locator("main:focus").count() == 1
    page.keyboard.press("Tab")
    assert page.locator("main :focus").count() == 1


def test_from_a_search_to_an_application_by_keyboard_alone(visit, stack):
    page = visit.page
    search(page, visit)
    join(page, stack)
    here = next(one["id"] for one in stack.offers() if [way["kind"] for way in one["ways"]][:1] == ["here"])
    page.goto(f"/fr/opportunities/{here}")
    apply(page)


def search(page, visit):
    """Say what is looked for, with the folded part of the form opened, and look at an offer."""
    visit.home()
    type_into(page, "#text", WISH)
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1
    type_into(page, "#birth_year", "1995")
    tick(page, "input[value=returnee]")
    assert enter_on(page, "#search .button") == 200
    assert page.locator(".card").count() >= 5
    assert enter_on(page, ".card .button") == 200
    page.go_back()


def join(page, stack):
    """Join from the results, and put what was said into the profile."""
    assert enter_on(page, "a.button[href*='/sign-in?next=']") == 200
    type_into(page, "#contact", NUMBER)
    received = code(stack, f"+237{NUMBER}", lambda: enter_on(page, "form.panel .button"))
    type_into(page, "#code", received)
    assert enter_on(page, "form.panel .button") == 200
    assert enter_on(page, "main a.button.second") == 200
    type_into(page, "#name", "Awa")
    type_into(page, "#pin", PIN)
    type_into(page, "#pin_again", PIN)
    assert enter_on(page, "form.panel .button") == 200
    assert enter_on(page, "form.panel .button") == 200
    assert WISH in page.locator(".told").inner_text()


def apply(page):
    """Save the offer, apply with a letter of one's own, and take it back."""
    assert enter_on(page, ".acts button") == 200
    assert enter_on(page, "main a[href*='/apply']") == 200
    type_into(page, "#letter", "Je sais coudre.")
    tick(page, "input[name=agree]")
    assert enter_on(page, "form.panel .button") == 200
    assert page.locator(".words").inner_text() == "Je sais coudre."
    assert enter_on(page, "a[href$='/withdraw']") == 200
    assert enter_on(page, "form.panel .button") == 200
    assert page.locator("a[href$='/withdraw']").count() == 0
