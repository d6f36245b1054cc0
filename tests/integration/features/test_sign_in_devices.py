"""Nobody shuts another out: known devices keep allowances of their own, and paid codes have budgets."""

from collections.abc import Callable
from uuid import UUID

import pyotp
import pytest
import time_machine
from people_factory import add_known, code_of, person
from structlog.testing import capture_logs

from oim.features import people, staff
from oim.features.access import SYSTEM, Role
from oim.features.people import Channel, Contact
from oim.features.sign_in import (
    AccountChange,
    Origin,
    PersonCredentials,
    SignedIn,
    SignInServices,
    StaffCredentials,
    change_name,
    find_budget_faults,
    redeem_challenge,
    require_pin,
    send_code,
    sign_in_person,
    sign_in_staff,
)
from oim.features.sign_in.budgets import ABROAD_BUDGETS, COUNTRY_BUDGETS
from oim.features.sign_in.devices import person_owner, remember_device, renew_device
from oim.features.sign_in.rate_limits import PASSWORD_TRIES_PER_ACCOUNT, hash_subject, pin_limits
from oim.kit.db import Database
from oim.kit.errors import BadInputError, SignInError, TooManyError
from oim.kit.faults import Fault

PHONE = Contact(Channel.SMS, "+237677123456")
EMAIL, PASSWORD = "ada@example.org", "quatre mots bien longs"
HOME = "10.0.0.1"


@pytest.fixture
def ask(database: Database, sign_in: SignInServices) -> Callable[..., str]:
    """Ask for a code; return the challenge."""

    def call(contact: Contact = PHONE, address: str = HOME, device: str = "") -> str:
        return send_code(database, sign_in, contact, language="fr", origin=Origin(address, device))

    return call


@pytest.fixture
def enter(database: Database, sign_in: SignInServices, ask: Callable[..., str]) -> Callable[..., SignedIn]:
    """Sign in by a code, a name and a PIN, from a device."""

    def call(device: str = "", address: str = HOME, contact: Contact = PHONE) -> SignedIn:
        challenge = ask(contact, address, device)
        ticket = redeem_challenge(sign_in.cache, database.vault, challenge, code_of(database))
        return sign_in_person(database, sign_in, PersonCredentials(ticket, "Awa", "2580", device))

    return call


def count_accepted(calls: list[Callable[[], object]]) -> int:
    accepted = 0
    for call in calls:
        try:
            call()
            accepted += 1
        except TooManyError:
            pass
    return accepted


def test_ten_addresses_do_not_shut_the_owner_out_of_the_device_they_know(
    database: Database, sign_in: SignInServices, ask: Callable[..., str], enter: Callable[..., SignedIn]
) -> None:
    awa = add_known(database, PHONE)
    device = enter().device
    flood = [lambda n=n: ask(address=f"203.0.113.{n}") for n in range(10) for _ in range(10)]  # type: ignore[misc]
    assert count_accepted(flood) == 9  # of ten for all unknown devices; one was the owner's own, before
    with pytest.raises(TooManyError):
        ask()
    again = enter(device)
    assert (again.actor.id, again.device) == (awa, device)
    # Nor does a device that its owner takes elsewhere depend on the address there.
    assert enter(device, address="203.0.113.1").actor.id == awa


def test_one_address_uses_up_half_of_what_unknown_devices_have(ask: Callable[..., str]) -> None:
    assert count_accepted([lambda: ask(address="203.0.113.1")] * 20) == 5
    assert count_accepted([ask] * 20) == 5


def test_a_device_has_an_allowance_too_and_all_of_a_contact_together(
    database: Database, sign_in: SignInServices, ask: Callable[..., str]
) -> None:
    devices = [renew_device(database.vault, "") for _ in range(6)]
    for device in devices:
        remember_device(sign_in.cache, database.vault, device, PHONE.value)
    accepted = [count_accepted([lambda device=device: ask(device=device)] * 8) for device in devices]  # type: ignore[misc]
    assert accepted == [5, 5, 5, 5, 0, 0]
    assert ask()  # an unknown one is not affected


def test_a_device_is_known_for_the_contact_that_signed_in_on_it_alone(
    database: Database, ask: Callable[..., str], enter: Callable[..., SignedIn]
) -> None:
    add_known(database, PHONE)
    device, other = enter().device, Contact(Channel.SMS, "+237699000000")
    count_accepted([lambda n=n: ask(other, f"203.0.113.{n}") for n in range(10)])  # type: ignore[misc]
    with pytest.raises(TooManyError):
        ask(other, device=device)


@pytest.mark.parametrize("token", ["", "a", "x" * 45, "é.ü", f"{'a' * 22}.{'b' * 22}"])
def test_a_token_that_is_not_ours_is_replaced_and_counts_for_nothing(
    database: Database, ask: Callable[..., str], enter: Callable[..., SignedIn], token: str
) -> None:
    add_known(database, PHONE)
    assert enter(token).device != token
    assert count_accepted([lambda: ask(device=token)] * 10) == 4


