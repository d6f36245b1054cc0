"""Checks of a page: violations found by axe, with a contrast of 7:1, and pages wider than the screen."""

import pytest

# Both: the rule of 7:1 reports no text that the rule of 4.5:1 does.
CONTRAST = ("color-contrast", "color-contrast-enhanced")
OPTIONS = {"resultTypes": ["violations"], "preload": False, "rules": {CONTRAST[1]: {"enabled": True}}}
# Contrast takes three quarters of the time. No colour depends on the language or the width, as
# `test_web_static_files` checks: a state checked in French on a telephone is checked in full.
WITHOUT_COLOURS = OPTIONS | {"rules": {rule: {"enabled": False} for rule in CONTRAST}}
TELEPHONE, DESK = 360, 1280  # pixels
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def violations(page, *widths, options=OPTIONS):
    """List what is wrong with the current page at each width in pixels; colours at the first one."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.evaluate(axe.axe_script)  # once for all widths: it is half a megabyte
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 740})
        told = page.evaluate("options => axe.run(document, options)", options)["violations"]
        options = WITHOUT_COLOURS
        found += [(width, wrong["id"], wrong["nodes"]) for wrong in told]
        found += [(width, "wider than the screen")] * page.evaluate(WIDE)
    return found
