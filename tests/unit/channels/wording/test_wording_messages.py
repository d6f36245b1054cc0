"""The links of messages: where they lead, and that they keep to one SMS."""

import pytest

from oim.channels.web.security import safe_next_path
from oim.channels.wording import render_message
from oim.features.messages import MessageKind
from oim.kit.i18n import LANGUAGES

ADDRESS = "https://oim.example"
PAYLOAD: dict[str, str | int] = {"code": "1234567", "minutes": 10, "count": 3, "day": "31 décembre 2026"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind is not MessageKind.CODE])
def test_a_message_leads_to_its_page_within_one_sms(kind: MessageKind, language: str) -> None:
    _, text = render_message(kind, PAYLOAD, language, ADDRESS)
    path = text.rpartition(ADDRESS)[2]
    assert safe_next_path(path) == path
    assert path.startswith(f"/{language}/me")
    assert len(text) <= 160


def test_a_code_has_no_link() -> None:
    assert "http" not in render_message(MessageKind.CODE, PAYLOAD, "fr", ADDRESS)[1]


def test_a_link_that_is_too_long_for_one_sms_is_left_out() -> None:
    kind = MessageKind.INACTIVE
    assert render_message(kind, PAYLOAD, "fr", ADDRESS * 6) == render_message(kind, PAYLOAD, "fr")
