"""Locations of offers: by our place codes in Cameroon, in the source's own words abroad."""

import pytest

from oim.features.ingestion.values.location import locate
from oim.features.opportunities import Location


@pytest.mark.parametrize(
    ("fields", "region", "locality"),
    [
        ({"locality": "Bafoussam", "region": "Ouest"}, "CM-OU", "Bafoussam"),
        ({"locality": "Yaoundé, Cameroun"}, "CM-CE", "Yaoundé, Cameroun"),
        ({"country": "Republic of Cameroon", "locality": "Buea"}, "CM-SW", "Buea"),
        ({"region": "Far North"}, "CM-EN", None),
        ({"region": "CM-OU"}, "CM-OU", None),
        ({"commune": "CM-OU-0307"}, "CM-OU", None),
        ({"locality": "Tonga"}, "CM-OU", "Tonga"),  # a commune here before a country elsewhere
    ],
)
def test_places_in_cameroon_get_our_region_codes(
    fields: dict[str, str], region: str, locality: str | None
) -> None:
    location = locate(fields, "Maçon")
    assert (location.country, location.region, location.locality) == ("CM", region, locality)


@pytest.mark.parametrize(
    ("fields", "country"),
    [
        ({"locality": "92 - Nanterre"}, "FR"),
        ({"locality": "2A - Ajaccio"}, "FR"),
        ({"locality": "Paris, France"}, "FR"),
        ({"locality": "Luxembourg"}, "LU"),
        ({"locality": "Abuja, Nigeria"}, "NG"),
        ({"country": "FR", "locality": "Douala"}, "FR"),
        ({"country": "Tchad", "locality": "Centre"}, "TD"),
        ({"country": "Wakanda", "locality": "Bafia"}, None),
        ({"locality": "Centre-Val de Loire"}, None),
        ({"locality": "Grand Est"}, None),
    ],
)
def test_a_place_abroad_is_never_taken_for_cameroon(fields: dict[str, str], country: str | None) -> None:
    assert locate(fields, "Maçon à Douala") == Location(country=country, locality=fields["locality"])


def test_a_commune_has_codes_and_coordinates_but_a_region_no_coordinates() -> None:
    commune = locate({"locality": "Buea"}, "")
    assert (commune.department, commune.commune) == ("CM-SW-01", "CM-SW-0102")
    assert commune.latitude == pytest.approx(4.15, abs=0.1)
    assert locate({"region": "Littoral"}, "").latitude is None


def test_the_place_is_read_from_the_title_only_if_no_field_states_it() -> None:
    assert locate({}, "Comptable H/F - Douala").region == "CM-LT"
    assert locate({}, "Comptable") == Location()
    assert locate({"country": "FR"}, "Comptable H/F - Douala") == Location(country="FR")
