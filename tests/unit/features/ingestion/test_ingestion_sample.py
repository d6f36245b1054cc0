"""The shipped sample: the same every day, true to Cameroon's laws and programmes, and readable."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from oim.features.ingestion.mapping import FIELDS
from oim.features.ingestion.sample import generate_records
from oim.features.ingestion.sample.templates import LANGUAGES, load_document_names, load_templates, load_towns
from oim.features.opportunities.types import (
    DETAILS,
    AgrForm,
    Contract,
    Draft,
    Eligibility,
    Kind,
    Location,
    PayPeriod,
    Status,
)

TODAY = date(2026, 11, 23)
ISCO_GROUPS = Path(__file__).parents[5] / "shared" / "data" / "esco" / "ISCOGroups_en.csv"
REGIONS = {f"CM-{code}" for code in ("AD", "CE", "EN", "ES", "LT", "NO", "NW", "OU", "SU", "SW")}
MINIMUM_WAGE, MINIMUM_WAGE_ON_FARMS = 60_000, 45_000  # XAF a month, February 2024
ON_FARMS = ("61", "62", "921")
SHARED_TYPES = (Draft, Eligibility, Location)
LEFTOVERS = ("{", "}", "[", "]", "  ", " ,", " .", "..", "None", "@", "+237")
NOT_CONTRACTED = re.compile(r"\b(de|à) les?\b", re.IGNORECASE)
NOT_ELIDED = re.compile(r"\b(de|le|la|que|ne|je|se) (?=[aeiouéèêâîô])(?!ou[in]\b|onze\b)", re.IGNORECASE)
NINE_DIGITS = re.compile(r"\d{9}")


@pytest.fixture(scope="module")
def offers() -> list[dict[str, Any]]:
    return list(generate_records(TODAY))


def of_kind(offers: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [offer for offer in offers if offer["kind"] == kind]


def in_language(offers: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    return [offer for offer in offers if offer["language"] == language]


def funded_by(offers: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    funded = [offer for offer in of_kind(offers, "agr") if offer["organisation"].startswith(name)]
    assert len(funded) >= 3
    return funded


def day(offer: dict[str, Any], key: str) -> date:
    return date.fromisoformat(offer[key])


def test_the_sample_is_the_same_each_time_it_is_generated(offers: list[dict[str, Any]]) -> None:
    assert list(generate_records(TODAY)) == offers


def test_on_another_day_only_the_dates_change(offers: list[dict[str, Any]]) -> None:
    later = list(generate_records(TODAY + timedelta(days=7)))
    for before, after in zip(offers, later, strict=True):
        assert day(after, "published_at") - day(before, "published_at") == timedelta(days=7)
        for key in ("id", "title", "pay_min", "amount_max", "documents"):
            assert after.get(key) == before.get(key)


def test_records_are_json_without_empty_values(offers: list[dict[str, Any]]) -> None:
    assert json.loads(json.dumps(offers)) == offers
    assert all(value not in (None, "", []) for offer in offers for value in offer.values())


def test_keys_are_our_field_names(offers: list[dict[str, Any]]) -> None:
    for offer in offers:
        types = (*SHARED_TYPES, DETAILS[Kind(offer["kind"])])
        known = {"id"} | {field.name for type_ in types for field in fields(type_)}
        ways = {name for name in FIELDS if name.startswith("apply_")}
        assert set(offer) <= (known - {"department", "commune"}) | ways, offer["id"]


def test_values_are_those_of_our_enums(offers: list[dict[str, Any]]) -> None:
    assert {offer["contract"] for offer in of_kind(offers, "employment")} <= set(Contract)
    assert {offer["pay_period"] for offer in offers if "pay_period" in offer} <= set(PayPeriod)
    assert {offer["form"] for offer in offers if "form" in offer} == set(AgrForm)
    assert {status for offer in offers for status in offer.get("statuses", [])} == set(Status)
    assert all(offer.get("regions", [offer["region"]]) == [offer["region"]] for offer in offers)


def test_kinds_and_languages_have_their_intended_shares(offers: list[dict[str, Any]]) -> None:
    kinds = Counter(offer["kind"] for offer in offers)
    assert 130 <= kinds["employment"] <= 160
    assert 60 <= kinds["training"] <= 80
    assert 80 <= kinds["agr"] <= 100
    english = in_language(offers, "en")
    assert 0.27 <= len(english) / len(offers) <= 0.33
    assert {offer["kind"] for offer in english} == kinds.keys()


def test_every_region_has_every_kind(offers: list[dict[str, Any]]) -> None:
    kinds = defaultdict(set)
    for offer in offers:
        kinds[offer["region"]].add(offer["kind"])
    assert kinds.keys() == REGIONS
    assert all(len(names) == len(Kind) for names in kinds.values()), dict(kinds)


def test_english_offers_are_mostly_in_the_north_west_and_south_west(offers: list[dict[str, Any]]) -> None:
    regions = Counter(offer["region"] for offer in in_language(offers, "en"))
    assert regions["CM-NW"] + regions["CM-SW"] > 0.8 * regions.total()
    assert {"CM-LT", "CM-CE"} <= regions.keys()


def test_jobs_cover_many_occupations(offers: list[dict[str, Any]]) -> None:
    assert len({offer["occupations"][0] for offer in of_kind(offers, "employment")}) >= 45


def test_poultry_is_funded_in_the_west_and_elsewhere_in_both_languages(offers: list[dict[str, Any]]) -> None:
    poultry = Counter(
        (offer["language"], offer["region"] == "CM-OU")
        for offer in offers
        if offer.get("sector") == "poultry"
    )
    assert all(poultry[language, west] >= 2 for language in LANGUAGES for west in (True, False)), poultry


def test_occupations_are_four_digit_codes(offers: list[dict[str, Any]]) -> None:
    codes = [code for offer in offers for code in offer.get("occupations", [])]
    assert all(re.fullmatch(r"\d{4}", code) for code in codes)
    assert sum("occupations" not in offer for offer in offers) <= 3  # courses that serve any trade


@pytest.mark.shared_data
def test_occupations_are_isco_groups(offers: list[dict[str, Any]]) -> None:
    if not ISCO_GROUPS.exists():
        pytest.skip("the ISCO groups are not beside the checkout")
    with ISCO_GROUPS.open(encoding="utf-8") as lines:
        known = {row["code"] for row in csv.DictReader(lines)}
    assert {code for offer in offers for code in offer.get("occupations", [])} <= known


def test_monthly_pay_is_lawful(offers: list[dict[str, Any]]) -> None:
    paid = [offer for offer in offers if offer.get("pay_period") == "month"]
    assert len(paid) > 60
    for offer in paid:
        on_a_farm = offer["occupations"][0].startswith(ON_FARMS)
        assert offer["pay_min"] >= (MINIMUM_WAGE_ON_FARMS if on_a_farm else MINIMUM_WAGE), offer["id"]
        assert offer["pay_max"] <= 600_000


def test_daily_pay_is_lawful(offers: list[dict[str, Any]]) -> None:
    daily = [offer for offer in offers if offer.get("pay_period") == "day"]
    assert daily
    assert all(offer["pay_min"] * 26 >= MINIMUM_WAGE for offer in daily)


def test_dates_of_an_offer_are_consistent(offers: list[dict[str, Any]]) -> None:
    for offer in offers:
        published = day(offer, "published_at")
        assert 0 <= (TODAY - published).days <= 60
        if "valid_through" in offer:
            assert 10 <= (day(offer, "valid_through") - TODAY).days <= 120
        if "starts_on" in offer:
            last = day(offer, "valid_through") if "valid_through" in offer else TODAY
            assert last < day(offer, "starts_on")
        if "opens_on" in offer:
            assert published <= day(offer, "opens_on") < TODAY + timedelta(days=10)
        if offer["kind"] == "agr":
            assert published <= day(offer, "verified_on") <= TODAY


def test_some_offers_have_no_deadline(offers: list[dict[str, Any]]) -> None:
    assert 0.1 < sum("valid_through" not in offer for offer in offers) / len(offers) < 0.35


def test_ranges_are_in_order(offers: list[dict[str, Any]]) -> None:
    for offer in offers:
        for least, most in (("age_min", "age_max"), ("amount_min", "amount_max"), ("pay_min", "pay_max")):
            if least in offer and most in offer:
                assert offer[least] < offer[most], offer["id"]
        assert 1 <= offer.get("places", 1) <= 40


def test_no_two_offers_are_alike(offers: list[dict[str, Any]]) -> None:
    for key in ("id", "description"):
        assert len({offer[key] for offer in offers}) == len(offers)
    assert len({(offer["title"], offer["locality"]) for offer in offers}) == len(offers)


def test_offers_of_one_trade_differ_in_more_than_their_introduction() -> None:
    leads = Counter((template.language, frozenset(template.lead[1:])) for template in load_templates())
    assert not [lead for lead, times in leads.items() if times > 1]


def test_every_town_and_document_is_used() -> None:
    facts = [template.facts for template in load_templates()]
    assert {fact["town"] for fact in facts} == load_towns().keys()
    document_codes = {code for fact in facts for code in fact["documents"]}
    assert all(load_document_names(language).keys() == document_codes for language in LANGUAGES)


def test_descriptions_are_neither_short_nor_long(offers: list[dict[str, Any]]) -> None:
    lengths = [len(offer["description"].split()) for offer in offers]
    assert min(lengths) >= 40
    assert max(lengths) <= 110


def test_texts_have_no_leftovers_of_templates(offers: list[dict[str, Any]]) -> None:
    for offer in offers:
        for text in (offer["title"], offer["description"], offer["organisation"]):
            assert not [mark for mark in LEFTOVERS if mark in text], (offer["id"], text)
            assert not NINE_DIGITS.search(text)
        assert offer["description"][0].isupper()
        assert offer["description"].endswith(".")


def test_french_is_contracted_elided_and_accented(offers: list[dict[str, Any]]) -> None:
    for offer in in_language(offers, "fr"):
        for text in (offer["title"], offer["description"]):
            assert not NOT_CONTRACTED.search(text), text
            assert not NOT_ELIDED.search(text), text
        assert re.search("[éèêàâîôûçù]", offer["description"]), offer["id"]


def test_english_descriptions_have_no_french_words(offers: list[dict[str, Any]]) -> None:
    for offer in in_language(offers, "en"):
        assert not re.search(r"\b(le|les|des|une|avec|vous)\b", offer["description"]), offer["id"]


def test_terms_of_public_programmes_are_those_published(offers: list[dict[str, Any]]) -> None:
    for offer in funded_by(offers, "PAJER-U"):
        assert (offer["age_min"], offer["age_max"], offer["guarantor"]) == (15, 35, True)
        assert offer["amount_max"] in (1_000_000, 25_000_000)
    for offer in funded_by(offers, "PIAASI"):
        assert (offer["grace_months"], offer["term_months"], offer["guarantor"]) == (11, 15, True)
    for offer in funded_by(offers, "PEA-Jeunes"):
        assert (offer["age_min"], offer["age_max"], offer["training_attached"]) == (18, 35, True)
        assert (offer["amount_min"], offer["amount_max"]) == (2_000_000, 3_000_000)
    for offer in funded_by(offers, "MC2"):
        assert (offer["membership"], offer["rate"]) == ("MC2", 15)
    for offer in funded_by(offers, "MUFFA"):
        assert offer["membership"] == "MUFFA"
        assert "amount_max" not in offer
    for offer in funded_by(offers, "Credit union affiliated to CAMCCUL"):
        assert offer["membership"] == "CAMCCUL"
        assert "rate" not in offer


def test_reintegration_support_is_for_returnees(offers: list[dict[str, Any]]) -> None:
    supports = funded_by(offers, "OIM") + funded_by(offers, "IOM")
    assert all(offer["statuses"] == ["returnee"] and offer["amount_max"] == 750_000 for offer in supports)
