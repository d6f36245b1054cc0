"""The trust level and warnings of an offer, on its card and its page; and which links its text may have."""

from dataclasses import replace
from uuid import UUID

import pytest
from starlette.testclient import TestClient
from web_stand_ins import OFFERS, TAILOR, Browser, OffersInMemory, StubEngine, recommendation, text

from oim.channels.web.assets import asset_url
from oim.features.matching.answer import Answer
from oim.features.opportunities import Opportunity, RedFlag, Trust

FIRST_VIEW = 14 * 1024  # bytes, compressed
FEE = RedFlag("fee", "Envoyez 10 000 F <b>par</b> Orange Money.")
NAMELESS = RedFlag("no_employer")
LABELS = {
    ("fr", Trust.VERIFIED): "Partenaire vérifié",
    ("fr", Trust.KNOWN): "Source connue",
    ("fr", Trust.UNKNOWN): "Source inconnue",
    ("en", Trust.VERIFIED): "Verified partner",
    ("en", Trust.KNOWN): "Known source",
    ("en", Trust.UNKNOWN): "Unknown source",
}
NUMBER, PAGE = "699 12 34 56", "https://atelier.example.cm/postuler"


def show(catalogue: OffersInMemory, trust: Trust = Trust.UNKNOWN, *flags: RedFlag, words: str = "") -> None:
    """Make the tailor's offer the only one, with this trust level, these flags and this description."""
    offer = OFFERS[0]
    draft = replace(offer.draft, description=words or offer.draft.description)
    catalogue.offers = [replace(offer, trust=trust, warnings=flags, draft=draft)]


def path(language: str = "fr") -> str:
    return f"/{language}/opportunities/{TAILOR}"


@pytest.mark.parametrize(("language", "trust"), LABELS)
def test_cards_and_pages_show_the_trust_level_beside_the_publisher(
    browser: Browser, catalogue: OffersInMemory, language: str, trust: Trust
) -> None:
    show(catalogue, trust)
    card = browser.open(f"/{language}/").css_first(".card .lines li:first-child")
    page = browser.open(path(language)).css_first(".lines li:first-child")
    for shown in (card, page):
        assert "Atelier d’Akwa" in text(shown, "span")
        assert LABELS[language, trust] in text(shown, ".trust")
        assert shown.css_first(".trust use").attributes["href"] == f"#{trust.value}"
    assert len(text(page, ".trust")) > len(text(card, ".trust")), "the page says what the level means"
    assert card.css(".warn") == []


def test_a_card_with_warnings_shows_its_facts_in_the_usual_order(
    browser: Browser, catalogue: OffersInMemory
) -> None:
    show(catalogue, Trust.KNOWN, FEE)
    card_text = text(browser.open("/fr/"), ".card")
    order = [
        "Couturière",
        "Atelier",
        "Source connue",
        "1 alerte",
        "Douala",
        "FCFA",
        "Jusqu’au",
        "Voir l’offre",
    ]
    places = [card_text.index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("flags", "fr", "en"),
    [
        ((FEE,), "1 alerte", "1 warning"),
        ((FEE, NAMELESS), "2 alertes", "2 warnings"),
    ],
)
def test_a_card_shows_how_many_warnings_there_are(
    browser: Browser, catalogue: OffersInMemory, flags: tuple[RedFlag, ...], fr: str, en: str
) -> None:
    show(catalogue, Trust.UNKNOWN, *flags)
    for language, words in (("fr", fr), ("en", en)):
        warn = browser.open(f"/{language}/").css_first(".card .warn")
        assert text(warn, ".warn").startswith(words)
        assert warn.css_first("use").attributes["href"] == "#warn"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_explains_each_warning_before_how_to_apply(
    browser: Browser, catalogue: OffersInMemory, language: str
) -> None:
    show(catalogue, Trust.UNKNOWN, FEE, NAMELESS)
    page = browser.open(path(language))
    box = page.css_first(".warned")
    assert len(box.css("li")) == 2
    quoted = box.css_first("blockquote")
    assert FEE.excerpt in quoted.text(), "the offer's own words, and no markup of theirs"
    assert quoted.css("b") == []
    assert quoted.attributes.get("lang") == (None if language == "fr" else "fr")
    assert len(box.css("blockquote")) == 1
    headings = [heading.text().strip() for heading in page.css("h2")]
    first, later = {
        "fr": ("À lire avant de répondre", "Comment répondre"),
        "en": ("Read this before you answer", "How to apply"),
    }[language]
    assert headings[0] == first
    assert later in headings


