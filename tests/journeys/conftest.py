"""The running product, a browser, and at the end what each page weighed."""

import shutil
from importlib.util import find_spec

import pytest
from journey_stack import Stack
from journey_visit import Visit

WEIGHTS = pytest.StashKey[dict]()
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
    """One stack for all journeys, its sample offers loaded once."""
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
    """The stack, running whatever the journey before did to it."""
    if not one_stack.runs:
        one_stack.start()
    return one_stack


@pytest.fixture(scope="module")  # not the session's: its event loop would be in the way of other tests
def chromium():
    """Debian's Chromium, driven by Playwright."""
    program = shutil.which("chromium")
    if program is None or find_spec("playwright") is None:
        pytest.skip("Chromium is not here: browser journeys were not run")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, stack, language):
    """A visit on a telephone 360 px wide, without JavaScript; no page of it may ask another host."""
    with Visit(chromium, stack.address, language) as held:
        yield held
    assert held.hosts() == {"127.0.0.1"}


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory):
    """A folder for those who want to look."""
    return tmp_path_factory.mktemp("screenshots")


@pytest.fixture
def weights(pytestconfig):
    """What pages weigh: name to (bytes until something is seen, bytes in all)."""
    return pytestconfig.stash.setdefault(WEIGHTS, {})


def pytest_terminal_summary(terminalreporter, config):
    """Say what the pages weighed."""
    for name, (first, total) in config.stash.get(WEIGHTS, {}).items():
        terminalreporter.write_line(f"weight of {name}: {first:,} bytes to be seen, {total:,} in all")
