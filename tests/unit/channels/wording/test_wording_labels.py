"""Words for values that are stored: each value has some, whoever left it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from oim.channels.wording import CHANNELS, ROLES, render_trail, render_trail_actor
from oim.features.access import Role
from oim.features.audit import TrailEntry
from oim.features.people import Channel
from oim.kit.i18n import translator


@pytest.mark.parametrize("role", Role)
def test_every_role_of_the_trail_has_words(role: Role) -> None:
    assert render_trail_actor(role.value, translator("fr"), own=False) == translator("fr")(ROLES[role])


def test_the_trail_says_in_one_line_what_somebody_did_on_one_day() -> None:
    agent, at = UUID(int=1), datetime(2026, 11, 30, 7, 10, tzinfo=UTC)
    visits = [(at + timedelta(minutes=50), "document"), (at, "profile"), (at, "profile")]
    entries = [TrailEntry(when, "agent", agent, "read", what, {}) for when, what in visits]
    entries.append(TrailEntry(at - timedelta(days=1), "case_worker", UUID(int=2), "change", "profile", {}))
    lines = [
        " | ".join((line.moment, line.actor, line.done)).replace("\u00a0", " ")
        for line in render_trail(entries, translator("fr"))
    ]
    assert lines == [
        "30 novembre 2026, de 8 h 10 à 9 h | Agent d’un partenaire | lu : CV, profil",
        "29 novembre 2026 à 8 h 10 | Agent d’accompagnement | modifié : profil",
    ]


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_has_words(channel: Channel) -> None:
    assert translator("fr")(CHANNELS[channel]).startswith("Par ")
