"""Mappings of columns to our fields: declared ones and guessed ones."""

import pytest

from oim.features.ingestion.column_contents import Guess
from oim.features.ingestion.column_guess import _load_synonyms, guess_mapping, score_header
from oim.features.ingestion.mapping import FIELDS, Mapping, _load_declared, apply_mapping, find_mapping
from oim.features.ingestion.records import Record
from oim.kit.errors import BadInputError


def records(header: str, *rows: str) -> list[Record]:
    names = header.split(";")
    return [
        Record(number, dict(zip(names, row.split(";"), strict=True))) for number, row in enumerate(rows, 1)
    ]


def columns(guesses: list[Guess]) -> dict[str, str]:
    return {guess.field: guess.column for guess in guesses}


def test_declared_mappings_name_only_our_fields() -> None:
    for mapping in _load_declared().values():
        assert (mapping.columns.keys() | mapping.constants.keys()) <= set(FIELDS), mapping.name
        assert "title" in mapping.columns
    assert set(_load_synonyms()) == set(FIELDS)


def test_a_declared_mapping_applies_only_to_its_own_format() -> None:
    declared = find_mapping("france-travail", "csv")
    assert declared is not None
    assert declared.constants == {"kind": "employment", "country": "FR"}
    assert find_mapping("france-travail", "jsonl") is None
    assert find_mapping("../oim", "jsonl") is None
    standard = find_mapping("unknown", "rss")
    assert standard is not None
    assert standard.name == "rss"


def test_a_mapping_reads_nested_values_and_templates() -> None:
    mapping = Mapping(
        "x",
        {
            "title": ("titre", "title"),
            "organisation": ("org.name",),
            "locality": ("places.address.city",),
            "experience": ("{exp.months} months", "exp"),
            "remote": ("remote",),
            "cost": ("cost",),
            "rate": ("rate",),
            "url": ("a.b",),
        },
        {"kind": "agr", "remote": "true"},
    )
    fields = {
        "titre": "",
        "title": "Maçon",
        "org": [{"x": 1}, {"name": "ACME"}],
        "places": [[["deep"]], {"address": {"city": "Limbe"}}],
        "exp": {"months": 24},
        "remote": False,
        "cost": 0,
        "rate": float("nan"),
        "a.b": "https://x.cm",
    }
    assert apply_mapping(mapping, Record(1, fields)) == {
        "title": "Maçon",
        "organisation": "ACME",
        "locality": "Limbe",
        "experience": "24 months",
        "remote": "False",
        "cost": "0",
        "url": "https://x.cm",
        "kind": "agr",
    }


@pytest.mark.parametrize(
    ("field", "header"),
    [
        ("title", "Intitulé du poste"),
        ("title", "jobTitle"),
        ("organisation", "nom_entreprise"),
        ("valid_through", "Date limite de dépôt"),
        ("valid_through", "closingDate"),
        ("education_min", "NIVEAU D'ÉTUDES"),
        ("places", "Nombre de postes à pourvoir"),
        ("contract", "Type de contrat"),
        ("pay_text", "Salaire (FCFA)"),
    ],
)
def test_common_column_names_are_recognised(field: str, header: str) -> None:
    assert score_header(field, header) > 0.4
    assert max(FIELDS, key=lambda name: score_header(name, header)) == field


def test_columns_are_guessed_from_their_names() -> None:
    header = "Référence;Intitulé du poste;Entreprise;Ville;Contrat;Salaire mensuel (FCFA);Date limite;Niveau"
    rows = ["OE-1;Comptable;ACME;Douala;CDI;150 000;30/06/2026;BEPC", "OE-2;Chef;Hôtel;Kribi;CDD;NC;NC;Bac+2"]
    mapping, guesses = guess_mapping(records(header, *rows), "fne")
    assert columns(guesses) == {
        "id": "Référence",
        "kind": "Intitulé du poste",
        "title": "Intitulé du poste",
        "organisation": "Entreprise",
        "locality": "Ville",
        "education_min": "Niveau",  # the values are diplomas, not years
        "valid_through": "Date limite",
        "contract": "Contrat",
        "pay_period": "Salaire mensuel (FCFA)",
        "pay_text": "Salaire mensuel (FCFA)",
        "currency": "Salaire mensuel (FCFA)",
    }
    assert mapping.constants == {"currency": "XAF", "pay_period": "month"}
    assert all(0 < guess.confidence <= 1 and guess.explanation for guess in guesses)


def test_columns_without_a_known_name_are_guessed_from_their_values() -> None:
    rows = [
        f"Maçon {n};https://x.cm/{n};2026-04-0{n};CDI;Douala;{n}50 000 FCFA;REF-{n};{'long texte ' * 20}"
        for n in range(1, 5)
    ]
    mapping, guesses = guess_mapping(records("Titre;b;c;d;e;f;g;h", *rows), "bare")
    columns_by_field = columns(guesses)
    assert [
        columns_by_field[name] for name in ("url", "published_at", "contract", "locality", "pay_text", "id")
    ] == list("bcdefg")
    assert columns_by_field["description"] == "h"
    assert mapping.columns["url"] == ("b",)


def test_a_column_name_counts_less_if_the_values_do_not_fit_it() -> None:
    rows = ["Maçon;ouvert;pas de lien", "Chef;fermé;à venir", "Cuisinier;ouvert;bientôt"]
    _, guesses = guess_mapping(records("titre;status;url", *rows), "x")
    assert columns(guesses) == {"title": "titre", "kind": "titre"}


def test_the_kind_and_country_of_a_whole_file_are_guessed() -> None:
    header = "Programme;Montant min;Montant max;Taux d'intérêt;Différé"
    loans, guesses = guess_mapping(records(header, "PIAASI;100000;2000000;0;11 mois"), "x")
    assert loans.constants == {"kind": "agr"}
    assert next(guess for guess in guesses if guess.field == "kind").value == "agr"
    french, _ = guess_mapping(records("titre;lieu", "Maçon;92 - Nanterre", "Chef;2A - Ajaccio"), "x")
    assert french.constants == {"country": "FR"}


def test_our_own_field_names_are_mapped_even_if_the_first_records_do_not_have_them() -> None:
    mapping, _ = guess_mapping([Record(1, {"title": "Maçon", "status": "ouvert"})], "x")
    assert mapping.columns["grace_months"] == ("grace_months",)
    assert "statuses" in mapping.columns


def test_a_column_name_with_braces_is_not_a_template() -> None:
    rows = [
        Record(1, {"title": "Maçon", "salaire {": "1", "lieu {x}": "Douala"}),
        Record(2, {"title": "Chef"}),
    ]
    mapping, _ = guess_mapping(rows, "x")
    assert [apply_mapping(mapping, row).get("locality") for row in rows] == ["Douala", None]


def test_the_error_for_a_missing_title_lists_the_columns() -> None:
    with pytest.raises(BadInputError, match=r"The columns are: foo, bar\.$"):
        guess_mapping(records("foo;bar", "1;2"), "x")
