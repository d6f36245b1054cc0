"""What a card says beside the offer's own words: its language, and how far it is from home."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from web_stand_ins import NOW
from web_stand_ins import offer as stored_offer

from oim.channels.web.offer_views import build_card_view
from oim.features.opportunities import EmploymentDetails, Kind, Location, Opportunity
from oim.kit.i18n import translator

FR, EN = translator("fr"), translator("en")
BAFOUSSAM, DOUALA = "CM-OU-01", "CM-LT-01"
IN_MBOUDA = Location(region="CM-OU", locality="Mbouda", latitude=5.626, longitude=10.254)


def job(**values: Any) -> Opportunity:
    return stored_offer(
        UUID(int=1), kind=Kind.EMPLOYMENT, title="Tailor", details=EmploymentDetails(), **values
    )


@pytest.mark.parametrize(
    ("language", "french", "english"),
    [
        ("fr", "Emploi", "Job · in French"),
        ("en", "Emploi · en anglais", "Job"),
        ("de", "Emploi", "Job"),
        (None, "Emploi", "Job"),
    ],
)
def test_a_card_says_so_where_the_offer_is_in_the_other_language(
    language: str | None, french: str, english: str
) -> None:
    found = job(language=language)
    assert build_card_view(found, FR, NOW).kind_label == french
    assert build_card_view(found, EN, NOW).kind_label == english


def test_a_card_says_the_distance_from_a_home_that_is_known() -> None:
    found = job(location=IN_MBOUDA)
    place = build_card_view(found, FR, NOW, home=BAFOUSSAM).place.replace("\u00a0", " ")
    assert place == "Mbouda, Ouest, à 25 km de chez vous"
    assert build_card_view(found, FR, NOW).place == "Mbouda, Ouest"
    assert build_card_view(found, FR, NOW, home="CM-NOWHERE").place == "Mbouda, Ouest"


def test_a_card_of_an_offer_without_coordinates_says_no_distance() -> None:
    found = job(location=Location(region="CM-OU"))
    assert build_card_view(found, FR, NOW, home=DOUALA).place == "Ouest"
