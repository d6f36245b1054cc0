"""The table of places is complete and consistent, and its coordinates are plausible."""

from __future__ import annotations

from collections import Counter

import pytest

from oim.features.places import children, distance_km, get, lineage, regions
from oim.features.places.table import load_rows


def test_all_regions_departments_and_communes_are_in_the_table() -> None:
    assert Counter(row.place.level for row in load_rows().values()) == {
        "region": 10,
        "department": 58,
        "commune": 360,
    }


def test_every_code_extends_its_parents_code() -> None:
    for row in load_rows().values():
        place = row.place
        if place.parent is None:
            assert place.level == "region"
        else:
            assert get(place.parent) is not None
            assert place.code.startswith(place.parent)


def test_every_place_lies_in_cameroon_near_its_chief_town() -> None:
    for row in load_rows().values():
        place = row.place
        assert 1.6 <= place.latitude <= 13.1, place
        assert 8.4 <= place.longitude <= 16.2, place
        if place.level == "commune":
            seat = get(str(place.parent))
            assert seat is not None
            away = distance_km(place.latitude, place.longitude, seat.latitude, seat.longitude)
            assert away < 180, (place, away)


def test_a_commune_without_coordinates_has_those_of_its_department() -> None:
    commune, department = get("CM-LT-0105"), get("CM-LT-01")
    assert commune is not None
    assert department is not None
    assert (commune.latitude, commune.longitude) == (department.latitude, department.longitude)


def test_a_place_has_a_french_and_an_english_name() -> None:
    far_north, yaounde = get("CM-EN"), get("CM-CE-0101")
    assert far_north is not None
    assert yaounde is not None
    assert (far_north.name("fr"), far_north.name("en")) == ("Extrême-Nord", "Far North")
    assert yaounde.name("en") == yaounde.name("fr") == "Yaoundé I"


def test_lineage_goes_up_and_children_go_down_the_hierarchy() -> None:
    assert [place.name_fr for place in lineage("CM-OU-0301")] == ["Ouest", "Noun", "Foumban"]
    assert [place.code for place in lineage("CM-OU")] == ["CM-OU"]
    assert lineage("CM-XX-01") == ()
    assert len(regions()) == 10
    assert len(children("CM-OU")) == 8
    assert "CM-OU-0301" in [place.code for place in children("CM-OU-03")]
    assert children("CM-OU-0301") == ()
    assert get("CM-XX") is None


def test_distances_are_great_circle_kilometres() -> None:
    assert distance_km(4.048, 9.704, 4.048, 9.704) == 0
    assert distance_km(4.048, 9.704, 3.867, 11.517) == pytest.approx(202, abs=3)  # Douala to Yaoundé
    assert distance_km(0, 0, 0, 180) == pytest.approx(20015, abs=1)
