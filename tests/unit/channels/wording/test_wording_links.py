"""Links in descriptions: of trusted offers alone, to the web and to telephones here, without punctuation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oim.channels.wording import TextSegment, linkify

TEXT = "Postulez sur https://exemple.oim.invalid/emplois?id=1, ou appelez le 6 77 12 34 56."


def hrefs(text: str) -> list[str]:
    return [piece.href for piece in linkify(text, trusted=True) if piece.href]


def test_nothing_of_an_untrusted_offer_is_a_link() -> None:
    assert linkify(TEXT, trusted=False) == [TextSegment(TEXT)]
    assert linkify("", trusted=False) == linkify("", trusted=True) == []


def test_a_trusted_offer_has_links_and_telephones() -> None:
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
def test_the_link_is_what_was_meant(text: str, href: str) -> None:
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
def test_anything_else_is_plain(text: str) -> None:
    assert hrefs(text) == []


@given(st.text() | st.text("https://a.cm@()[]:’ 6723 +\u202e\n.", max_size=80), st.booleans())
def test_no_word_is_lost_and_no_link_is_another_sort(text: str, trusted: bool) -> None:
    pieces = linkify(text, trusted)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)
    for piece in pieces:
        if piece.href is not None:
            assert trusted
            assert piece.href.lower().startswith(("https://", "http://", "tel:+237"))
            assert piece.href.startswith("tel:") or piece.href == piece.text
            assert piece.text[-1] not in ".,;:!?'’…"