def test_two_who_share_a_telephone_share_its_token(
    database: Database, enter: Callable[..., SignedIn]
) -> None:
    """A token that changed with who signs in would tell whoever looks that somebody else did."""
    other = Contact(Channel.EMAIL, "biya@example.org")
    add_known(database, PHONE)
    add_known(database, other)
    device = enter().device
    assert enter(device, contact=other).device == enter(device).device == device


def test_three_addresses_do_not_lock_a_range_of_numbers(ask: Callable[..., str]) -> None:
    numbers = [Contact(Channel.SMS, f"+2376771{n:05}") for n in range(150)]
    flood = [lambda n=n, c=c: ask(c, f"203.0.113.{n % 3}") for n, c in enumerate(numbers)]  # type: ignore[misc]
    assert count_accepted(flood) == 60
    assert ask(PHONE)
    assert ask(Contact(Channel.SMS, "+237677199999"), "198.51.100.7")


def test_what_one_limit_refuses_counts_for_no_other(sign_in: SignInServices, ask: Callable[..., str]) -> None:
    tunisian = Contact(Channel.SMS, "+21620999999")
    assert count_accepted([lambda: ask(tunisian)] * 50) == 5
    for limits, destination in ((COUNTRY_BUDGETS, "+216"), (ABROAD_BUDGETS, "abroad")):
        for limit in limits:
            quota = sign_in.rate_limiter.read_quota(limit, destination)
            assert quota.limit - quota.remaining == 5


def test_paid_codes_to_a_country_have_a_budget_of_which_staff_are_warned(
    database: Database, sign_in: SignInServices, ask: Callable[..., str]
) -> None:
    french = [Contact(Channel.SMS, f"+3361234{n:04}") for n in range(130)]
    flood = [lambda n=n, c=c: ask(c, f"10.0.{n}.1") for n, c in enumerate(french)]  # type: ignore[misc]
    with capture_logs() as lines:
        assert count_accepted(flood[:59]) == 59
        assert (find_budget_faults(sign_in.cache), lines) == ((), [])
        assert count_accepted(flood[59:79]) == 20
        assert find_budget_faults(sign_in.cache) == (Fault("codes +33", "near"),)
        assert count_accepted(flood[79:]) == 1
        assert find_budget_faults(sign_in.cache) == (Fault("codes +33", "reached"),)
    assert [(line["log_level"], line["destination"], line["state"]) for line in lines] == [
        ("error", "+33", "near"),
        ("error", "+33", "reached"),
    ]
    known = Contact(Channel.SMS, "+33698765432")
    device = renew_device(database.vault, "")
    remember_device(sign_in.cache, database.vault, device, known.value)
    with pytest.raises(TooManyError):
        ask(known, "10.1.0.1")
    assert ask(known, "10.1.0.1", device)
    assert ask(Contact(Channel.SMS, "+21620999999"), "10.1.0.2")
    assert ask(Contact(Channel.EMAIL, "awa@example.org"), "10.1.0.3")


def test_countries_abroad_have_a_budget_together(sign_in: SignInServices, ask: Callable[..., str]) -> None:
    for limit in ABROAD_BUDGETS[:1]:
        for _ in range(320):
            sign_in.rate_limiter.hit([(limit, "abroad")])
    with pytest.raises(TooManyError):
        ask(Contact(Channel.SMS, "+21620999999"))
    assert ask(PHONE)


def test_guesses_of_a_pin_elsewhere_do_not_shut_out_the_device_that_is_known(
    database: Database, sign_in: SignInServices, enter: Callable[..., SignedIn]
) -> None:
    """Somebody of the family, who reads the codes of the contact, guesses on a device of their own."""
    awa = add_known(database, PHONE)
    device = enter().device
    limiter, vault = sign_in.rate_limiter, database.vault
    guess = [lambda: limiter.hit(pin_limits(vault, PHONE))] * 40
    assert count_accepted(guess) == 9
    with pytest.raises(TooManyError):
        enter(address="10.0.0.2")
    assert enter(device).actor.id == awa


def test_guesses_of_a_pin_are_bounded_whatever_devices_are_known(
    database: Database, sign_in: SignInServices
) -> None:
    """Whoever reads the codes of a contact can make any number of devices known: by registering there."""
    limiter, vault, guesses = sign_in.rate_limiter, database.vault, 0
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        for device in ("", *(renew_device(vault, "") for _ in range(5))):
            for _ in range(4):
                guesses += count_accepted([lambda: limiter.hit(pin_limits(vault, PHONE, device))] * 15)  # noqa: B023
                clock.shift(15 * 60 + 1)
    assert guesses == 20 + 30


def test_a_change_refused_on_one_contact_counts_on_none(
    database: Database, sign_in: SignInServices, enter: Callable[..., SignedIn]
) -> None:
    awa, other = add_known(database, PHONE), Contact(Channel.EMAIL, "awa@example.org")
    with database.write() as session:
        people.add_contact(session, person(awa), awa, other)
    limiter, vault, device = sign_in.rate_limiter, database.vault, enter().device
    count_accepted([lambda: limiter.hit(pin_limits(vault, other))] * 20)
    left = [limiter.read_quota(limit, subject) for limit, subject in pin_limits(vault, PHONE)]
    for _ in range(3):
        with pytest.raises(TooManyError):
            change_name(database, sign_in, person(awa), awa, AccountChange("Biya", None, "2580"))
    after = [limiter.read_quota(limit, subject) for limit, subject in pin_limits(vault, PHONE)]
    assert [quota.remaining for quota in after] == [quota.remaining for quota in left]
    # A device that signed in by both goes by its own.
    remember_device(sign_in.cache, vault, device, other.value)
    change_name(database, sign_in, person(awa), awa, AccountChange("Biya", None, "2580", device))


