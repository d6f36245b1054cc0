"""Contacts with words, signs and links around them, and several in one field (cases 33 and 34)."""

from typing import NoReturn

import pytest

from oim.features.people import Channel, Contact, contacts, parse_contact
from oim.kit.errors import BadInputError
from oim.kit.i18n import LANGUAGES, translator


# The lines of case 34, then inputs of the same kind: words, signs and links around one number.
@pytest.mark.parametrize(
    "text",
    [
        *("Tel: 677123456", "6 77 12 34 56 (MTN)", "tel:+237677123456", "https://wa.me/237677123456"),
        *("677 12 34 56 (WhatsApp)", "appelez le 677 12 34 56", "Téléphone : 677.12.34.56, après 18h"),
        *("mon numéro c'est le 677123456 merci", "N° 00237 677 12 34 56 - Awa", "677123456\n"),
        *("WhatsApp +237 6 77 12 34 56", "https://api.whatsapp.com/send?phone=237677123456&text=bonjour"),
        *("MTN 1 : 677-12-34-56", "677/12/34/56", "677123456 / +237 677 12 34 56", "sms:677123456?body=ok"),
        *("٦٧٧١٢٣٤٥٦ (هاتف)", "6 77 12 34 56.", "677123456 poste 12"),
    ],
)
def test_words_around_a_number_do_not_hide_it(text: str) -> None:
    assert parse_contact(text) == Contact(Channel.SMS, "+237677123456")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("67O12345O", "+237670123450"),
        ("6 70 12 3O 56", "+237670123056"),
        ("tel: 69o 12 34 56", "+237690123456"),
        ("https://wa.me/33612345678", "+33612345678"),
        ("WhatsApp: +33 6 12 34 56 78 (France)", "+33612345678"),
    ],
)
def test_a_number_with_the_letter_o_for_zero_or_of_another_country_is_read(text: str, number: str) -> None:
    assert parse_contact(text).value == number


@pytest.mark.parametrize(
    "text",
    ["o77123456", "tel: 12345678", "6 77 12 34 5 (MTN)", "+237 677 12 34", "appelez le 677 12 34 56 7"],
)
def test_what_was_meant_as_a_number_is_refused_as_one(text: str) -> None:
    with pytest.raises(BadInputError, match="not a telephone number"):
        parse_contact(text)


@pytest.mark.parametrize("text", ["bonjour", "awa.example.org", "appelez-moi", "awa2 chez example", "n° 12"])
def test_what_is_neither_is_told_so(text: str) -> None:
    with pytest.raises(BadInputError, match="neither a telephone number nor an e-mail"):
        parse_contact(text)


# The lines of case 33, then inputs of the same kind.
@pytest.mark.parametrize("channel", [None, Channel.SMS, Channel.WHATSAPP])
@pytest.mark.parametrize(
    "text",
    [
        *("677123456;699123456", "677123456, 699123456", "677123456 ou 699123456"),
        *("677 12 34 56 / 699 12 34 56", "677123456 699123456", "Tel: 677123456 WhatsApp: 699123456"),
        *("+237677123456+237699123456", "677123456\n699123456", "677 12 34 56 / 57", "677123456-699123456"),
        *("222 23 45 67 / 677 12 34 56", "677123456|699123456|655123456", "677123456699123456"),
    ],
)
def test_of_two_numbers_one_is_asked_for(text: str, channel: Channel | None) -> None:
    with pytest.raises(BadInputError) as refused:
        parse_contact(text, channel)
    assert refused.value.field == "contact"
    assert [
        word in sentence
        for word, sentence in zip(
            ("plusieurs", "more than one"),
            [translator(language)(refused.value.message) for language in LANGUAGES],
            strict=True,
        )
    ] == [True, True]


@pytest.mark.parametrize(
    "text",
    ["677123456 awa@example.org", "awa@example.org; bih@example.org", "awa@example.org ou 677 12 34 56"],
)
def test_of_an_address_and_something_else_one_is_asked_for(text: str) -> None:
    with pytest.raises(BadInputError, match="more than one"):
        parse_contact(text)


@pytest.mark.parametrize(
    "text",
    ["e-mail : Awa@example.org", "mailto:awa@example.org", "Awa Ngono <awa@example.org>", "awa@example.org."],
)
def test_words_around_an_address_do_not_hide_it(text: str) -> None:
    assert parse_contact(text) == Contact(Channel.EMAIL, "awa@example.org")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Tél : 222 23 45 67", "fixed line"),
        ("tel:+33 899 12 34 56", "too much"),
        ("https://wa.me/8821612345678", "too much"),
        ("+44 20 7946 0958 (bureau)", "fixed line"),
        ("+221 88 628 9999", "too much"),
        ("+800 1234 5678", "too much"),
    ],
)
def test_the_type_of_a_number_among_words_is_looked_at(text: str, words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        parse_contact(text)


@pytest.mark.parametrize("piece", ["(", " ", ".", "-", "7 ", "<", "a@", "o7"])
def test_a_text_much_longer_than_a_contact_is_refused_before_it_is_looked_at(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_at(text: str) -> NoReturn:
        raise AssertionError(text[:20])

    monkeypatch.setattr(contacts, "find_numbers", look_at)
    monkeypatch.setattr(contacts, "_parse_email", look_at)
    for text in (piece * contacts.MAX_CONTACT_TEXT, "x" + piece * 20_000 + "x"):
        with pytest.raises(BadInputError) as error:
            parse_contact(text + "x" * (contacts.MAX_CONTACT_TEXT + 1))
        assert error.value.field == "contact"
        assert error.value.values == {"most": contacts.MAX_CONTACT_TEXT}


@pytest.mark.parametrize(
    "text",
    [
        "677123456\nBcc: x",
        "677123456\r\nSubject: x",
        "677\x0012\x7f34 56",
        "677123456\u2028x",
        "a\x1bwa@example.org",
        "awa\x85@example.org",
    ],
)
def test_a_contact_with_a_line_break_or_a_control_character_is_refused(text: str) -> None:
    with pytest.raises(BadInputError) as refused:
        parse_contact(text)
    assert refused.value.field == "contact"


def test_a_tab_as_copied_from_a_table_is_a_space() -> None:
    assert parse_contact("\t677 12\t34 56\n").value == "+237677123456"
