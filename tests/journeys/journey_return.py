"""Steps of a person who comes back: a second contact, a forgotten PIN, a session that timed out."""

from datetime import timedelta
from hashlib import sha256

from journey_live import settings_of
from journey_person import PIN, ask_code, code, prove_number
from journey_visit import Visit

from oim import bootstrap
from oim.channels.web.security import SESSION_COOKIE

NEW_PIN = "7391"
AGE = timedelta(
    days=30, minutes=1
)  # a minute more than a session lives that somebody asked to stay signed in


def add_contact(visit: Visit, stack, address, look):
    """Add a second contact to the account, proved by a code that it receives."""
    page = visit.page
    page.goto(f"/{visit.language}/me/account")
    look("account")
    page.fill("#contact", address)
    received = code(stack, address, lambda: visit.go("form[action$='/account/contacts'] button"))
    page.fill("#code", received)
    page.fill("#pin", PIN)
    assert visit.go("form.panel .button") == 200
    assert address in page.locator("main").inner_text()
    look("account, contact added")


def forget_pin(visit: Visit, stack, number, address, look):
    """Sign out, ask for a new PIN, and let it serve at once by the second contact; stays signed in then."""
    page = visit.page
    visit.go("form.leave button")
    look("signed out")
    ask_code(visit, stack, number)
    page.fill("#name", "awa")
    page.fill("#pin", "1357")
    assert visit.go("form.panel .button") == 401
    look("who, a wrong PIN")
    visit.go("a[href$='/sign-in/forgotten']")
    look("forgotten PIN")
    page.fill("#name", "Awa")
    page.fill("#pin", NEW_PIN)
    page.fill("#pin_again", NEW_PIN)
    assert visit.go("form.panel .button") == 200
    look("new PIN asked for")
    page.fill("#contact", address)
    received = code(stack, address, lambda: visit.go("form.panel .button"))
    look("code of the second contact")
    page.fill("#code", received)
    assert visit.go("form.panel .button") == 200
    stay_signed_in(visit, look)


def stay_signed_in(visit: Visit, look):
    """Sign in by the new PIN and stay signed in on this telephone, which the account then lists."""
    page = visit.page
    page.fill("#name", "Awa")
    page.fill("#pin", NEW_PIN)
    page.check("[name=stay]")
    assert visit.go("form.panel .button") == 200
    page.goto(f"/{visit.language}/me/account")
    look("account, telephone that stays")
    assert page.locator("form[action*='/account/telephones/']").count() == 1
    assert page.locator("form[action$='/pin-request/cancel']").count() == 0


def outlive_session(visit: Visit, stack, number, offer, look):
    """Write a letter while the session times out: it is there again after signing in."""
    page, letter = visit.page, "Je tiens aux accents : « é », <b> & 100 %.\nDeux lignes."
    page.goto(f"/{visit.language}/opportunities/{offer}/apply")
    page.fill("#letter", letter)
    time_out(visit, stack)
    assert visit.go("form.panel .button") == 401
    look("session timed out")
    visit.go("main a.button[href*='/sign-in']")
    prove_number(visit, stack, number)
    page.fill("#name", "Awa")
    page.fill("#pin", NEW_PIN)
    assert visit.go("form.panel .button") == 200
    assert page.url.endswith(f"{offer}/apply")
    assert page.input_value("#letter") != letter
    assert visit.go("button[name=was_me][value=yes]") == 200
    assert page.input_value("#letter") == letter
    look("letter given back")


def time_out(visit: Visit, stack):
    """Let the time pass after which the session of a browser ends by itself."""
    [token] = [one["value"] for one in visit.page.context.cookies() if one["name"] == SESSION_COOKIE]
    key = f"session:{sha256(token.encode()).hexdigest()}"
    with bootstrap.sign_in_services(settings_of(stack)).cache.commands() as valkey:
        valkey.hincrby(key, "seen", -int(AGE.total_seconds()) * 1_000_000)
