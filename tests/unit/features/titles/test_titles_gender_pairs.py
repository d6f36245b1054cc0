"""A title for both genders is split into two titles; other titles stay whole."""

import pytest

from oim.features.titles.forms import split_genders


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Soudeur", ("Soudeur",)),
        ("Maçon / Maçonne en pierre", ("Maçon en pierre", "Maçonne en pierre")),
        ("Éleveur avicole / Éleveuse avicole au sol", ("Éleveur avicole au sol", "Éleveuse avicole au sol")),
        (
            "Agent / Agente de bureau principal / principale des eaux",
            ("Agent de bureau principal des eaux", "Agente de bureau principale des eaux"),
        ),
        ("Homme / Femme de chambre", ("Homme de chambre", "Femme de chambre")),
        ("Abogado/Abogada civil", ("Abogado civil", "Abogada civil")),
        ("Tôlier CAO/DAO", ("Tôlier CAO/DAO",)),
        ("Sauces/condiments", ("Sauces/condiments",)),
        ("Engineers/Architects", ("Engineers/Architects",)),
        ("x" * 190 + " / " + "x" * 190, ("x" * 190 + " / " + "x" * 190,)),
        (" / ", (" / ",)),
        ("", ("",)),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_title_is_split_into_its_genders(title: str, expected: tuple[str, ...]) -> None:
    assert split_genders(title) == expected
