"""Checks of a page: violations found by axe, with a contrast of 7:1, and pages wider than the screen."""

from urllib.parse import urlsplit

import pytest

# Both: the rule of 7:1 reports no text that the rule of 4.5:1 does.
CONTRAST = ("color-contrast", "color-contrast-enhanced")
OPTIONS = {"resultTypes": ["violations"], "preload": False}
WITHOUT_COLOURS = OPTIONS | {"rules": {rule: {"enabled": False} for rule in CONTRAST}}
COLOURS_ALONE = OPTIONS | {"runOnly": CONTRAST}
TELEPHONE, DESK = 360, 1280  # pixels
HEIGHT = 740  # pixels
VIOLATIONS = "options => axe.run(document, options).then((result) => result.violations)"
VIOLATIONS_OF_NEW = (
    "options => axe.run({include: window.recoloured}, options).then((result) => result.violations)"
)
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Lists what the contrast of each text depends on: its colour, size and weight, and what lies behind it. Texts
# that have it in common have the same contrast. Remembers the elements of which it was not known.
NEW_COLOURS = """known => {
  const behind = new Map([[null, ""]]), found = new Map(), old = new Set(known);
  for (const element of document.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    const own = [style.backgroundColor, style.backgroundImage, style.opacity].join();
    const ground = behind.get(element.parentElement) + (own === "rgba(0, 0, 0, 0),none,1" ? "" : own);
    behind.set(element, ground);
    const texts = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if ((texts || element.matches("input, select, textarea")) && element.checkVisibility())
      found.set(element, [style.color, style.fontSize, style.fontWeight, ground].join());
  }
  window.recoloured = [...found.keys()].filter((element) => !old.has(found.get(element)));
  return window.recoloured.map((element) => found.get(element));
}"""


class PageChecker:
    """A page of a browser in which axe is loaded once, and into which the pages to check are copied.

    To load axe into each page anew, and run it cold there, takes as long as three checks. Contrast took three
    quarters of a check: it is looked at in texts whose combination of colours no page before had.
    """

    def __init__(self, browser, address):
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        self._context = browser.new_context(
            base_url=address, reduced_motion="reduce", service_workers="block"
        )
        self._context.on("request", lambda request: self._addresses.append(request.url))
        self._addresses, self._colours = [], set()
        self._page = self._context.new_page()
        self._page.goto("/fr/about")  # any page: addresses within the copies are relative to it
        self._page.evaluate(axe.axe_script)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._context.close()

    def violations(self, html, *widths):
        """List what is wrong with a page at each width in pixels. Fails if it requests another host."""
        found = []
        self._page.set_viewport_size({"width": widths[0], "height": HEIGHT})
        self._page.set_content(html)
        for width in widths:
            if width != widths[0]:
                self._page.set_viewport_size({"width": width, "height": HEIGHT})
            result = self._page.evaluate(VIOLATIONS, WITHOUT_COLOURS) + self._violations_of_colours()
            found += [(width, wrong["id"], wrong["nodes"]) for wrong in result]
            found += [(width, "wider than the screen")] * self._page.evaluate(WIDE)
        assert self._hosts() == {"127.0.0.1"}
        return found

    def _hosts(self):
        return {urlsplit(address).hostname for address in self._addresses if not address.startswith("data:")}

    def _violations_of_colours(self):
        """List texts of too little contrast among those whose colours no page before had."""
        new = self._page.evaluate(NEW_COLOURS, list(self._colours))
        self._colours.update(new)
        return self._page.evaluate(VIOLATIONS_OF_NEW, COLOURS_ALONE) if new else []
