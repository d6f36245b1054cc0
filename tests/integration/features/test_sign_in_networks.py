"""One network of IPv6, of 65,536 subscribers, shuts nobody out: it counts as little more than one."""

from collections.abc import Callable

import pytest

from oim.features.people import Channel, Contact
from oim.features.sign_in import Origin, SignInServices, send_code
from oim.features.sign_in.budgets import HOME_BUDGETS
from oim.features.sign_in.rate_limits import (
    IPV4_NETWORK_LIMITS,
    IPV6_NETWORK_LIMITS,
    code_limits,
    password_limits,
)
from oim.kit.db import Database
from oim.kit.errors import TooManyError

PHONE = Contact(Channel.SMS, "+237677123456")
ACCOUNT = "staff ada@example.org"


def rented(number: int) -> str:
    """An address of one /48, in a /64 of its own."""
    return f"2001:db8:1:{number:x}::1"


@pytest.fixture
def ask(database: Database, sign_in: SignInServices) -> Callable[[Contact, str], bool]:
    """Ask for a code; return whether it would be sent. No message is made: floods are large."""

    def call(contact: Contact, address: str) -> bool:
        try:
            sign_in.rate_limiter.hit(code_limits(database.vault, contact, Origin(address)))
        except TooManyError:
            return False
        return True

    return call


def test_a_code_counts_for_its_network(
    database: Database, sign_in: SignInServices, ask: Callable[[Contact, str], bool]
) -> None:
    for number in range(8):
        send_code(database, sign_in, PHONE, language="fr", origin=Origin(rented(number % 2)))
    assert not ask(PHONE, rented(3))


def test_one_network_does_not_use_up_a_contact(ask: Callable[[Contact, str], bool]) -> None:
    assert sum(ask(PHONE, rented(number % 20)) for number in range(60)) == 8
    assert ask(PHONE, "2001:db8:2::1")
    assert ask(PHONE, "10.0.0.1")


def test_one_network_does_not_use_up_a_range_of_numbers(ask: Callable[[Contact, str], bool]) -> None:
    numbers = [Contact(Channel.SMS, f"+2376771{n:05}") for n in range(80)]
    assert sum(ask(number, rented(n)) for n, number in enumerate(numbers)) == 60
    assert ask(Contact(Channel.SMS, "+237677199999"), "2001:db8:2::1")


def test_one_network_does_not_use_up_a_country_abroad(ask: Callable[[Contact, str], bool]) -> None:
    numbers = [Contact(Channel.SMS, f"+3361234{n:04}") for n in range(40)]
    assert sum(ask(number, rented(n)) for n, number in enumerate(numbers)) == 20
    assert ask(Contact(Channel.SMS, "+33698765432"), "2001:db8:2::1")


def test_one_network_has_a_tenth_of_the_budget_at_home(ask: Callable[[Contact, str], bool]) -> None:
    tenths = [limit.item.amount * 10 for limit in IPV6_NETWORK_LIMITS.codes]
    assert tenths == [budget.item.amount for budget in HOME_BUDGETS]
    thirds = [limit.item.amount * 3 for limit in IPV4_NETWORK_LIMITS.codes]
    assert thirds == [budget.item.amount for budget in HOME_BUDGETS]
    # Each number in a range of its own, each request from an address of its own.
    numbers = [Contact(Channel.SMS, f"+23767{n % 10}{n // 10:02}0000") for n in range(320)]
    assert sum(ask(number, rented(n)) for n, number in enumerate(numbers)) == 300
    assert ask(PHONE, "2001:db8:2::1")


@pytest.mark.parametrize("is_one_account", [True, False])
def test_one_network_does_not_use_up_an_account_of_staff(
    database: Database, sign_in: SignInServices, is_one_account: bool
) -> None:
    accepted = 0
    for number in range(220):
        account = ACCOUNT if is_one_account else f"staff {number}@example.org"
        limits = password_limits(database.vault, account, Origin(rented(number)))
        try:
            sign_in.rate_limiter.hit(limits)
            accepted += 1
        except TooManyError:
            pass
    assert accepted == (10 if is_one_account else 200)
    sign_in.rate_limiter.hit(password_limits(database.vault, ACCOUNT, Origin("2001:db8:2::1")))


def test_addresses_of_ipv4_count_each_for_itself(ask: Callable[[Contact, str], bool]) -> None:
    """A /24 may be all the customers of an operator, who share a few addresses of it."""
    numbers = [Contact(Channel.SMS, f"+2376771{n:05}") for n in range(80)]
    assert all(ask(number, f"203.0.113.{n // 20}") for n, number in enumerate(numbers))