def test_a_thief_with_an_open_session_does_not_shut_the_owner_out_of_what_asks_for_the_pin(
    database: Database, sign_in: SignInServices, enter: Callable[..., SignedIn]
) -> None:
    awa = add_known(database, PHONE)
    stolen, own = enter().device, enter().device
    family = renew_device(database.vault, "")  # known for the contact that they share, and not for her
    remember_device(sign_in.cache, database.vault, family, PHONE.value)

    def guess(device: str) -> None:
        with pytest.raises(BadInputError):
            require_pin(database, sign_in, awa, "0000", device)

    with time_machine.travel(1_800_000_000, tick=False) as clock:
        guesses = 0
        for _ in range(12):
            for device in (stolen, "", family):
                guesses += count_accepted([lambda: guess(device)] * 6)  # noqa: B023
            clock.shift(15 * 60 + 1)
        assert guesses == 20 + 10
        require_pin(database, sign_in, awa, "2580", own)


def test_tries_of_a_pin_are_bounded_whatever_devices_a_person_has(
    database: Database, sign_in: SignInServices, enter: Callable[..., SignedIn]
) -> None:
    awa = add_known(database, PHONE)
    devices = [renew_device(database.vault, "") for _ in range(3)]
    for device in devices:
        remember_device(sign_in.cache, database.vault, device, person_owner(awa))
    calls = [lambda d=d: require_pin(database, sign_in, awa, "2580", d) for d in devices for _ in range(5)]  # type: ignore[misc]
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        accepted = []
        for _ in range(4):
            accepted.append(count_accepted(calls))
            clock.shift(15 * 60 + 1)
    assert accepted == [15, 15, 0, 0]


def add_staff(database: Database) -> tuple[UUID, pyotp.TOTP]:
    with database.write() as session:
        id_, secret = staff.invite(session, SYSTEM, EMAIL, "Ada", Role.ANALYST)
    enrolment = staff.begin_enrolment(database, secret, PASSWORD)
    with database.read() as session:
        totp = pyotp.TOTP(staff.find_invited_member(session, enrolment).key)
    staff.confirm_account(database, enrolment, totp.now())
    return id_, totp


def test_twenty_addresses_do_not_shut_a_member_of_staff_out_of_the_device_they_know(
    database: Database, sign_in: SignInServices
) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        id_, totp = add_staff(database)

        def enter(address: str, device: str = "", password: str = PASSWORD) -> SignedIn:
            clock.shift(30)
            credentials = StaffCredentials(EMAIL, password, totp.now())
            return sign_in_staff(database, sign_in, credentials, origin=Origin(address, device))

        device = enter(HOME).device
        account = hash_subject(database.vault, f"staff {EMAIL}")
        for _ in range(299):  # of twenty addresses, fifteen each
            sign_in.rate_limiter.hit([(PASSWORD_TRIES_PER_ACCOUNT, account)])
        with pytest.raises(TooManyError):
            enter("198.51.100.7")
        assert enter(HOME, device).actor.id == id_
        # The device is bounded too: whoever has it cannot guess without end.
        outcomes = []
        for _ in range(6):
            clock.shift(-30)
            try:
                enter(HOME, device, "wrong password")
            except (SignInError, TooManyError) as error:
                outcomes.append(error.code)
        assert outcomes == [*["sign-in"] * 4, *["too-many"] * 2]


def test_tries_that_one_address_has_left_do_not_use_up_the_account(
    database: Database, sign_in: SignInServices
) -> None:
    wrong = StaffCredentials(EMAIL, "wrong password", "000000")
    for _ in range(50):
        with pytest.raises((SignInError, TooManyError)):
            sign_in_staff(database, sign_in, wrong, origin=Origin("203.0.113.7"))
    account = hash_subject(database.vault, f"staff {EMAIL}")
    assert sign_in.rate_limiter.read_quota(PASSWORD_TRIES_PER_ACCOUNT, account).remaining == 295


def test_a_device_known_to_a_person_is_not_known_to_the_account_of_the_same_address(
    database: Database, sign_in: SignInServices
) -> None:
    device = renew_device(database.vault, "")
    remember_device(sign_in.cache, database.vault, device, EMAIL)
    wrong = StaffCredentials(EMAIL, "wrong password", "000000")
    with pytest.raises(SignInError):
        sign_in_staff(database, sign_in, wrong, origin=Origin(HOME, device))
    account = hash_subject(database.vault, f"staff {EMAIL}")
    assert sign_in.rate_limiter.read_quota(PASSWORD_TRIES_PER_ACCOUNT, account).remaining == 299
