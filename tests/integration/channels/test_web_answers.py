"""Answering an offer on the pages: the button of each way, the page behind it, and offers without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import null, select, update
from starlette.testclient import TestClient

from oim.features.applications import parse_destination
from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.pages import can_be_answered
from oim.features.opportunities.service import get
from oim.kit.errors import NotFoundError

WAYS = {
    "telephone": ({"kind": "telephone", "value": "+237222001234"}, "tel:+237222001234"),
    "whatsapp": ({"kind": "whatsapp", "value": "+237243001234"}, "https://wa.me/237243001234"),
    "email": (
        {"kind": "email", "value": "rh@a.example?bcc=x@b.example"},
        "mailto:rh@a.example%3Fbcc%3Dx@b.example",
    ),
    "address": ({"kind": "address", "value": "Immeuble Mbam", "hours": "8 h - 12 h"}, None),
}


@pytest.mark.parametrize("kind", [*WAYS, "none"])
def test_an_offer_shows_its_way_on_the_page_and_behind_the_button(
    web: Callable[..., TestClient], house: Any, kind: str
) -> None:
    stored, uri = WAYS.get(kind, (None, None))
    with house.database.write() as session:
        offer = session.scalar(select(OpportunityRow.id).where(OpportunityRow.kind == "agr").limit(1))
        row = OpportunityRow.id == offer
        before = session.scalar(select(OpportunityRow.apply).where(row))
        session.execute(update(OpportunityRow).where(row).values(apply=[stored] if stored else []))
    try:
        page = LexborHTMLParser(web().get(f"/fr/opportunities/{offer}").text)
        answer = web().get(f"/fr/opportunities/{offer}/answer/{kind if stored else 'telephone'}")
    finally:
        with house.database.write() as session:
            session.execute(update(OpportunityRow).where(row).values(apply=before))
    buttons = page.css(".body a.button")
    if not stored:
        assert not buttons
        assert "ne dit pas comment répondre" in page.css_first(".body .notice").text()
        assert answer.status_code == 404
        return
    assert [a.attributes["href"] for a in buttons] == [f"/fr/opportunities/{offer}/answer/{kind}"]
    shown = LexborHTMLParser(answer.text)
    hrefs = {a.attributes["href"] for a in shown.css("main a.button")}
    assert (uri in hrefs) if uri else ("Immeuble Mbam" in answer.text and "8 h - 12 h" in answer.text)
    assert shown.css_first(".beware p")
    assert answer.headers["cache-control"] == "no-store"


CLEAR = (
    "https://emploi.example.cm/offres/1?u=https://t.me/x",
    "HTTP://Emploi.Example.CM",
    "http://emploi.example.cm.:8080",
    "https://bücher.example/",
    "https://not-bit.ly.example/",
    "https://xbit.ly/",
)
UNCLEAR = (
    "https://t.me/joinchat/abc",
    "HTTPS://WWW.T.ME:443",
    "https://t.me.?x",
    "https://\uff54.me/x",  # a wide t
    "https://t\u3002me/x",
    "https://t\u00ad.me/x",
    "https://chat.whatsapp.com/x",
    "https://web.telegram.org#x",
    "https://bit.ly/x",
    "https://emploi.cm@t.me/x",
    "https://emploi.cm:x@t.me/x",
    "http://10.0.0.1/x",
    "https://localhost/",
)
TELEPHONE = WAYS["telephone"][0]


def links(url: str) -> list[tuple[str | None, list[dict[str, str]] | None]]:
    """The same page as an offer's own, as a way that was stored, and as both before ways were read."""
    way = {"kind": "link", "value": url}
    return [(url, None), (url, []), (None, [way]), (url, [way])]


@pytest.mark.parametrize(
    ("url", "apply", "has_way", "has_page"),
    [
        *((url, apply, True, True) for page in CLEAR for url, apply in links(page)),
        *((url, apply, False, False) for page in UNCLEAR for url, apply in links(page)),
        (UNCLEAR[0], [{"kind": "link", "value": UNCLEAR[0]}, TELEPHONE], True, False),
        (CLEAR[0], [{"kind": "link", "value": UNCLEAR[0]}], True, True),
        (None, None, False, False),
    ],
)
def test_a_chat_or_a_shortened_address_is_no_way_wherever_it_is_stored(
    house: Any, url: str | None, apply: list[dict[str, str]] | None, has_way: bool, has_page: bool
) -> None:
    with house.database.write() as session:
        offer = session.scalars(select(OpportunityRow.id).where(OpportunityRow.kind == "agr").limit(1)).one()
        row = OpportunityRow.id == offer
        stored = null() if apply is None else apply
        session.execute(update(OpportunityRow).where(row).values(url=url, apply=stored, organisation_id=None))
        answerable = session.scalar(select(can_be_answered()).where(row))
        found = get(session, offer)
        session.rollback()
    assert (answerable, bool(found.ways)) == (has_way, has_way)
    if has_page:
        assert parse_destination(found).host != "t.me"
    else:
        with pytest.raises(NotFoundError):
            parse_destination(found)
