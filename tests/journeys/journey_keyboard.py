"""A keyboard alone: Tab, Enter, the space bar and typing. Each stop is visible, and below the last."""

LONGEST = 150  # stops of the Tab key on one page
# What has the focus: whether it is meant, its text, the ring around it, where it stands, where it is read.
FOCUS = """meant => {
  const at = document.activeElement, box = at.getBoundingClientRect(), ring = getComputedStyle(at);
  return {
    meant: at.matches(meant), text: at.outerHTML.slice(0, 120), name: at.tagName,
    ring: ring.outlineStyle === "none" ? 0 : parseFloat(ring.outlineWidth),
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    top: box.top + scrollY, bottom: box.bottom + scrollY,
  };
}"""


def tab_to(page, meant):
    """Press Tab until what is meant has the focus. Each stop has a ring and follows the last."""
    before = page.evaluate(FOCUS, meant)
    for _ in range(LONGEST):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS, meant)
        assert stop["ring"] >= 3, stop
        assert stop["seen"], stop
        # The skip link lies over the head of the page, and `main` is as tall as all that is in it.
        if before["name"] not in ("BODY", "MAIN"):
            assert stop["bottom"] > before["top"], (before, stop)
        if stop["meant"]:
            return
        before = stop
    raise AssertionError(f"Tab never came to {meant}")


def type_into(page, field, text):
    """Go to a field and type; what it holds already is replaced."""
    tab_to(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def tick(page, box):
    """Go to a box and tick it by the space bar."""
    tab_to(page, box)
    page.keyboard.press("Space")
    assert page.locator(box).is_checked()


def enter_on(page, link):
    """Go to a link or button and press Enter; returns the HTTP status of the page that it leads to."""
    tab_to(page, link)
    with page.expect_navigation() as reply:
        page.keyboard.press("Enter")
    return reply.value.status
