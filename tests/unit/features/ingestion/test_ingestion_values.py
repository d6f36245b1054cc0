"""Parsers of single values: texts, numbers, dates, durations, categories, languages."""

from datetime import date, datetime, timedelta, timezone

import pytest

from oim.features.ingestion.values import categories, dates, durations, numbers, text
from oim.features.ingestion.values.language import detect_language
from oim.features.ingestion.values.pay import find_period
from oim.features.opportunities import AgrForm, Contract, Gender, Kind, PayPeriod, Status
from oim.kit.clock import CAMEROON


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("<p>Un &amp; deux</p><p>trois</p>", "Un & deux trois"),
        ("&lt;p&gt;x&lt;/p&gt;", "x"),
        ("&amp;lt;b&amp;gt;gras&amp;lt;/b&amp;gt;", "gras"),
        ("<script>alert(1)</script>ok", "ok"),
        ("a < b and c > d", "a < b and c > d"),
        ("a\x00b\ud800c\u200bd", "abcd"),
        ("  deux\t mots \n", "deux mots"),
        ({"@type": "Organization", "name": "ACME"}, "ACME"),
        (["FULL_TIME", {"name": "CDI"}, None], "FULL_TIME, CDI"),
        ([[["trop profond"]]], None),
        (12, "12"),
        ("Nadine", "Nadine"),
        *(
            (nothing, None)
            for nothing in ("", "-", "—", "N/A", "n.c.", "NC", "null", "Non précisé", "...", None, {})
        ),
    ],
)
def test_a_value_becomes_one_clean_line_or_none(value: object, line: str | None) -> None:
    assert text.clean(value) == line


def test_a_description_keeps_its_paragraphs() -> None:
    assert text.clean_paragraphs("<p>Un</p>\n<p>Deux<br>trois</p>") == "Un\n\nDeux\ntrois"
    assert text.clean_paragraphs("Un  mot\r\n\n\n\nDeux") == "Un mot\n\nDeux"
    assert text.clean_paragraphs("<ul><li>a<li>b</ul>") == "a\nb"
    assert text.clean_paragraphs("N/A") == ""


def test_a_long_text_is_cut_at_a_word() -> None:
    assert text.truncate("un deux trois", 9) == "un deux"
    assert text.truncate("un deux", 7) == "un deux"
    assert text.truncate("a" * 12, 5) == "aaaaa"


def test_lists_are_split_and_only_web_addresses_accepted() -> None:
    assert text.split_items("CNI, diplôme; CNI | NC") == ("CNI", "diplôme")
    assert text.split_items(["a, b", None, "a, b"]) == ("a, b",)
    assert text.parse_url(" https://x.cm/a?b=c ") == "https://x.cm/a?b=c"
    for wrong in ("javascript:alert(1)", "x.cm/a", "https://a b", "", None, [], "https://" + "a" * 3000):
        assert text.parse_url(wrong) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3 postes", 3),
        ("02", 2),
        ("0", None),
        ("-5", None),
        ("99999999999999999999", None),
        ("x", None),
        (True, None),
    ],
)
def test_a_whole_number_outside_its_range_is_none(value: object, expected: int | None) -> None:
    assert numbers.parse_whole(value, 1, 100) == expected


