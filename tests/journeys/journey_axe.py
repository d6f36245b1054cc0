"""Checks of a page: violations found by axe, with a contrast of 7:1, and pages wider than the screen."""

import pytest

OPTIONS = {"resultTypes": ["violations"], "rules": {"color-contrast-enhanced": {"enabled": True}}}
TELEPHONE, DESK = 360, 1280  # pixels
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def violations(page, *widths):
    """List what is wrong with the current page at each width in pixels."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 740})
        told = axe.run(page, options=OPTIONS).response["violations"]
        found += [(width, wrong["id"], wrong["nodes"]) for wrong in told]
        found += [(width, "wider than the screen")] * page.evaluate(WIDE)
    return found
