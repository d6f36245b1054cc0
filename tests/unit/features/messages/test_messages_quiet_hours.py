"""Quiet hours: no messages at night, nor more than three a day."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oim.channels.wording import render_message
from oim.channels.wording.gsm import gsm_length, to_gsm
from oim.features.messages import MessageKind
from oim.features.messages.quiet_hours import find_allowed_time
from oim.kit.clock import CAMEROON

NOON = datetime(2026, 11, 25, 12, tzinfo=CAMEROON)


@pytest.mark.parametrize(
    ("hour", "sent_count", "allowed"),
    [
        (12, 0, NOON),
        (12, 2, NOON),
        (12, 3, datetime(2026, 11, 26, 6, tzinfo=CAMEROON)),
        (6, 0, datetime(2026, 11, 25, 6, tzinfo=CAMEROON)),
        (5, 0, datetime(2026, 11, 25, 6, tzinfo=CAMEROON)),
        (22, 0, datetime(2026, 11, 26, 6, tzinfo=CAMEROON)),
        (23, 3, datetime(2026, 11, 26, 6, tzinfo=CAMEROON)),
    ],
)
def test_a_message_waits_for_the_next_allowed_time(hour: int, sent_count: int, allowed: datetime) -> None:
    assert (
        find_allowed_time(NOON.replace(hour=hour), Counter({NOON.date(): sent_count}).__getitem__) == allowed
    )


def test_a_day_with_three_messages_is_skipped() -> None:
    planned = Counter(
        {NOON.date(): 3, NOON.date() + timedelta(days=1): 3, NOON.date() + timedelta(days=2): 2}
    )
    assert find_allowed_time(NOON, planned.__getitem__) == datetime(2026, 11, 27, 6, tzinfo=CAMEROON)


@given(st.integers(0, 60 * 24 * 7), st.integers(0, 9))
def test_the_allowed_time_is_by_day_and_not_before_the_given_time(minutes: int, sent_count: int) -> None:
    at = NOON + timedelta(minutes=minutes)
    allowed = find_allowed_time(at, lambda day: sent_count if day <= at.date() else 0)
    assert allowed >= at
    assert 6 <= allowed.astimezone(CAMEROON).hour < 22
    assert allowed - at <= timedelta(days=2)


@pytest.mark.parametrize("kind", MessageKind)
@pytest.mark.parametrize("language", ["fr", "en", "xx"])
def test_every_message_fits_into_one_sms(kind: MessageKind, language: str) -> None:
    link = f"https://oim.example.cm/fr/pin/{'x' * 22}"
    payload = {"code": "1234567", "minutes": 10, "count": 12, "day": "25 novembre 2026"}
    payload |= {"when": "25 novembre à 12:30", "link": link}
    subject, text = render_message(kind, payload, language)
    assert subject
    assert "OIM" in text
    assert gsm_length(to_gsm(text)) <= 160