def test_percentages_and_yes_or_no_are_parsed() -> None:
    assert numbers.parse_percent("2,5 %") == 2.5
    assert numbers.parse_percent("250") is None
    assert [numbers.parse_flag(word) for word in ("Oui", "true", "non", "False", "peut-être", None)] == [
        True,
        True,
        False,
        False,
        None,
        None,
    ]
    assert numbers.parse_remote("TELECOMMUTE") is True
    assert numbers.parse_remote("False") is False
    assert numbers.parse_remote("sur place") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-04-26", date(2026, 4, 26)),
        ("26.04.2026", date(2026, 4, 26)),
        ("03/05/2026", date(2026, 5, 3)),  # the day first
        ("12/31/2026", None),  # and never swapped
        ("31/02/2026", None),
        ("2026/05/03", date(2026, 5, 3)),
        ("3 mai 2026", date(2026, 5, 3)),
        ("Publié le 1er février 2026", date(2026, 2, 1)),
        ("5 AOÛT 2026", date(2026, 8, 5)),
        ("April 5th, 2026", date(2026, 4, 5)),
        ("30-Apr-2026", date(2026, 4, 30)),
        ("30 avr. 26", date(2026, 4, 30)),
        ("2026-04-26 00:00:00", date(2026, 4, 26)),  # a date as spreadsheets write it
        ("30/04/2026 à 16h30", datetime(2026, 4, 30, 16, 30, tzinfo=CAMEROON)),
        ("2026-04-26T10:00:00Z", datetime(2026, 4, 26, 11, tzinfo=CAMEROON)),
        ("2026-04-26T10:00:00", datetime(2026, 4, 26, 10, tzinfo=CAMEROON)),
        ("Mon, 20 Apr 2026 10:00:00 +0200", datetime(2026, 4, 20, 10, tzinfo=timezone(timedelta(hours=2)))),
        *(
            (unsure, None)
            for unsure in ("", "NC", "12", "mai", "lundi", "hier", "fin mai 2026", "dès que possible")
        ),
        *((absurd, None) for absurd in ("0001-01-01", "2026-13-45", "9999-12-31", "1714000000", "x" * 500)),
    ],
)
def test_dates_are_parsed_day_first_and_unsure_ones_are_none(
    value: str, expected: date | datetime | None
) -> None:
    assert dates.parse_date(value) == expected


def test_a_date_opens_in_the_morning_and_closes_at_night() -> None:
    assert dates.parse_opening("3 mai 2026") == datetime(2026, 5, 3, tzinfo=CAMEROON)
    assert dates.parse_closing("3 mai 2026") == datetime(2026, 5, 3, 23, 59, 59, tzinfo=CAMEROON)
    assert dates.parse_closing("2026-05-03T12:00:00+01:00") == datetime(2026, 5, 3, 12, tzinfo=CAMEROON)
    assert dates.parse_day("2026-05-03T23:30:00Z") == date(2026, 5, 4)


@pytest.mark.parametrize(
    ("value", "years"),
    [
        ("Débutant accepté", 0),
        ("Sans expérience", 0),
        ("2 An(s)", 2),
        ("expérience exigée de 3 An(s)", 3),
        ("6 mois", 0),
        ("18 mois", 1),
        ("36 Mois", 3),
        ("24 months", 2),
        ("entre 2 et 5 ans", 2),
        ("1-3 years", 1),
        ("deux (02) ans", 2),
        ("3", 3),
        ("0.0", 0),
        ("P2Y", 2),
        ("Expérience exigée", None),
        ("bac+5", None),
        ("300 ans", None),
        (None, None),
    ],
)
def test_required_experience_is_parsed_into_years(value: str | None, years: int | None) -> None:
    assert durations.parse_experience_years(value) == years


@pytest.mark.parametrize(
    ("value", "months", "weeks"),
    [
        ("CDD - 24 Mois", 24, 104),
        ("6", 6, 6),
        ("P6M", 6, 26),
        ("3 semaines", 1, 3),
        ("2 ans", 24, 104),
        ("CDI", None, None),
        ("0", None, None),
        ("9999 ans", None, None),
    ],
)
def test_durations_are_parsed_into_months_and_weeks(
    value: str, months: int | None, weeks: int | None
) -> None:
    assert (durations.parse_months(value), durations.parse_weeks(value)) == (months, weeks)


def test_our_own_enum_values_are_parsed_as_themselves() -> None:
    assert [categories.parse_kind(kind.value) for kind in Kind] == list(Kind)
    assert [categories.parse_contract(contract.value, "") for contract in Contract] == list(Contract)
    assert [categories.parse_agr_form(form.value) for form in AgrForm] == list(AgrForm)
    assert [categories.parse_gender(gender.value) for gender in Gender] == list(Gender)
    assert [categories.parse_statuses(status.value) for status in Status] == [(status,) for status in Status]
    assert [categories.parse_education_level(str(level)) for level in range(9)] == list(range(9))
    assert [find_period(period.value) for period in PayPeriod] == list(PayPeriod)


