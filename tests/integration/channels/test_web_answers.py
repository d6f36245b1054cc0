"""Answering an offer on the pages: the button of each way, the page behind it, and offers without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select, update
from starlette.testclient import TestClient

from oim.features.opportunities.models import OpportunityRow

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
