"""Saved offers can be read without network, and are deleted from the telephone at the right time."""

import pytest
from journey_person import join
from journey_stack import wait_until
from journey_visit import OFFER, Visit

pytestmark = pytest.mark.browser
# The worker knows pages by their addresses, which begin with a language: either is in a test.
DRILL = pytest.mark.drill
in_french = pytest.mark.parametrize("language", ["fr", pytest.param("en", marks=DRILL)])
in_english = pytest.mark.parametrize("language", ["en", pytest.param("fr", marks=DRILL)])

KEPT = """(async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const asked of await (await caches.open(name)).keys()) found.push(new URL(asked.url).pathname);
  return found.sort();
})()"""
WORKS = "navigator.serviceWorker.controller !== null"
WORKERS = "navigator.serviceWorker.getRegistrations().then((found) => found.length)"
STYLED = "getComputedStyle(document.querySelector('.button')).display === 'flex'"
NUMBERS = {"fr": ("677300412", "677300512", "677300612"), "en": ("677300413", "677300513", "677300613")}
SHEET = "/static/style.css"


@pytest.fixture
def visit(chromium, stack, language):
    """A visit with JavaScript, since a service worker stores the pages."""
    with Visit(chromium, stack.address, language, javascript=True) as held:
        yield held
    assert held.hosts() == {"127.0.0.1"}


def come_in(visit, stack, number):
    """Join as a new person, and wait until the service worker controls the page."""
    join(visit, stack, number)
    wait_until(lambda: visit.page.evaluate(WORKS))


def kept(page):
    """List the pages in the caches, without style sheets and other static files."""
    return [path for path in page.evaluate(KEPT) if not path.startswith("/static/")]


def away(visit, address):
    """Whether a page cannot be loaded without network."""
    try:
        visit.page.goto(address)
    except Exception as error:
        return "net::ERR_" in str(error)
    return False


@in_french
def test_saved_offers_are_read_without_network_until_sign_out(visit, stack, language):
    page, context, saved = visit.page, visit.page.context, f"/{language}/me/saved"
    come_in(visit, stack, NUMBERS[language][0])
    page.goto(f"/{language}/opportunities")
    visit.open_offer()
    assert page.evaluate(KEPT) == []
    offer, title = page.url.removeprefix(stack.address), page.locator("h1").inner_text()
    assert visit.go(".facts form button") == 200
    page.goto(saved)
    assert kept(page) == sorted([offer, saved])
    assert SHEET in page.evaluate(KEPT)

    wire = context.new_cdp_session(page)
    wire.send("Network.clearBrowserCache")
    context.set_offline(True)
    page.reload()
    assert page.locator(".card h2").inner_text() == title
    assert page.evaluate(STYLED)
    page.locator(OFFER).click()
    page.wait_for_url(f"**{offer}?*")
    assert page.locator("h1").inner_text() == title
    assert away(visit, f"/{language}/me")

    context.set_offline(False)
    page.goto(saved)
    assert visit.go("form.leave button") == 200
    assert page.evaluate(KEPT) == []
    assert page.evaluate(WORKERS) == 0
    # The mark of a browser stays, which whoever opens the form to sign in is given.
    assert [cookie["name"] for cookie in context.cookies()] == ["__Host-oim-device"]
    context.set_offline(True)
    assert away(visit, saved)
    assert away(visit, offer)


@in_english
def test_unsaved_offers_and_another_persons_pages_are_deleted_from_the_cache(visit, stack, language):
    page, context, saved = visit.page, visit.page.context, f"/{language}/me/saved"
    come_in(visit, stack, NUMBERS[language][1])
    page.goto(f"/{language}/opportunities")
    visit.open_offer()
    offer = page.url.removeprefix(stack.address)
    visit.go(".facts form button")
    page.goto(saved)
    visit.go(".card form .link")
    assert kept(page) == [saved]
    context.set_offline(True)
    page.goto(saved)
    assert page.locator(".card").count() == 0
    assert away(visit, offer)

    # Somebody else signs in on the same telephone, and the one before never signed out.
    context.set_offline(False)
    context.clear_cookies()
    come_in(visit, stack, NUMBERS[language][2])
    assert page.evaluate(KEPT) == []


@in_french
def test_nothing_is_cached_for_strangers(visit, language):
    page = visit.page
    page.goto(f"/{language}/opportunities")
    visit.open_offer()
    assert page.evaluate(WORKERS) == 0
    assert page.evaluate(KEPT) == []
