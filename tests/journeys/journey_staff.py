"""Members of staff, invited on the command line, who sign in with the codes of an authenticator."""

import json
from dataclasses import dataclass
from time import time

import pyotp
from journey_axe import TELEPHONE
from journey_visit import Visit

PASSWORD = "quatre mots bien longs"
STEP = 30  # seconds that a code of an authenticator serves


@dataclass
class Member:
    """A member who can sign in twice in half a minute, since each code serves once.

    First by the present code, then by the next one: each is accepted for half a minute before and after, so
    that it does not matter when the clock moves on to the next.
    """

    email: str
    totp: pyotp.TOTP
    used: int

    def code(self):
        """Return a code that was not used yet."""
        self.used = max(self.used + 1, int(time()) // STEP)
        return self.totp.generate_otp(self.used)


def member(stack, browser, checker, email, role, *more):
    """Invite somebody, accept the invitation on pages that are accessible, and return the member."""
    invited = stack.run("staff", "invite", email, "--role", role, "--name", "Esther", "--json", *more)
    link = json.loads(invited)["link"]
    with Visit(browser, stack.address, "en", javascript=True) as visit:
        visit.page.goto("/en/" + link.partition("/en/")[2])
        assert checker.violations(visit.page.content(), TELEPHONE) == []
        visit.page.fill("#password", PASSWORD)
        assert visit.go("form.panel .button") == 200
        assert checker.violations(visit.page.content(), TELEPHONE) == []
        key = visit.page.locator("code").inner_text().replace(" ", "")
        found = Member(email, pyotp.TOTP(key), 0)
        visit.page.fill("#code", found.code())
        assert visit.go("form.panel .button") == 200
        assert checker.violations(visit.page.content(), TELEPHONE) == []
        assert visit.page.locator("li code").count() == 8
    return found


def enter(visit, who):
    """Sign in as a member; ends on the home page of staff."""
    page = visit.page
    page.goto(f"/{visit.language}/staff/sign-in")
    page.fill("#email", who.email)
    page.fill("#password", PASSWORD)
    page.fill("#code", who.code())
    assert visit.go("form.panel .button") == 200
    assert page.url.endswith("/staff")
