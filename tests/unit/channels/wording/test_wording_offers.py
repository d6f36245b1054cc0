"""The lines of an offer: nothing is invented, and a line says so where nothing is stated."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from oim.channels.wording import (
    AGR_FORMS,
    CONTRACTS,
    EDUCATION,
    GENDERS,
    KINDS,
    STATUSES,
    render_conditions,
    render_deadline,
    render_facts,
    render_money,
    render_place,
    render_publisher,
    render_source,
)
from oim.features.opportunities import (
    AgrDetails,
    AgrForm,
    Contract,
    Details,
    Draft,
    Eligibility,
    EmploymentDetails,
    Gender,
    Kind,
    Location,
    PayPeriod,
    Status,
    TrainingDetails,
)
from oim.features.opportunities.types import DETAILS
from oim.kit.i18n import translator

FR, EN = translator("fr"), translator("en")
AT = datetime(2026, 5, 10, 9, tzinfo=UTC)
KIND_OF = {details: kind for kind, details in DETAILS.items()}


def draft(details: Details, **values: Any) -> Draft:
    return Draft(kind=KIND_OF[type(details)], external_id="1", title="T", details=details, **values)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


MONEY = [
    (EmploymentDetails(), "Salaire non indiqué", "Pay not stated"),
    (EmploymentDetails(pay_min=60_000), "À partir de 60 000 FCFA", "From XAF 60,000"),
    (
        EmploymentDetails(pay_min=80_000, pay_max=120_000, pay_period=PayPeriod.MONTH),
        "80 000 à 120 000 FCFA par mois",
        "XAF 80,000 to 120,000 a month",
    ),
    (
        EmploymentDetails(pay_min=3_000, pay_max=3_000, pay_period=PayPeriod.DAY),
        "3 000 FCFA par jour",
        "XAF 3,000 a day",
    ),
    (
        EmploymentDetails(pay_max=900, pay_period=PayPeriod.HOUR),
        "Jusqu’à 900 FCFA par heure",
        "Up to XAF 900 an hour",
    ),
    (EmploymentDetails(pay_period=PayPeriod.MONTH), "Salaire non indiqué", "Pay not stated"),
    (TrainingDetails(), "Prix non indiqué", "Cost not stated"),
    (TrainingDetails(cost=0), "Gratuit", "Free"),
    (
        TrainingDetails(cost=0, allowance=30_000),
        "Gratuit, vous recevez 30 000 FCFA par mois",
        "Free, you receive XAF 30,000 a month",
    ),
    (TrainingDetails(cost=150_000), "150 000 FCFA à payer", "XAF 150,000 to pay"),
    (AgrDetails(), "Montant non indiqué", "Amount not stated"),
    (AgrDetails(form=AgrForm.KIT), "Matériel", "Equipment"),
    (
        AgrDetails(form=AgrForm.GRANT, amount_max=750_000),
        "Don : jusqu’à 750 000 FCFA",
        "Grant: up to XAF 750,000",
    ),
    (
        AgrDetails(amount_min=1_000_000, amount_max=25_000_000),
        "1 000 000 à 25 000 000 FCFA",
        "XAF 1,000,000 to 25,000,000",
    ),
]


@pytest.mark.parametrize(("details", "french", "english"), MONEY)
def test_the_line_of_money_for_each_kind_of_offer(details: Details, french: str, english: str) -> None:
    assert plain(render_money(draft(details), FR)) == french
    assert plain(render_money(draft(details), EN)) == english


@pytest.mark.parametrize(
    ("after", "french", "english"),
    [
        (None, "Pas de date limite indiquée", "No closing date stated"),
        (timedelta(days=-1), "Fermée depuis le 9 mai 2026", "Closed since 9 May 2026"),
        (timedelta(hours=3), "Jusqu’à aujourd’hui, 10 mai 2026", "Until today, 10 May 2026"),
        (timedelta(hours=15), "Jusqu’au 11 mai 2026 (encore 1 jour)", "Until 11 May 2026 (1 day left)"),
        (timedelta(days=7), "Jusqu’au 17 mai 2026 (encore 7 jours)", "Until 17 May 2026 (7 days left)"),
        (timedelta(days=8), "Jusqu’au 18 mai 2026", "Until 18 May 2026"),
    ],
)
def test_the_line_of_the_deadline(after: timedelta | None, french: str, english: str) -> None:
    end = None if after is None else AT + after
    assert plain(render_deadline(end, AT, FR)) == french
    assert plain(render_deadline(end, AT, EN)) == english


@pytest.mark.parametrize(
    ("location", "words"),
    [
        (Location(), "Lieu non indiqué"),
        (Location(country="CM", region="CM-OU"), "Ouest"),
        (Location(region="CM-LT", locality="Akwa, Douala"), "Akwa, Douala, Littoral"),
        (Location(region="CM-LT", department="CM-LT-01"), "Douala, Littoral"),
        (Location(region="CM-LT", department="CM-LT-01", commune="CM-LT-0101"), "Douala, Littoral"),
        (Location(region="CM-OU", locality="Ouest"), "Ouest"),
        (Location(region="CM-NOWHERE"), "Lieu non indiqué"),
        (Location(country="GA", locality="Libreville"), "Libreville, Gabon"),
        (Location(country="ZZ9"), "ZZ9"),
    ],
)
def test_the_line_of_the_place(location: Location, words: str) -> None:
    assert render_place(location, FR) == words


@pytest.mark.parametrize("kind", Kind)
def test_the_publisher_is_named_or_stated_as_unknown(kind: Kind) -> None:
    details = DETAILS[kind]()
    assert render_publisher(draft(details, organisation="GIC Espoir"), FR) == "GIC Espoir"
    assert "non indiqué" in render_publisher(draft(details), FR)


def test_all_conditions_are_rendered_in_order() -> None:
    eligibility = Eligibility(
        age_min=18,
        age_max=35,
        gender=Gender.FEMALE,
        statuses=(Status.RETURNEE, Status.YOUTH),
        regions=("CM-EN", "CM-NO"),
        education_min=1,
        membership="une MC2",
        documents=("CNI", "plan d’affaires"),
    )
    assert [plain(line) for line in render_conditions(eligibility, FR)] == [
        "Âge : de 18 à 35 ans",
        "Réservé aux femmes",
        "Pour : personnes de retour de l’étranger, jeunes",
        "Pour les habitants de : Extrême-Nord, Nord",
        "Au moins le CEP ou le FSLC (école primaire)",
        "Être membre d’une MC2",
        "Papiers à fournir : carte d’identité ou passeport, plan d’affaires",
    ]


@pytest.mark.parametrize("eligibility", [Eligibility(), Eligibility(education_min=0)])
def test_an_offer_without_conditions_has_no_lines(eligibility: Eligibility) -> None:
    assert render_conditions(eligibility, FR) == []


@pytest.mark.parametrize(
    ("eligibility", "line"),
    [(Eligibility(age_min=18), "Age: from 18 years"), (Eligibility(age_max=35), "Age: up to 35 years")],
)
def test_an_age_condition_may_have_only_one_bound(eligibility: Eligibility, line: str) -> None:
    assert render_conditions(eligibility, EN) == [line]


FACTS = [
    (
        EmploymentDetails(contract=Contract.DAY_LABOUR, experience_years=0, remote=False, duration_months=1),
        4,
        [
            ("Contrat", "À la journée"),
            ("Durée", "1 mois"),
            ("Expérience demandée", "Débutants acceptés"),
            ("Travail à distance", "Non"),
            ("Postes à pourvoir", "4"),
        ],
    ),
    (
        TrainingDetails(duration_weeks=12, certificate="CQP", starts_on=date(2026, 9, 7)),
        None,
        [("Début", "7 septembre 2026"), ("Durée", "12 semaines"), ("Certificat obtenu", "CQP")],
    ),
    (
        AgrDetails(form=AgrForm.LOAN, own_contribution=10, guarantor=True, rate=7.5, term_months=15),
        None,
        [
            ("Forme de l’appui", "Prêt, à rembourser"),
            ("À mettre de votre poche", "10 %"),
            ("Garant demandé (quelqu’un qui paie si vous ne pouvez pas)", "Oui"),
            ("Durée du remboursement", "15 mois"),
            ("Intérêt par an", "7,5 %"),
        ],
    ),
    (AgrDetails(), None, []),
]


@pytest.mark.parametrize(("details", "places", "facts"), FACTS)
def test_only_stated_facts_are_rendered(
    details: Details, places: int | None, facts: list[tuple[str, str]]
) -> None:
    assert [(k, plain(v)) for k, v in render_facts(draft(details, places=places), FR)] == facts


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (KINDS, Kind),
        (GENDERS, Gender),
        (STATUSES, Status),
        (CONTRACTS, Contract),
        (AGR_FORMS, AgrForm),
        (EDUCATION, range(9)),
    ],
)
def test_every_value_has_its_own_label(table: dict[Any, str], values: Any) -> None:
    assert list(table) == list(values)
    assert len({FR(label) for label in table.values()}) == len(table)


@pytest.mark.parametrize(
    ("slug", "french", "english"),
    [
        ("sample", "Offres d’exemple d’OIM", "Sample offers of OIM"),
        ("fne", "Fonds national de l’emploi (FNE)", "National Employment Fund (FNE)"),
        ("france-travail", "France Travail", "France Travail"),
        ("mon-portail_2", "Mon portail 2", "Mon portail 2"),
    ],
)
def test_a_source_is_called_by_a_name_and_not_by_its_key(slug: str, french: str, english: str) -> None:
    assert (render_source(slug, translator("fr")), render_source(slug, translator("en"))) == (french, english)
