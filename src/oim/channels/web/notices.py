"""What a page says once after an action: that it was done.

The redirect after a form carries the name of the notice in a cookie, which the next page shows and deletes:
it stands in no address, so that neither a reload nor a shared link repeats it.
"""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from oim.channels.web.cookies import delete_cookie, set_cookie
from oim.kit.i18n import Translator, mark

NOTICE_COOKIE = "__Host-oim-notice"
_LIFETIME = timedelta(minutes=1)  # in which the next page is surely asked for

NOTICES = {
    "account-saved": mark("Your name and your language are saved."),
    "pin-changed": mark("Your PIN is changed. Every other telephone is signed out."),
    "pin-serves": mark(
        "This contact is confirmed, and your new PIN serves from now on: sign in with your name and this PIN."
    ),
    "contact-added": mark("Your new contact is added."),
    "contact-removed": mark("The contact is removed."),
    "telephone-ended": mark("That telephone is signed out."),
    "pin-request-cancelled": mark("Nothing changes: the PIN stays as it was."),
    "consent-given": mark("Your agreement is saved."),
    "consent-withdrawn": mark("You have withdrawn your agreement."),
    "helper-added": mark("This case worker can help you from now on."),
    "help-ended": mark("This case worker no longer sees anything of yours."),
    "profile-saved": mark("Your answer is saved."),
    "profile-empty": mark("This question stays without an answer. You can answer it any day."),
    "search-kept": mark("What you ticked is in your profile."),
    "cv-added": mark("The lines that you ticked are in your profile."),
    "cv-refused": mark("Nothing of this CV went into your profile."),
    "cv-erased": mark("Your CV is erased."),
    "offer-saved": mark("The offer is saved in your space."),
    "offer-unsaved": mark("The offer is no longer among those you saved."),
    "offer-dismissed": mark("This offer is not shown to you any more."),
    "offer-restored": mark("This offer can be shown to you again."),
    "search-followed": mark("You follow this search from now on."),
    "search-changed": mark("Your choice for this search is saved."),
    "search-removed": mark("You no longer follow this search."),
    "outcome-answered": mark("Thank you, your answer is saved."),
    "application-sent": mark("Your application is on its way."),
    "application-moved": mark(
        "It is saved. This person reads it in their space, and gets a message if they agreed to messages."
    ),
    "offer-released": mark("The offer is released: everybody sees it."),
    "offer-withdrawn": mark("The offer is withdrawn: nobody sees it any more."),
    "account-closed": mark("The account is closed, and signed out everywhere."),
    "source-known": mark("The source is marked as known."),
    "source-unknown": mark("The source is marked as unknown."),
    "organisation-verified": mark("The organisation is marked as verified."),
    "organisation-unverified": mark("The organisation is marked as not verified."),
    "notices-chosen": mark("Your choice is saved."),
    "pin-confirmed": mark("The new PIN is confirmed."),
    "application-withdrawn": mark("The partner no longer sees what you sent."),
}


HELP_COOKIE = "__Host-oim-thanks"  # whether the next page of thanks begins with whom to call: "1" or "0"


def set_notice(response: Response, name: str) -> None:
    """Have the next page say that something was done; `name` is a key of `NOTICES`."""
    if name not in NOTICES:
        raise KeyError(name)
    set_cookie(response, NOTICE_COOKIE, name, _LIFETIME)


def render_notice(name: str | None, t: Translator) -> str:
    """Render the notice that a cookie names; empty where it names none of ours."""
    words = NOTICES.get(name or "")
    return t(words) if words else ""


def delete_notice(response: Response) -> None:
    """Delete the cookie, since its page is shown."""
    delete_cookie(response, NOTICE_COOKIE)


def set_help(response: Response, *, is_serious: bool) -> None:
    """Have the page of thanks for a report begin with whom to call, where somebody may be in danger.

    Every report sets it, and it stands in no address: others may read the history of this telephone.
    """
    value = "1" if is_serious else "0"
    set_cookie(response, HELP_COOKIE, value, _LIFETIME)


def delete_help(response: Response) -> None:
    """Delete the cookie of the page of thanks, since that is shown."""
    delete_cookie(response, HELP_COOKIE)
