"""The links of messages: where they lead, and that they keep to one SMS."""

import pytest

from oim.channels.web.security import safe_next_path
from oim.channels.wording import render_message
from oim.features.messages import MessageKind
from oim.kit.i18n import LANGUAGES

ADDRESS = "https://oim.example"
OWN_LINK = "https://oim.example/fr/pin/q8Rk"  # that cancels: no other stands beside it
PAYLOAD: dict[str, str | int] = {
    **{"code": "1234567", "minutes": 10, "count": 3, "day": "31 décembre 2026"},
    **{"when": "31 décembre 2026", "link": OWN_LINK},
}
WITHOUT_LINK = {MessageKind.CODE, MessageKind.PIN_ASKED, MessageKind.PIN_CHANGED}
FOR_STAFF = {MessageKind.APPLIED, MessageKind.APPLIED_DIGEST}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(set(MessageKind) - WITHOUT_LINK))
def test_a_message_leads_to_its_page_within_one_sms(kind: MessageKind, language: str) -> None:
    _, text = render_message(kind, PAYLOAD, language, ADDRESS)
    path = text.rpartition(ADDRESS)[2]
    assert safe_next_path(path) == path
    assert path.startswith(f"/{language}/{'staff' if kind in FOR_STAFF else 'me'}")
    assert len(text) <= 160


@pytest.mark.parametrize("kind", sorted(WITHOUT_LINK))
def test_a_message_about_codes_and_pins_has_no_link_but_its_own(kind: MessageKind) -> None:
    assert "http" not in render_message(kind, PAYLOAD, "fr", ADDRESS)[1].replace(OWN_LINK, "")


def test_a_link_that_is_too_long_for_one_sms_is_left_out() -> None:
    kind = MessageKind.INACTIVE
    assert render_message(kind, PAYLOAD, "fr", ADDRESS * 6) == render_message(kind, PAYLOAD, "fr")
