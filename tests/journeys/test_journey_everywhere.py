"""Every page is accessible by axe, in one of the two languages, opened by an actor who may see it."""

from dataclasses import replace
from itertools import cycle

import httpx
import pytest
from journey_axe import TELEPHONE
from journey_live import database_of, session_of, settings_of
from route_list import pages_app, routes_of
from town_factory import build_town, path_of

from oim import bootstrap
from oim.channels.web.security import SESSION_COOKIE
from oim.kit.i18n import LANGUAGES

pytestmark = pytest.mark.browser

NO_PAGES = {
    "/",  # leads on to a language
    "/operator-logo",
    "/static/{name}",
    "/sw.js",
    "/{language}/manifest.webmanifest",
    "/{lang}/recommendations",  # without a search leads back to the form
    "/{lang}/me/keep",  # without a search leads to the person's space
    "/{lang}/opportunities/{id_}/leave/go",  # leads to the publisher
    "/{lang}/me/cv/{document}/original",
    "/{lang}/staff/applications/{application}/cv",
}
OWN = {  # looked at in journeys of their own, since only a signed link leads there
    "/{lang}/opportunities/{id_}/leave",
    "/{lang}/staff/welcome/{secret}",
}
SEEN_BY = (  # whoever the first beginning that fits names
    ("/staff/sign-in", None),
    ("/staff/applications", "agent"),
    ("/staff/notices", "agent"),
    ("/staff/people", "worker"),
    ("/staff/review", "worker"),
    ("/staff", "admin"),
    ("/sign-in", None),
    ("", "owner"),
)


def pages():
    """Map the path of every page to the actor who opens it."""
    paths = {route.split(" ")[1] for route in routes_of(pages_app()) if route.startswith("GET ")}
    assert paths >= NO_PAGES | OWN
    return {
        path: next(who for start, who in SEEN_BY if path.removeprefix("/{lang}").startswith(start))
        for path in sorted(paths - NO_PAGES - OWN)
    }


@pytest.fixture(scope="module")
def town(one_stack):
    if not one_stack.runs:
        one_stack.start()
    with database_of(one_stack) as database:
        built = build_town(database, bootstrap.blobs(settings_of(one_stack)))
    called = next(
        one["id"] for one in one_stack.offers() if "telephone" in [way["kind"] for way in one["ways"]]
    )
    return replace(built, objects=built.objects | {"called": called, "kind": "telephone", "secret": "none"})


@pytest.fixture(scope="module")
def cookies(one_stack, town):
    """The cookies of each actor who opens pages; strangers have none."""
    actors = {who for _, who in SEEN_BY if who}
    found = {who: {SESSION_COOKIE: session_of(one_stack, town.actors[who])} for who in actors}
    return found | {None: {}}


# Every second page is opened in French, the others in English; the drill opens each in the other language.
@pytest.mark.parametrize("languages", [LANGUAGES, pytest.param(LANGUAGES[::-1], marks=pytest.mark.drill)])
def test_every_page_is_accessible(stack, town, cookies, checker, languages):
    wrong = {}
    for (path, who), shown in zip(pages().items(), cycle(languages), strict=False):
        address = path_of(path.replace("{id_}/answer/", "{called}/answer/"), town, shown)
        reply = httpx.get(stack.address + address, cookies=cookies[who], trust_env=False)
        assert reply.status_code == 200, path
        wrong[path] = checker.violations(reply.text, TELEPHONE)
    assert len(wrong) >= 40
    assert {path: found for path, found in wrong.items() if found} == {}
