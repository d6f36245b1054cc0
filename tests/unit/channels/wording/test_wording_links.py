"""Links in descriptions: only in trusted offers, to web pages and to telephone numbers of Cameroon."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oim.channels.wording import TextSegment, linkify

TEXT = "Postulez sur https://exemple.oim.invalid/emplois?id=1, ou appelez le 6 77 12 34 56."


def hrefs(text: str) -> list[str]:
    return [piece.href for piece in linkify(text, trusted=True) if piece.href]


def test_an_untrusted_offer_has_no_links() -> None:
    assert linkify(TEXT, trusted=False) == [TextSegment(TEXT)]
    assert linkify("", trusted=False) == linkify("", trusted=True) == []


def test_addresses_and_telephone_numbers_of_a_trusted_offer_are_links() -> None:
    assert linkify(TEXT, trusted=True) == [
        TextSegment("Postulez sur "),
        TextSegment("https://exemple.oim.invalid/emplois?id=1", "https://exemple.oim.invalid/emplois?id=1"),
        TextSegment(", ou appelez le "),
        TextSegment("6 77 12 34 56", "tel:+237677123456"),
        TextSegment("."),
    ]


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("(https://a.cm/b)", "https://a.cm/b"),
        ("« https://a.cm »", "https://a.cm"),
        ("https://a.cm/b_(c).", "https://a.cm/b_(c)"),
        ("Voir https://a.cm/b...", "https://a.cm/b"),
        ("https://a.cm/b’,", "https://a.cm/b"),
        ("HTTP://A.cm/B", "HTTP://A.cm/B"),
        ("https://a.cm/x<script>", "https://a.cm/x"),
        ("https://a.cm/\u202egpj", "https://a.cm/"),
        ("+237 699-12-34-56", "tel:+237699123456"),
        ("00237 677 12 34 56", "tel:+237677123456"),
        ("222 23 45 67", "tel:+237222234567"),
        ("677123456", "tel:+237677123456"),
    ],
)
def test_a_link_excludes_the_punctuation_around_it(text: str, href: str) -> None:
    assert hrefs(text) == [href]


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.cm/b",
        "www.a.cm",
        "https://localhost/a",
        "https://",
        "http://[::1",
        "http://a.cm:x/",
        "https://banque.cm@fraude.example/",
        "Budget : 650 000 000 FCFA",
        "677 123 456 F",
        "6771234567",
        "x677123456",
        "677 12 34",
        "999 12 34 56",
    ],
)
def test_unsafe_addresses_amounts_and_other_numbers_are_no_links(text: str) -> None:
    assert hrefs(text) == []


@given(st.text() | st.text("https://a.cm@()[]:’ 6723 +\u202e\n.", max_size=80), st.booleans())
def test_any_text_is_preserved_and_links_are_only_http_or_tel(text: str, trusted: bool) -> None:
    pieces = linkify(text, trusted)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)
    for piece in pieces:
        if piece.href is not None:
            assert trusted
            assert piece.href.lower().startswith(("https://", "http://", "tel:+237"))
            assert piece.href.startswith("tel:") or piece.href == piece.text
            assert piece.text[-1] not in ".,;:!?'’…"
