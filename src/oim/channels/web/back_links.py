"""The link at the top of a page back to the page it lies below.

A page lies below the nearest one of `_PARENTS` that its path begins with. An offer is reached from several
lists: the link to it names the list in the query parameter `back`, which counts only if it is one of these.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from oim.channels.web.security import safe_next_path
from oim.kit.i18n import Translator, mark

BACK_PARAMETER = "back"
_HOME, _OFFER = "", "opportunities/*"
# By the path below the language, in which "*" stands for an id: what the link says.
_PARENTS: Mapping[str, str] = {
    _HOME: mark("Home"),
    "opportunities": mark("Open offers"),
    _OFFER: mark("The offer"),
    "sign-in": mark("Sign in"),
    "me": mark("My space"),
    "me/offers": mark("Offers for me"),
    "me/saved": mark("Offers saved"),
    "me/profile": mark("My profile"),
    "me/cv": mark("My CV"),
    "me/applications": mark("What I applied for"),
    "me/account": mark("My account"),
    "me/consents": mark("What I agree to"),
    "me/data": mark("What OIM keeps about me"),
    "staff": mark("Work"),
    "staff/people": mark("People I help"),
    "staff/applications": mark("Applications received"),
    "staff/review": mark("Offers to review"),
}
# The lists from which an offer is opened, besides the results of a search.
_LISTS = ("opportunities", "me", "me/offers", "me/saved")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class BackLink:
    """The address of the page above, and its name."""

    href: str
    text: str


def find_parent(path: str, query: Mapping[str, str], t: Translator) -> BackLink | None:
    """Find the page above the one at `path`, such as `/fr/me/cv`; None for the first page itself."""
    parts = [part for part in path.split("/")[2:] if part]
    for count in range(len(parts) - 1, -1, -1):
        name = "/".join("*" if _ID.fullmatch(part) else part for part in parts[:count])
        if name in _PARENTS:
            href = f"/{t.language}/{'/'.join(parts[:count])}"
            # What the page of an offer was opened with is what it is gone back to with.
            return BackLink(href + (_repeat_query(query) if name == _OFFER else ""), t(_PARENTS[name]))
    return None


def find_list(back: str, t: Translator) -> BackLink | None:
    """Find the list of offers that `back` names, such as `/fr/opportunities?kind=agr`; None if it names none.

    The language of the address gives way to that of the page, which may have been changed since.
    """
    if safe_next_path(back) is None:
        return None
    _, _, address = back.split("/", 2)
    name = address.partition("?")[0]
    return BackLink(f"/{t.language}/{address}", t(_PARENTS[name])) if name in _LISTS else None


def _repeat_query(query: Mapping[str, str]) -> str:
    """The parameters of an offer's page among those of a page below it, as a query with its `?`."""
    pairs = [f"{name}={quote(query[name], safe='')}" for name in ("list", BACK_PARAMETER) if query.get(name)]
    return "?" + "&".join(pairs) if pairs else ""
