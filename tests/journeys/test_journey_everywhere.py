"""Every page is accessible by axe, in one of the two languages, opened by an actor who may see it."""

from dataclasses import replace
from itertools import cycle

import pytest
from journey_axe import TELEPHONE, violations
from journey_live import database_of, session_of, settings_of
from journey_visit import Visit
from route_list import pages_app, routes_of
from town_factory import build_town, path_of

from oim import bootstrap
from oim.channels.web.security import SESSION_COOKIE
from oim.kit.i18n import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["en"])]

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


def test_every_page_is_accessible(chromium, stack, town, language):
    wrong, secure = {}, stack.address.replace("http:", "https:")
    with Visit(chromium, stack.address, language, javascript=True) as visit:
        page = visit.page
        for (path, who), shown in zip(pages().items(), cycle(LANGUAGES), strict=False):
            page.context.clear_cookies()
            if who:
                token = session_of(stack, town.actors[who])
                page.context.add_cookies(
                    [{"name": SESSION_COOKIE, "value": token, "url": secure, "secure": True}]
                )
            address = path_of(path.replace("{id_}/answer/", "{called}/answer/"), town, shown)
            assert page.goto(address).status == 200, path
            wrong[path] = violations(page, TELEPHONE)
        assert visit.hosts() == {"127.0.0.1"}
    assert len(wrong) >= 40
    assert {path: found for path, found in wrong.items() if found} == {}
