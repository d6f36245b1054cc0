"""A visit of one person in a browser, which records every request and counts every byte."""

from urllib.parse import urlsplit

FOR_FIRST_VIEW = {"Document", "Stylesheet"}
ICON = "/static/icon.svg"  # asked for when a page is there already, or, by a shell without windows, never
# The link of a card to its offer; the other one answers it.
OFFER = ".card > a[href*='/opportunities/']:not([href*='/answer/'])"
TICK, TICKS = 10, 500  # milliseconds, and how many to wait at most


class Visit:
    """A fresh browser without a cache, so that each page weighs what it does on a first visit."""

    def __init__(self, browser, address, language, *, javascript=False):
        self.language, self.address = language, address
        self._context = browser.new_context(
            base_url=address,
            locale={"fr": "fr-CM", "en": "en-CM"}[language],
            viewport={"width": 360, "height": 740},
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        self._context.set_default_timeout(15_000)
        self._addresses = []
        self._context.on("request", lambda request: self._addresses.append(request.url))
        self.page = self._context.new_page()
        self._kinds = {}  # by request, until it has ended
        self._bytes = []  # of what kind, how many
        self._listen()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._context.close()

    def _listen(self):
        wire = self._context.new_cdp_session(self.page)
        wire.on("Network.requestWillBeSent", self._begun)
        wire.on("Network.loadingFinished", self._finished)
        wire.on("Network.loadingFailed", lambda told: self._kinds.pop(told["requestId"], None))
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _begun(self, told):
        # What a page loads belongs to it: another document begins anew, unless a redirect leads to it.
        if told.get("type") == "Document" and "redirectResponse" not in told:
            self._kinds.clear()
            self._bytes.clear()
        self._kinds[told["requestId"]] = _kind(told)

    def _finished(self, told):
        kind = self._kinds.pop(told["requestId"], None)
        if kind not in (None, ICON):
            self._bytes.append((kind, told["encodedDataLength"]))

    def hosts(self):
        """Return every host that was requested; `data:` addresses request nothing."""
        return {urlsplit(address).hostname for address in self._addresses if not address.startswith("data:")}

    def weight(self):
        """Return the bytes of the current page: of document and style sheet, and in all.

        The icon is weighed apart and always counted, since not every browser asks for it, or in time.
        """
        for _ in range(TICKS):
            if self._bytes and set(self._kinds.values()) <= {ICON}:
                break
            self.page.wait_for_timeout(TICK)
        first = sum(size for kind, size in self._bytes if kind in FOR_FIRST_VIEW)
        total = sum(size for _, size in self._bytes) + self._icon_weight()
        return int(first), int(total)

    def _icon_weight(self):
        return len(self._context.request.get(ICON).body())

    def home(self):
        self.page.goto(f"/{self.language}/")

    def go(self, selector):
        """Click an element that leads to another page, and return the HTTP status of that page."""
        with self.page.expect_navigation() as reply:
            self.page.locator(selector).first.click()
        return reply.value.status

    def ask(self, **fields):
        """Fill in the search form, send it, and return the HTTP status of the answer."""
        for name, value in fields.items():
            self.page.fill(f"#{name}", value)
        return self.go("#search .button")

    def say_more(self):
        """Open the folded part of the form, if it is closed."""
        if self.page.locator("details:not([open])").count():
            self.page.click("summary")

    def switch(self):
        """Switch to the other language."""
        self.go("nav [lang]")

    def listed(self):
        """List the paths of the offers on the page, in order."""
        return [urlsplit(link.get_attribute("href")).path for link in self.page.locator(OFFER).all()]

    def open_offer(self):
        """Open the first offer of the page, and return the HTTP status of its page."""
        return self.go(OFFER)


def _kind(told):
    return ICON if urlsplit(told["request"]["url"]).path.endswith(ICON) else told.get("type")
