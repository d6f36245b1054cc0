"""What only serves another time fails nobody's act: where Valkey stops in the middle, the act is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from people_factory import add_known, code_of, person

from oim.features import people
from oim.features.people import Channel, Contact
from oim.features.sign_in import (
    BudgetLevel,
    ContactProof,
    Origin,
    PersonCredentials,
    SignInServices,
    add_contact,
    redeem_challenge,
    send_code,
    sign_in_person,
)
from oim.features.sign_in.rate_limits import CODES_PER_ADDRESS_AND_CONTACT
from oim.kit.cache import Cache
from oim.kit.db import Database
from oim.kit.errors import TooManyError, UnavailableError

PHONE = Contact(Channel.SMS, "+237677123456")
ORIGIN = Origin("10.0.0.1")


def prove(database: Database, sign_in: SignInServices) -> str:
    """Prove the number by a code; return the ticket."""
    challenge = send_code(database, sign_in, PHONE, language="fr", origin=ORIGIN)
    return redeem_challenge(sign_in.cache, database.vault, challenge, code_of(database))


class FailingCache:
    """A Valkey that has stopped."""

    @contextmanager
    def commands(self) -> Iterator[Any]:
        raise UnavailableError("The message store does not answer.")
        yield


def stop_in(function: str, position: int, patch: pytest.MonkeyPatch) -> None:
    """Have a function of `sign_in` find Valkey stopped; its argument at that position is the cache."""
    module, _, name = function.rpartition(".")
    original = getattr(__import__(module, fromlist=[name]), name)

    def call(*arguments: Any) -> Any:
        assert isinstance(arguments[position], Cache)
        return original(*arguments[:position], FailingCache(), *arguments[position + 1 :])

    patch.setattr(function, call)


def test_a_device_that_cannot_be_remembered_signs_in(
    database: Database, sign_in: SignInServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    awa, ticket = add_known(database, PHONE), prove(database, sign_in)
    stop_in("oim.features.sign_in.service.remember_device", 0, monkeypatch)
    assert sign_in_person(database, sign_in, PersonCredentials(ticket, "Awa", "2580")).actor.id == awa


def test_a_code_is_sent_or_refused_where_its_budget_cannot_be_looked_at(
    database: Database, sign_in: SignInServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An alarm is due after each code.
    monkeypatch.setattr("oim.features.sign_in.budgets._find_level", lambda *_: BudgetLevel.NEAR)
    stop_in("oim.features.sign_in.codes.watch_budgets", 1, monkeypatch)
    for _ in range(CODES_PER_ADDRESS_AND_CONTACT[0].item.amount):
        assert send_code(database, sign_in, PHONE, language="fr", origin=ORIGIN)
        assert code_of(database)
    with pytest.raises(TooManyError):
        send_code(database, sign_in, PHONE, language="fr", origin=ORIGIN)


def test_a_contact_is_added_although_its_ticket_cannot_be_deleted(
    database: Database, sign_in: SignInServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Contact(Channel.EMAIL, "awa@example.org")
    awa, ticket = add_known(database, other), prove(database, sign_in)
    stop_in("oim.features.sign_in.account.spend_ticket", 0, monkeypatch)
    add_contact(database, sign_in, person(awa), awa, ContactProof(ticket, "2580"))
    with database.write() as session:
        assert list(people.get(session, person(awa), awa).contacts.values()) == [other, PHONE]
