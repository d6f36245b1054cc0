"""Where offers are: Cameroon by our codes, anywhere else in the source's words."""

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
def test_in_cameroon(fields: dict[str, str], region: str, locality: str | None) -> None:
    found = locate(fields, "Maçon")
    assert (found.country, found.region, found.locality) == ("CM", region, locality)


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
def test_abroad_is_never_cameroon(fields: dict[str, str], country: str | None) -> None:
    assert locate(fields, "Maçon à Douala") == Location(country=country, locality=fields["locality"])


def test_codes_and_coordinates() -> None:
    commune = locate({"locality": "Buea"}, "")
    assert (commune.department, commune.commune) == ("CM-SW-01", "CM-SW-0102")
    assert commune.latitude == pytest.approx(4.15, abs=0.1)
    assert locate({"region": "Littoral"}, "").latitude is None


def test_the_title_tells_the_place_only_where_nothing_else_does() -> None:
    assert locate({}, "Comptable H/F - Douala").region == "CM-LT"
    assert locate({}, "Comptable") == Location()
    assert locate({"country": "FR"}, "Comptable H/F - Douala") == Location(country="FR")
