"""Every trade has a sector; the sector that a source names for a business comes before that of its trade."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from oim.features.ingestion import sample_drafts
from oim.features.occupations import Sector, load_isco_groups, sector_of
from oim.features.occupations.sectors import _load_phrases, _load_table
from oim.features.opportunities import AgrDetails, Draft


def test_the_table_has_every_sector_and_only_isco_groups() -> None:
    assert set(_load_table()) == {sector.value for sector in Sector}
    prefixes = Counter(prefix for row in _load_table().values() for prefix in row["isco"])
    assert set(prefixes) <= set(load_isco_groups())
    assert set(prefixes.values()) == {1}


def test_every_unit_group_has_a_sector() -> None:
    assert [code for code in load_isco_groups() if len(code) == 4 and sector_of([code]) is None] == []


def test_no_phrase_belongs_to_two_sectors() -> None:
    phrases = Counter(phrase for row in _load_table().values() for phrase in row["words"])
    assert [phrase for phrase, times in phrases.items() if times > 1] == []
    assert len(_load_phrases()[0]) > 250


@pytest.mark.parametrize(
    ("code", "sector"),
    [
        ("6122", Sector.AGRICULTURE_LIVESTOCK),
        ("9212", Sector.AGRICULTURE_LIVESTOCK),
        ("2250", Sector.AGRICULTURE_LIVESTOCK),  # a vet is no doctor here
        ("3240", Sector.AGRICULTURE_LIVESTOCK),
        ("3221", Sector.HEALTH_CARE),
        ("5212", Sector.FOOD_HOSPITALITY),
        ("5211", Sector.TRADE),
        ("7112", Sector.BUILDING),
        ("8114", Sector.BUILDING),
        ("7531", Sector.CRAFTS_REPAIR),
        ("5141", Sector.CRAFTS_REPAIR),
        ("8321", Sector.TRANSPORT),
        ("8341", Sector.AGRICULTURE_LIVESTOCK),
        ("2341", Sector.EDUCATION),
        ("4120", Sector.OFFICE_ADMIN),
        ("2513", Sector.COMPUTING),
        ("5414", Sector.SECURITY_CLEANING_HOME),
        ("7413", Sector.INDUSTRY_ENERGY),
        ("2635", Sector.SOCIAL_NGO),
        ("3421", Sector.ARTS_MEDIA_SPORT),
        ("6", Sector.AGRICULTURE_LIVESTOCK),
        ("", None),
        ("X", None),
    ],
)
def test_the_longest_prefix_of_a_code_decides(code: str, sector: Sector | None) -> None:
    assert sector_of([code]) is sector


@pytest.mark.parametrize(
    ("words", "sector"),
    [
        ("poultry", Sector.AGRICULTURE_LIVESTOCK),
        ("sheep and goat fattening", Sector.AGRICULTURE_LIVESTOCK),
        ("food crops", Sector.AGRICULTURE_LIVESTOCK),  # and not food
        ("market gardening", Sector.AGRICULTURE_LIVESTOCK),
        ("Élevage de porcs", Sector.AGRICULTURE_LIVESTOCK),
        ("AGRO-PASTORAL", Sector.AGRICULTURE_LIVESTOCK),
        ("food stall", Sector.FOOD_HOSPITALITY),
        ("Transformation du manioc", Sector.FOOD_HOSPITALITY),  # the first word that is known
        ("vente de poulets", Sector.TRADE),
        ("mobile money", Sector.TRADE),
        ("soap making", Sector.CRAFTS_REPAIR),
        ("salons de coiffure", Sector.CRAFTS_REPAIR),
        ("Travaux publics", Sector.BUILDING),
        ("construction métallique", Sector.CRAFTS_REPAIR),
        ("motorcycle taxi", Sector.TRANSPORT),
        ("Énergies renouvelables", Sector.INDUSTRY_ENERGY),
        ("numérique", Sector.COMPUTING),
    ],
)
def test_words_for_the_sector_of_a_small_business_come_before_its_code(words: str, sector: Sector) -> None:
    assert sector_of(["2513"] if sector is not Sector.COMPUTING else ["6111"], words) is sector


def test_unknown_words_leave_the_sector_to_the_trade() -> None:
    assert sector_of(["6122"], "divers") is Sector.AGRICULTURE_LIVESTOCK
    assert sector_of(["", "8321"], " — ") is Sector.TRANSPORT
    assert sector_of([], "divers") is None
    assert sector_of([]) is None


def test_nearly_every_sample_offer_has_a_sector() -> None:
    drafts = [draft for draft in sample_drafts(date(2026, 11, 26)) if isinstance(draft, Draft)]
    by_words = {d.details.sector: d for d in drafts if isinstance(d.details, AgrDetails) and d.details.sector}
    assert len(by_words) > 15
    assert [words for words in by_words if sector_of([], words) is None] == []
    without = [draft for draft in drafts if sector_of(draft.occupations) is None]
    assert len(without) < len(drafts) / 50