def test_an_offer_without_warnings_has_no_warning_box(browser: Browser) -> None:
    assert browser.open(path()).css(".warned, .warn") == []


@pytest.mark.parametrize("trust", Trust)
def test_only_a_verified_partner_has_phone_numbers_as_links(
    browser: Browser, catalogue: OffersInMemory, trust: Trust
) -> None:
    words = f"Appelez le {NUMBER}.\n\nOu écrivez : {PAGE}, http://10.0.0.1/x"
    show(catalogue, trust, words=words)
    page = browser.open(path())
    links = [(link.text(), link.attributes["href"]) for link in page.css(".words a")]
    assert links == ([(NUMBER, "tel:+237699123456")] if trust is Trust.VERIFIED else [])
    assert [paragraph.text() for paragraph in page.css(".words p")] == words.split("\n\n")


LONG = "a" * 5000
HOSTILE = (
    "javascript:alert(1)",
    "<script>alert(1)</script>",
    '<a href="https://mauvais.example">ici</a>',
    '<img src=x onerror="alert(1)">',
    "https://mauvais.example/\u202egnp.exe",
    'https://mauvais.example/"onmouseover="alert(1)',
    "data:text/html,<script>alert(1)</script>",
    "tel:+237699123456",
    "{{ 7 * 7 }}",
    LONG,
)


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: words[:20])
def test_markup_in_a_description_is_shown_as_text(
    browser: Browser, catalogue: OffersInMemory, words: str
) -> None:
    show(catalogue, Trust.VERIFIED, RedFlag("fee", words), words=words)
    page = browser.open(path())
    assert page.css_first(".words p").text() == words
    assert words in page.css_first("blockquote").text()
    assert page.css("script, img, [onerror], [onmouseover]") == []
    assert all((link.attributes["href"] or "").startswith(("/", "#", "tel:+237")) for link in page.css("a"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_links_to_another_site_and_each_links_to_the_report_form(
    browser: Browser, language: str
) -> None:
    for offer in OFFERS:
        page = browser.open(f"/{language}/opportunities/{offer.id}")
        links = [link.attributes["href"] or "" for link in page.css("a")]
        assert f"/{language}/opportunities/{offer.id}/report" in links
        assert all(link.startswith(("/", "#")) for link in links)


def _offer_with_warnings(number: int) -> Opportunity:
    offer = OFFERS[number % 3]
    titled = replace(offer.draft, title=f"{offer.title} {hash((number, 'title'))}")
    level = tuple(Trust)[number % 3]
    return replace(offer, draft=titled, trust=level, warnings=(FEE, NAMELESS)[: number % 3])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_twenty_cards_with_warnings_are_within_the_size_budget(
    client: TestClient, catalogue: OffersInMemory, engine: StubEngine, language: str
) -> None:
    offers = [replace(_offer_with_warnings(number), id=UUID(int=100 + number)) for number in range(20)]
    catalogue.offers = offers
    engine.answer = Answer(items=tuple(recommendation(offer.id) for offer in offers), missing=())
    headers = {"Accept-Encoding": "gzip"}
    with client.stream("POST", f"/{language}/recommendations", data={"text": "x"}, headers=headers) as answer:
        page = b"".join(answer.iter_raw())
    with client.stream("GET", asset_url("style.css"), headers=headers) as answer:
        style = b"".join(answer.iter_raw())
    assert page[:2] == b"\x1f\x8b"
    assert len(page) + len(style) <= FIRST_VIEW
