"""Recognition of places in free text and in the columns of a feed."""

from __future__ import annotations

import pytest

from oim.features.places import common_name, find, find_written_name, resolve


def find_code(text: str) -> str | None:
    """The code of the place that a text means."""
    place = find(text)
    return place.code if place else None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("je suis couturière à Bafoussam", "CM-OU-01"),
        ("I live in BUEA and sell fish", "CM-SW-0102"),
        ("poste basé à Dla", "CM-LT-01"),
        ("Ydé", "CM-CE-01"),
        ("Ngaoundere", "CM-AD-01"),
        ("Limbe (Victoria)", "CM-SW-01"),
        ("Kribi", "CM-SU-03"),
        ("Douala 5ème arrondissement", "CM-LT-0105"),
        ("Douala 1er", "CM-LT-0101"),
        ("Yaoundé VI", "CM-CE-0106"),
        ("Yaoundé, quartier Bastos", "CM-CE-0101"),
        ("département du Noun, à Foumban", "CM-OU-0301"),
        ("Extreme Nord", "CM-EN"),
        ("in the Far North region", "CM-EN"),
        ("NW", "CM-NW"),
        ("Je viens de l'Adamaoua mais je vis à Dschang", "CM-OU-0501"),
        ("Saa", "CM-CE-0602"),
        ("Sa’a", "CM-CE-0602"),
        ("Paris", None),
        ("", None),
    ],
)
def test_a_place_is_found_by_the_names_people_write(text: str, code: str | None) -> None:
    assert find_code(text) == code


@pytest.mark.parametrize(
    ("text", "written", "name"),
    [
        ("couturière à Akwa", "Akwa", "Douala"),
        ("je vis à Bonabéri depuis 2 ans", "Bonabéri", "Douala"),
        ("Bastos", "Bastos", "Yaoundé"),
        ("vendeuse à Yaoundé, Mokolo", "Mokolo", "Yaoundé"),
        ("Mokolo", "Mokolo", "Mokolo"),
        ("Ngaoundéré-Burkina", "Ngaoundéré", "Ngaoundéré"),
        ("à Douala 5ème", "Douala 5ème", "Douala"),
        ("BEPANDA", "BEPANDA", "Douala"),
        ("chauffeur à Sa’a", "Sa’a", "Sa'a"),
        ("maçon à Edea.", "Edea", "Édéa"),
        ("rien", None, None),
    ],
)
def test_the_name_of_a_place_is_as_written_or_as_people_call_it(
    text: str, written: str | None, name: str | None
) -> None:
    assert find_written_name(text) == written
    assert common_name(find_code(text) or "", "fr") == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ouest", "CM-OU"),
        ("région de l'Ouest", "CM-OU"),
        ("West region", "CM-OU"),
        ("dans la région Est", "CM-ES"),
        ("la région de l'Est", "CM-ES"),
        ("East Region", "CM-ES"),
        ("South province", "CM-SU"),
        ("aller à l'ouest", None),
        ("il va vers le nord", None),
        ("la région est belle", None),
        ("le centre de formation", None),
        ("le centre ville", None),
        ("this is the west side", None),
    ],
)
def test_a_compass_word_is_a_region_only_with_the_word_region(text: str, code: str | None) -> None:
    assert find_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("je vis à Poli", "CM-NO-0301"),
        ("il est poli", None),
        ("la ville de Guider", "CM-NO-0201"),
        ("guider les jeunes", None),
        ("département de la Mémé", "CM-SW-04"),
        ("ma sœur vit la même chose", None),
        ("agent MTN MoMo", None),
        ("I live in Santa", "CM-NW-0105"),
        ("Santa Claus", None),
    ],
)
def test_a_name_that_is_also_a_common_word_needs_context(text: str, code: str | None) -> None:
    assert find_code(text) == code


def test_a_name_does_not_continue_across_punctuation() -> None:
    assert find_code("près du Mbam, et Kim viendra") is None
    assert find_code("dans le Mbam et Kim") == "CM-CE-08"


@pytest.mark.parametrize(
    ("region", "locality", "code"),
    [
        ("Littoral", "Douala", "CM-LT-01"),
        (None, "Douala, Littoral", "CM-LT-01"),
        (None, "Littoral - Douala", "CM-LT-01"),
        ("Est", "Bertoua 1er", "CM-ES-0101"),
        ("CM-OU", None, "CM-OU"),
        ("ou", "Foumban", "CM-OU-0301"),
        ("CM-OU-0307", "", "CM-OU-0307"),
        ("Région du Sud", None, "CM-SU"),
        (None, "Centre, Cameroun", "CM-CE"),
        ("Centre, Littoral", "Douala", "CM-LT-01"),
        ("Ouest", "quartier inconnu", "CM-OU"),
        ("Île-de-France", "Paris", None),
        (None, None, None),
        ("", "", None),
    ],
)
def test_the_columns_of_a_feed_resolve_to_a_place(
    region: str | None, locality: str | None, code: str | None
) -> None:
    place = resolve(region, locality)
    assert (place.code if place else None) == code


def test_the_region_distinguishes_homonyms() -> None:
    assert [resolve(region, "Mokolo").code for region in ("Centre", "Extrême-Nord", None)] == [  # type: ignore[union-attr]
        "CM-CE-0102",
        "CM-EN-0601",
        "CM-EN-0601",
    ]
    assert resolve("Littoral", "Bali").code == "CM-LT-0101"  # type: ignore[union-attr]
