"""Fixtures of the journeys: the running product, and a browser."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from journey_axe import PageChecker
from journey_stack import Stack
from journey_visit import Visit

FIRST_VIEW, WHOLE = 14 * 1024, 50 * 1024  # bytes: what a first round trip of TCP carries, and all of a page
# No host but this machine's can be found, whatever a page or the browser itself may ask for.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def one_stack(tmp_path_factory):
    """One stack for all journeys, so that its sample offers are loaded only once."""
    stack = Stack(tmp_path_factory.mktemp("journeys") / "home")
    try:
        stack.start()
        yield stack
        if stack.runs:
            stack.stop()
    finally:
        stack.kill()


@pytest.fixture
def stack(one_stack):
    """The stack, started again if the journey before stopped or killed it."""
    if not one_stack.runs:
        one_stack.start()
    return one_stack


@pytest.fixture(scope="module")  # not the session's: its event loop would be in the way of other tests
def chromium():
    """Debian's Chromium, driven by Playwright."""
    # Debian's headless shell is the same engine without windows: a page takes it a third of the work.
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None or find_spec("playwright") is None:
        pytest.skip("Chromium is not here: browser journeys were not run")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def checker(chromium, one_stack):
    """What finds violations in copies of pages of the running stack."""
    if not one_stack.runs:
        one_stack.start()
    with PageChecker(chromium, one_stack.address) as page_checker:
        yield page_checker


@pytest.fixture
def visit(chromium, stack, language):
    """A visit on a telephone 360 px wide, without JavaScript. Fails if a page requests another host."""
    with Visit(chromium, stack.address, language) as held:
        yield held
    assert held.hosts() == {"127.0.0.1"}


@pytest.fixture(scope="session")
def photograph():
    """A function that takes a screenshot of a page for people to look at, if `SCREENSHOTS` names a folder."""
    folder = os.environ.get("SCREENSHOTS")

    def photographed(page, name):
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return photographed


@pytest.fixture
def weigh(visit, language, record_property):
    """A function that records how many bytes the current page weighs, and fails above the limits."""

    def weighed(name):
        first, total = visit.weight()
        record_property(f"weight of {name}, {language}", f"{first:,} bytes to be seen, {total:,} in all")
        assert 4096 < first <= FIRST_VIEW
        assert total <= WHOLE

    return weighed
