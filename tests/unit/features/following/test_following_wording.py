"""The words of dismissal reasons and alerts."""

from __future__ import annotations

import pytest

from oim.channels.wording import DISMISSAL_REASONS, render_message
from oim.features.following import DismissalReason
from oim.features.messages import MessageKind


def test_every_dismissal_reason_has_its_own_words() -> None:
    assert list(DISMISSAL_REASONS) == list(DismissalReason)
    assert len(set(DISMISSAL_REASONS.values())) == len(DISMISSAL_REASONS)


@pytest.mark.parametrize(
    ("language", "count", "phrase"),
    [
        ("fr", 1, "1 nouvelle offre "),
        ("fr", 2, "2 nouvelles offres "),
        ("en", 1, "1 new offer "),
        ("en", 12, "12 new offers "),
    ],
)
def test_an_alert_counts_offers_in_singular_and_plural(language: str, count: int, phrase: str) -> None:
    assert phrase in render_message(MessageKind.ALERT, {"count": count}, language)[1]
