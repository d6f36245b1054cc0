"""Steps of a person who signs in or joins, with codes sent to a simulated telephone."""

import re

from journey_stack import wait_until

from oim import bootstrap
from oim.kit.settings import Settings

PIN = "2580"
LOOK_AGAIN = 0.1  # seconds between two looks into an inbox, which takes longer the more it holds


def code(stack, address, ask):
    """Call `ask`, and return the code that a simulated telephone or mailbox receives because of it."""
    inbox = bootstrap.inbox(Settings(home=stack.home))
    before = len(_codes(inbox, address))
    ask()
    wait_until(lambda: len(_codes(inbox, address)) > before, LOOK_AGAIN)
    return _codes(inbox, address)[-1]


def _codes(inbox, address):
    texts = [one.text for one in inbox.list_messages() if one.address == address]
    return [found[0] for text in texts if (found := re.search(r"\b\d{7}\b", text))]


def ask_code(visit, stack, number):
    """Prove a telephone number by a code; ends on the page that asks which of its people signs in."""
    visit.page.goto(f"/{visit.language}/sign-in")
    prove_number(visit, stack, number)


def prove_number(visit, stack, number, look=lambda name: None):
    """The same, from the page that asks for the number. `look` is called with the name of each page."""
    page = visit.page
    page.fill("#contact", number)
    said = code(stack, f"+237{number}", lambda: visit.go("form.panel .button"))
    look("code")
    page.fill("#code", said)
    visit.go("form.panel .button")
    look("who")


def join(visit, stack, number, name="Awa"):
    """Join as a new person who agrees to nothing yet; ends on their home page."""
    ask_code(visit, stack, number)
    visit.page.goto(f"/{visit.language}/sign-in/new")
    fill_in_name(visit, name)


def fill_in_name(visit, name="Awa"):
    """Send the form to join, without agreeing to anything."""
    visit.page.fill("#name", name)
    visit.page.fill("#pin", PIN)
    visit.page.fill("#pin_again", PIN)
    assert visit.go("form.panel .button") == 200
