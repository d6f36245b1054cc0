"""Parsing contacts as people write them, and the rules for PINs and names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people_factory import new_vault

from oim.features.people import Channel, Contact, parse_contact, validate_pin
from oim.features.people.contacts import contact_blind_index
from oim.features.people.names_and_pins import validate_name
from oim.kit.errors import BadInputError
from oim.kit.i18n import LANGUAGES, translator


@pytest.mark.parametrize(
    "text",
    ["677123456", "6 77 12 34 56", "+237 677 12 34 56", "00237677123456", "(237) 677-123-456", "٦٧٧١٢٣٤٥٦"],
)
def test_a_number_can_be_written_in_many_ways(text: str) -> None:
    assert parse_contact(text) == Contact(Channel.SMS, "+237677123456")


def test_a_foreign_number_is_written_with_its_country_code() -> None:
    assert parse_contact("+33 6 12 34 56 78").value == "+33612345678"


def test_an_address_is_stored_in_lower_case() -> None:
    assert parse_contact(" Awa.Ngono@Example.ORG ") == Contact(Channel.EMAIL, "awa.ngono@example.org")


def test_a_number_can_be_parsed_for_whatsapp() -> None:
    assert parse_contact("677123456", Channel.WHATSAPP).channel is Channel.WHATSAPP


@pytest.mark.parametrize("text", ["", "  ", "12", "+237 1", "6771234567890", "677 12 34 5", "+999 12345678"])
def test_an_invalid_number_is_refused(text: str) -> None:
    with pytest.raises(BadInputError) as refused:
        parse_contact(text)
    assert refused.value.field == "contact"


def in_every_language(error: BadInputError) -> list[str]:
    return [translator(language)(error.message) for language in LANGUAGES]


# The numbers of case 32, and one of each other type that phone numbers come in.
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("222 23 45 67", ("ligne fixe", "fixed line")),
        ("233 23 45 67", ("ligne fixe", "fixed line")),
        ("+33 1 23 45 67 89", ("ligne fixe", "fixed line")),
        ("88012345", ("trop cher", "too much")),
        ("+33 899 12 34 56", ("trop cher", "too much")),
        ("+44 9061 234567", ("trop cher", "too much")),
        ("+1 900 555 1234", ("trop cher", "too much")),
        ("+882 16 12345678", ("trop cher", "too much")),
        ("+881 612345678", ("trop cher", "too much")),
        ("+979 123456789", ("trop cher", "too much")),
        ("+44 70 1234 5678", ("trop cher", "too much")),
        ("+44 7640 123456", ("trop cher", "too much")),
        ("+33 9 12 34 56 78", ("trop cher", "too much")),
    ],
)
def test_a_number_that_no_code_reaches_or_that_costs_dear_is_refused(
    text: str, words: tuple[str, str]
) -> None:
    with pytest.raises(BadInputError) as refused:
        parse_contact(text)
    assert refused.value.field == "contact"
    assert [
        word in sentence for word, sentence in zip(words, in_every_language(refused.value), strict=True)
    ] == [True, True]


@pytest.mark.parametrize("text", ["88012345", "+33 899 12 34 56", "+882 16 12345678"])
def test_a_number_that_costs_dear_is_refused_on_whatsapp_too(text: str) -> None:
    with pytest.raises(BadInputError):
        parse_contact(text, Channel.WHATSAPP)
    assert parse_contact("222 23 45 67", Channel.WHATSAPP).value == "+237222234567"


@pytest.mark.parametrize(
    "prefix",
    # MTN, Orange, Nexttel and Camtel, by `facts/cameroon.md`
    [
        *("67", "650", "651", "652", "653", "654", "680", "681", "682", "683"),
        *("69", "655", "656", "657", "658", "659", "640", "641", "642", "686", "687", "688", "689"),
        *("66", "684", "685", "62", "242", "243"),
    ],
)
def test_every_mobile_operator_of_cameroon_is_reached(prefix: str) -> None:
    number = f"{prefix}123456789"[:9]
    assert parse_contact(number) == Contact(Channel.SMS, f"+237{number}")


@pytest.mark.parametrize(
    "number",
    ["+33612345678", "+4915112345678", "+12025550123", "+21620999999", "+212612345678", "+22790123456"],
)
def test_a_mobile_number_of_another_country_is_reached(number: str) -> None:
    assert parse_contact(number).value == number


@pytest.mark.parametrize(
    "text", ["awa@", "@example.org", "awa@example", "a b@example.org", "a@b@c.org", "x" * 250 + "@a.cm"]
)
def test_an_invalid_address_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="not an e-mail"):
        parse_contact(text)


@given(st.text(max_size=40))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        contact = parse_contact(text)
    except BadInputError:
        return
    assert contact == parse_contact(contact.value, contact.channel)


def test_a_hint_hides_most_of_the_contact() -> None:
    assert Contact(Channel.SMS, "+237677123456").hint == "+237 … 56"
    assert Contact(Channel.EMAIL, "awa@example.org").hint == "a…@example.org"


def test_a_number_has_the_same_blind_index_by_sms_and_by_whatsapp(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    vault = new_vault(tmp_path_factory.mktemp("keys"))
    sms, whatsapp = (Contact(channel, "+237677123456") for channel in (Channel.SMS, Channel.WHATSAPP))
    assert contact_blind_index(vault, sms) == contact_blind_index(vault, whatsapp)
    assert contact_blind_index(vault, sms) != contact_blind_index(
        vault, Contact(Channel.SMS, "+237677123457")
    )


@pytest.mark.parametrize("pin", ["2580", "18 84", "13572468", "199805"])
def test_a_pin_that_is_not_easy_to_guess_is_accepted(pin: str) -> None:
    assert validate_pin(pin) == "".join(pin.split())


@pytest.mark.parametrize(
    "pin",
    ["", "123", "1234", "4321", "0000", "77777777", "123456789", "12a4", "٢٥٨٠", "8901", "19 84", "2003"],
)
def test_a_pin_that_is_easy_to_guess_is_refused(pin: str) -> None:
    with pytest.raises(BadInputError) as refused:
        validate_pin(pin)
    assert refused.value.field == "pin"


def test_a_name_is_cleaned_and_must_not_be_empty_or_too_long() -> None:
    assert validate_name("  Awa\tNgono\n ") == "Awa Ngono"
    for wrong in ("", " \n", "\0", "x" * 81, "Awa\nBcc: b@example.org", "Awa\x1b[2J", "Awa\u2028Ngono"):
        with pytest.raises(BadInputError):
            validate_name(wrong)