@pytest.mark.parametrize(
    ("value", "title", "contract"),
    [
        ("CDI", "", Contract.PERMANENT),
        ("Contrat à durée indéterminée", "", Contract.PERMANENT),
        ("Contrat à durée déterminée (CDD)", "", Contract.FIXED_TERM),
        ("Intérim - 1 Mois", "", Contract.TEMPORARY),
        ("MIS", "", Contract.TEMPORARY),
        ("Profession libérale", "", Contract.FREELANCE),
        (["FULL_TIME", "CONTRACTOR"], "", Contract.FREELANCE),
        ("PER_DIEM", "", Contract.DAY_LABOUR),
        ("Stage", "", Contract.INTERNSHIP),
        ("CDD - 24 Mois", "Alternance - Comptable", Contract.APPRENTICESHIP),
        ("CDI", "Responsable de l'alternance", Contract.PERMANENT),
        (None, "Stage académique", Contract.INTERNSHIP),
        ("Full Time", "Comptable", None),
        ("Temps plein", "Maître de stage", None),
    ],
)
def test_contracts_are_recognised_from_contract_and_title(
    value: object, title: str, contract: Contract | None
) -> None:
    assert categories.parse_contract(value, title) == contract


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Formation en couture", Kind.TRAINING),
        ("Programme de formation des jeunes", Kind.TRAINING),
        ("Stage pratique en aviculture", Kind.TRAINING),
        ("Microcrédit agricole", Kind.AGR),
        ("Prêt d'équipement", Kind.AGR),
        ("Appel à projets avicoles", Kind.AGR),
        ("Responsable de la formation", Kind.EMPLOYMENT),
        ("Training Officer", Kind.EMPLOYMENT),
        ("Loan officer", Kind.EMPLOYMENT),
        ("Prêt-à-porter : vendeuse", Kind.EMPLOYMENT),
        ("Maçon", Kind.EMPLOYMENT),
    ],
)
def test_the_kind_of_offer_is_guessed_from_its_title(title: str, kind: Kind) -> None:
    assert categories.guess_kind(title, has_contract=False) == kind
    assert categories.guess_kind(title, has_contract=True) == Kind.EMPLOYMENT


@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("CEP", 1),
        ("BEPC", 2),
        ("CAP", 2),
        ("GCE O Level", 2),
        ("Probatoire", 3),
        ("Baccalauréat", 3),
        ("GCE Advanced Level", 3),
        ("BTS", 5),
        ("Bac + 2", 5),
        ("Licence", 6),
        ("Master 2", 7),
        ("Doctorat", 8),
        ("BEPC ou Probatoire", 2),
        ("Motivation", None),
        ("9", None),
    ],
)
def test_diplomas_are_parsed_into_isced_levels(value: str, level: int | None) -> None:
    assert categories.parse_education_level(value) == level


def test_gender_and_statuses_are_recognised_in_french_and_english() -> None:
    genders = [
        categories.parse_gender(word) for word in ("Femmes", "M", "H/F", "Hommes et femmes", "mixte", None)
    ]
    assert genders == [Gender.FEMALE, Gender.MALE, None, None, None, None]
    assert categories.parse_statuses("jeunes, migrants de retour | PDI") == (
        Status.YOUTH,
        Status.RETURNEE,
        Status.DISPLACED,
    )
    assert categories.parse_statuses("ouvert") == ()


@pytest.mark.parametrize(
    ("stated", "content", "code"),
    [
        (None, "Chauffeur livreur demandé à Yaoundé, permis exigé", "fr"),
        (None, "Driver wanted in Bamenda, licence required", "en"),
        (None, "NOUS RECHERCHONS UN INGÉNIEUR POUR INTERVENIR SUR UN PROJET", "fr"),
        (None, "", None),
        ("Français", "Driver wanted", "fr"),
        ("en-GB", "", "en"),
        ("Deutsch", "", None),
    ],
)
def test_the_language_is_the_stated_one_or_else_detected(
    stated: str | None, content: str, code: str | None
) -> None:
    assert detect_language(stated, content) == code
