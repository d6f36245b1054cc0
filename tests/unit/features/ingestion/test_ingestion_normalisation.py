"""Normalisation: from the fields of a record to a draft or a reject."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oim.features.ingestion.mapping import FIELDS
from oim.features.ingestion.normalisation import Origin, normalise
from oim.features.ingestion.records import REJECT_REASONS, Reject
from oim.features.opportunities import (
    AgrDetails,
    AgrForm,
    Contract,
    Draft,
    Eligibility,
    EmploymentDetails,
    Gender,
    Kind,
    PayPeriod,
    Status,
    TrainingDetails,
)
from oim.kit.clock import CAMEROON

ORIGIN = Origin("offers.csv", "csv", "test", 7)


def draft(**fields: Any) -> Draft:
    result = normalise(fields, ORIGIN)
    assert isinstance(result, Draft), result
    return result


def test_a_job_becomes_a_draft() -> None:
    offer = draft(
        id="OE-1",
        kind="emploi",
        title="Cuisinier &amp; chef",
        description="<p>Un</p><p>Deux</p>",
        language="fr",
        organisation="Hôtel X",
        url="https://x.cm/1",
        locality="Kribi",
        occupations="5120",
        contract="CDD 6 mois",
        duration_months="CDD 6 mois",
        pay_text="120 000 à 150 000 FCFA par mois",
        experience="2 ans",
        remote="non",
        places="3",
        published_at="01/05/2026",
        valid_through="1er juin 2026",
        codes="G1602",
    )
    assert (offer.kind, offer.external_id, offer.title) == (Kind.EMPLOYMENT, "OE-1", "Cuisinier & chef")
    assert (offer.description, offer.language, offer.occupations) == ("Un\n\nDeux", "fr", ("5120",))
    assert (offer.organisation, offer.url, offer.places) == ("Hôtel X", "https://x.cm/1", 3)
    assert offer.details == EmploymentDetails(
        contract=Contract.FIXED_TERM,
        pay_min=120_000,
        pay_max=150_000,
        pay_period=PayPeriod.MONTH,
        remote=False,
        experience_years=2,
        duration_months=6,
    )
    assert offer.published_at == datetime(2026, 5, 1, tzinfo=CAMEROON)
    assert offer.valid_through == datetime(2026, 6, 1, 23, 59, 59, tzinfo=CAMEROON)
    assert offer.provenance == {
        "file": "offers.csv",
        "row": 7,
        "format": "csv",
        "mapping": "test",
        "codes": ["G1602"],
        "pay_text": "120 000 à 150 000 FCFA par mois",
    }


def test_a_course_becomes_a_draft() -> None:
    offer = draft(
        kind="training",
        title="Couture",
        duration_weeks="6 mois",
        cost="gratuit",
        certificate="CQP",
        starts_on="2026-09-01",
    )
    assert offer.details == TrainingDetails(
        duration_weeks=26, cost=0, certificate="CQP", starts_on=date(2026, 9, 1)
    )


@pytest.mark.parametrize(("months", "weeks"), [("6", 26), ("6 mois", 26), ("8 semaines", 8), ("1", 4)])
def test_the_length_of_a_course_in_a_column_of_months_is_months(months: str, weeks: int) -> None:
    assert draft(kind="training", title="Couture", duration_months=months).details.duration_weeks == weeks


def test_a_loan_becomes_a_draft_with_its_eligibility() -> None:
    offer = draft(
        title="Prêt avicole",
        amount_max="de 100 000 à 2 000 000 FCFA",
        rate="5 %",
        grace_months="11 mois",
        guarantor="oui",
        age_min="18 ans",
        age_max="35 ans",
        gender="femmes",
        statuses=["returnee", "youth"],
        regions="Littoral, Ouest",
        education_min="CEP",
        membership="MC2",
        documents="CNI, plan d'affaires",
    )
    assert offer.kind is Kind.AGR
    assert offer.details == AgrDetails(
        form=AgrForm.LOAN, amount_min=100_000, amount_max=2_000_000, rate=5.0, grace_months=11, guarantor=True
    )
    assert offer.eligibility == Eligibility(
        age_min=18,
        age_max=35,
        gender=Gender.FEMALE,
        statuses=(Status.RETURNEE, Status.YOUTH),
        regions=("CM-LT", "CM-OU"),
        education_min=1,
        membership="MC2",
        documents=("CNI", "plan d'affaires"),
    )


@pytest.mark.parametrize(
    ("fields", "reason", "detail"),
    [
        ({"title": "N/A", "organisation": "ACME"}, "no-title", ""),
        ({"title": "Maçon", "kind": "voiture"}, "bad-kind", "voiture"),
        ({"title": "Maçon", "age_min": "40", "age_max": "20"}, "bad-age", "40 > 20"),
    ],
)
def test_a_reject_has_the_row_the_reason_and_an_excerpt(
    fields: dict[str, str], reason: str, detail: str
) -> None:
    reject = normalise(fields, ORIGIN)
    assert isinstance(reject, Reject)
    assert (reject.number, reject.reason, reject.detail) == (7, reason, detail)
    assert reject.excerpt


def test_empty_values_stay_empty_in_the_draft() -> None:
    offer = draft(
        title="Maçon", description="NC", organisation="-", url="x.cm", places="0", pay_text="à débattre"
    )
    assert (offer.description, offer.organisation, offer.url, offer.places) == ("", None, None, None)
    assert offer.details == EmploymentDetails()
    assert (offer.published_at, offer.valid_through) == (None, None)


def test_long_texts_are_cut() -> None:
    offer = draft(title="mot " * 200, description="a" * 30_000)
    assert len(offer.title) == 299
    assert offer.title.endswith("mot")
    assert len(offer.description) == 20_000


def test_the_external_id_is_the_stated_id_or_the_address_or_a_digest() -> None:
    assert draft(title="A", id=" 12 ", url="https://x.cm/1").external_id == "12"
    assert draft(title="A", url="https://x.cm/1").external_id == "https://x.cm/1"
    facts = {"title": "Maçon", "organisation": "ACME", "locality": "Douala", "published_at": "2026-05-01"}
    digest = draft(**facts).external_id
    assert len(digest) == 32
    assert draft(**facts | {"title": "MACON", "description": "autre"}).external_id == digest
    assert draft(**facts | {"locality": "Buea"}).external_id != digest
    assert len(draft(title="A", url="https://x.cm/" + "a" * 900).external_id) == 32


def test_occupations_are_the_stated_codes_or_linked_from_words() -> None:
    assert draft(title="x", occupations=["7112", "9313"]).occupations == ("7112", "9313")
    assert "7112" in draft(title="Maçon").occupations
    assert draft(title="Maçon", occupations="Infirmière").occupations == draft(title="Infirmière").occupations


def test_bare_amounts_abroad_need_a_currency() -> None:
    abroad = {"title": "Maçon", "country": "FR", "pay_min": "1500", "pay_period": "month"}
    assert draft(**abroad).details == EmploymentDetails()
    in_euros = draft(**abroad | {"currency": "EUR"})
    assert in_euros.details == EmploymentDetails(pay_min=983_936, pay_period=PayPeriod.MONTH)
    in_dollars = draft(**abroad | {"currency": "USD"})
    assert in_dollars.details == EmploymentDetails()
    assert in_dollars.provenance["currency"] == "USD"
    # A country that we do not recognise is not ours.
    assert draft(**abroad | {"country": "Wakanda"}).details == EmploymentDetails()
    at_home = draft(**abroad | {"country": "", "pay_min": "150000"})
    assert at_home.details == EmploymentDetails(pay_min=150_000, pay_period=PayPeriod.MONTH)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner), max_leaves=4
)
HINTS = st.sampled_from(
    ["2026-05-01", "32/13/2026", "1e99 FCFA", "CM-OU", "-1", "9" * 30, "P9Y", "\ud800\x00", "k€ 5 à"]
)


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING | HINTS, max_size=12))
def test_any_values_become_a_draft_or_a_reject_that_can_be_stored(fields: dict[str, Any]) -> None:
    result = normalise(fields, ORIGIN)
    assert isinstance(result, Draft) or result.reason in REJECT_REASONS
    stored = json.dumps(asdict(result), default=str, ensure_ascii=False)
    stored.encode()
    assert "\\u0000" not in stored
