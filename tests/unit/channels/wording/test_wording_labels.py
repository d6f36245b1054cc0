"""Words for values that are stored: each value has some, whoever left it."""

import pytest

from oim.channels.wording import ROLES, render_trail_actor
from oim.features.access import Role
from oim.kit.i18n import translator


@pytest.mark.parametrize("role", Role)
def test_every_role_of_the_trail_has_words(role: Role) -> None:
    assert render_trail_actor(role.value, translator("fr"), own=False) == translator("fr")(ROLES[role])
