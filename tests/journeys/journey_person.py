"""Somebody who signs in, by a telephone that is not there."""

import re

from journey_stack import wait_until

from oim import bootstrap
from oim.kit.settings import Settings


def code(stack, number):
    """The last code that a simulated telephone received."""
    inbox = bootstrap.inbox(Settings(home=stack.home))

    def received():
        texts = [one.text for one in inbox.received() if one.address == f"+237{number}"]
        return re.findall(r"\b\d{7}\b", texts[-1]) if texts else []

    wait_until(received)
    return received()[0]


def join(visit, stack, number):
    """Somebody new, who agrees to nothing yet; on their own first page."""
    page, language = visit.page, visit.language
    page.goto(f"/{language}/sign-in")
    page.fill("#contact", number)
    visit.go("form.panel .button")
    page.fill("#code", code(stack, number))
    visit.go("form.panel .button")
    page.goto(f"/{language}/sign-in/new")
    page.fill("#name", "Awa")
    page.fill("#pin", "2580")
    assert visit.go("form.panel .button") == 200
