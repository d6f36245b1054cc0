"""Who reports: let in so often, and named by something blind."""

from uuid import uuid4

import pytest

from oim.features import trust
from oim.features.access import STRANGER, Actor, Role
from oim.features.sign_in import Doors
from oim.features.trust import Reporter
from oim.kit.crypto import Vault
from oim.kit.errors import TooManyError

AWA, BIH = Actor(Role.PERSON, uuid4()), Actor(Role.PERSON, uuid4())
ESTHER = Actor(Role.CASE_WORKER, uuid4())


def named(doors: Doors, vault: Vault, actor: Actor = STRANGER, address: str = "198.51.100.7") -> Reporter:
    return trust.reporter(doors.limits, vault, actor, address)


def test_people_are_named_by_themselves_and_strangers_by_their_address(doors: Doors, vault: Vault) -> None:
    assert named(doors, vault, AWA) == named(doors, vault, AWA, "203.0.113.9")
    assert named(doors, vault, AWA) != named(doors, vault, BIH)
    assert named(doors, vault) == named(doors, vault)
    assert named(doors, vault) != named(doors, vault, address="203.0.113.9")
    assert (named(doors, vault, AWA).person, named(doors, vault).person) == (AWA.id, None)


def test_staff_count_as_one_reporter_and_not_as_a_person(doors: Doors, vault: Vault) -> None:
    told = named(doors, vault, ESTHER)
    assert told.person is None
    assert told.blind not in (named(doors, vault).blind, named(doors, vault, AWA).blind)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("198.51.100.7", "198.51.100.8", False),
        ("::ffff:198.51.100.7", "198.51.100.7", True),
        ("::ffff:198.51.100.7", "::ffff:198.51.100.8", False),
        ("", "no address", False),
    ],
)
def test_a_subscriber_counts_once(doors: Doors, vault: Vault, first: str, second: str, same: bool) -> None:
    blinds = {named(doors, vault, address=one).blind for one in (first, second)}
    assert (len(blinds) == 1) == same


def test_the_value_tells_nobody_the_address(doors: Doors, vault: Vault) -> None:
    told = named(doors, vault)
    assert len(told.blind) == 32
    assert b"198.51" not in told.blind


def test_there_is_an_end_for_an_address_and_for_a_person(doors: Doors, vault: Vault) -> None:
    for actor, most in ((STRANGER, 10), (AWA, 20)):
        for _ in range(most):
            named(doors, vault, actor)
        with pytest.raises(TooManyError):
            named(doors, vault, actor)
    named(doors, vault, BIH)
    named(doors, vault, address="203.0.113.9")
