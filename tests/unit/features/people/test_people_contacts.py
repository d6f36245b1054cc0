"""Contacts as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people_factory import new_vault

from oim.features.people import Channel, Contact, check_pin, parse_contact
from oim.features.people.contacts import contact_blind_index
from oim.features.people.names_and_pins import check_name
from oim.kit.errors import BadInputError


@pytest.mark.parametrize(
    "said",
    ["677123456", "6 77 12 34 56", "+237 677 12 34 56", "00237677123456", "(237) 677-123-456", "٦٧٧١٢٣٤٥٦"],
)
def test_a_number_is_written_in_many_ways(said: str) -> None:
    assert parse_contact(said) == Contact(Channel.SMS, "+237677123456")


def test_a_number_of_elsewhere_says_its_country() -> None:
    assert parse_contact("+33 6 12 34 56 78").value == "+33612345678"


def test_an_address_is_kept_in_lower_case() -> None:
    assert parse_contact(" Awa.Ngono@Example.ORG ") == Contact(Channel.EMAIL, "awa.ngono@example.org")


def test_whatsapp_is_asked_for() -> None:
    assert parse_contact("677123456", Channel.WHATSAPP).channel is Channel.WHATSAPP


@pytest.mark.parametrize("said", ["", "  ", "12", "+237 1", "6771234567890", "677 12 34 5", "+999 12345678"])
def test_what_is_no_number_is_refused(said: str) -> None:
    with pytest.raises(BadInputError) as refused:
        parse_contact(said)
    assert refused.value.field == "contact"


@pytest.mark.parametrize(
    "said", ["awa@", "@example.org", "awa@example", "a b@example.org", "a@b@c.org", "x" * 250 + "@a.cm"]
)
def test_what_is_no_address_is_refused(said: str) -> None:
    with pytest.raises(BadInputError, match="not an e-mail"):
        parse_contact(said)


@given(st.text(max_size=40))
def test_anything_is_a_contact_or_refused(said: str) -> None:
    try:
        found = parse_contact(said)
    except BadInputError:
        return
    assert found == parse_contact(found.value, found.channel)


def test_a_hint_tells_little() -> None:
    assert Contact(Channel.SMS, "+237677123456").hint == "+237 … 56"
    assert Contact(Channel.EMAIL, "awa@example.org").hint == "a…@example.org"


def test_a_number_is_the_same_by_sms_and_by_whatsapp(tmp_path_factory: pytest.TempPathFactory) -> None:
    vault = new_vault(tmp_path_factory.mktemp("keys"))
    sms, whatsapp = (Contact(channel, "+237677123456") for channel in (Channel.SMS, Channel.WHATSAPP))
    assert contact_blind_index(vault, sms) == contact_blind_index(vault, whatsapp)
    assert contact_blind_index(vault, sms) != contact_blind_index(
        vault, Contact(Channel.SMS, "+237677123457")
    )


@pytest.mark.parametrize("pin", ["2580", "18 84", "13572468", "199805"])
def test_a_pin_that_may_be_used(pin: str) -> None:
    assert check_pin(pin) == "".join(pin.split())


@pytest.mark.parametrize(
    "pin",
    ["", "123", "1234", "4321", "0000", "77777777", "123456789", "12a4", "٢٥٨٠", "8901", "19 84", "2003"],
)
def test_a_pin_that_is_guessed_first_is_refused(pin: str) -> None:
    with pytest.raises(BadInputError) as refused:
        check_pin(pin)
    assert refused.value.field == "pin"


def test_a_name_is_cleaned() -> None:
    assert check_name("  Awa\n\tNgono\0 ") == "Awa Ngono"
    for wrong in ("", " \n", "\0", "x" * 81):
        with pytest.raises(BadInputError):
            check_name(wrong)
