"""A search parsed from its form and written back; a field that cannot be read gets an error of its own."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qs

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from oim.channels.web.search_form import fill_search_form, parse_search_form
from oim.channels.wording import render_criteria, render_search
from oim.features import places
from oim.features.occupations import Sector
from oim.features.opportunities import Contract, Kind, Search
from oim.features.places.table import load_rows
from oim.kit.i18n import LANGUAGES, translator

T = translator("fr")
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 12, 31))
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(str.strip)
SEARCHES = st.builds(
    Search,
    words=WORDS,
    kinds=st.lists(st.sampled_from(Kind), unique=True).map(tuple),
    region=st.none() | st.sampled_from([region.code for region in places.regions()]),
    near=st.sampled_from(sorted(load_rows())),
    within_km=st.none() | st.integers(1, 1000),
    sectors=st.lists(st.sampled_from(Sector), unique=True).map(tuple),
    education=st.none() | st.integers(0, 8),
    contracts=st.lists(st.sampled_from(Contract), unique=True).map(tuple),
    amount_min=st.none() | st.integers(1, 1_000_000_000),
    free_only=st.booleans(),
    language=st.none() | st.sampled_from(LANGUAGES),
    closing_before=DAYS,
    open_on=DAYS,
    posted_since=DAYS,
)


@given(search=SEARCHES, language=st.sampled_from(LANGUAGES))
def test_a_search_written_to_its_form_is_parsed_back_to_the_same_search(
    search: Search, language: str
) -> None:
    query = fill_search_form(search, language).to_query_string()  # type: ignore[arg-type]
    form = parse_search_form(parse_qs(query.removeprefix("?")), T)
    assert form.errors == {}
    assert form.search == search


@given(search=SEARCHES, language=st.sampled_from(LANGUAGES))
def test_the_summary_of_a_search_names_every_condition(search: Search, language: str) -> None:
    summary = render_search(search, translator(language))  # type: ignore[arg-type]
    assert "%(" not in summary.replace(search.words, "")
    assert len(summary.split(" · ")) >= len(fill_search_form(search, "fr").fields.keys() - {"within"})


def test_an_empty_search_is_described_as_all_open_offers() -> None:
    assert render_search(Search(), T) == "toutes les offres ouvertes"
    assert fill_search_form(Search(), "fr").to_query_string() == ""
    assert parse_search_form({}, T).search == Search()


@pytest.mark.parametrize("name", ["words", "kind", "town", "amount", "closing", "posted"])
def test_an_empty_field_is_no_condition(name: str) -> None:
    form = parse_search_form({name: ["", "  "]}, T)
    assert (form.search, form.fields, form.errors) == (Search(), {}, {})


@pytest.mark.parametrize(
    ("typed", "near", "within"),
    [
        ({"town": "Douala"}, "CM-LT-01", None),
        ({"town": "douala", "within": "20"}, "CM-LT-01", 20),
        ({"town": "Bafoussam", "within": "region"}, "CM-OU", None),
        ({"town": "Ouest"}, "CM-OU", None),
    ],
)
def test_a_town_and_a_distance_are_parsed(typed: dict[str, str], near: str, within: int | None) -> None:
    form = parse_search_form({name: [value] for name, value in typed.items()}, T)
    assert (form.search.near, form.search.within_km) == (near, within)
    assert form.folded_count == len(typed)


@time_machine.travel("2026-11-26T00:30+01:00", tick=False)  # still the day before in UTC
@pytest.mark.parametrize(
    ("posted", "since"),
    [
        ("7", date(2026, 11, 19)),
        ("30", date(2026, 10, 27)),
        ("2026-11-01", date(2026, 11, 1)),
        ("1/11/2026", date(2026, 11, 1)),
    ],
)
def test_days_are_counted_from_today_in_cameroon(posted: str, since: date) -> None:
    assert parse_search_form({"posted": [posted]}, T).search.posted_since == since
    assert since <= date(2026, 11, 26) - timedelta(days=7)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "words",
            "x" * 201,
            "C’est trop long : 200 caractères au plus. Caractères en trop : 1. Raccourcissez, puis envoyez "
            "de nouveau.",
        ),
        ("kind", "wedding", "Choisissez dans la liste."),
        ("region", "CM-XX", "Choisissez une région de la liste."),
        ("region", "CM-LT-01", "Choisissez une région de la liste."),
        ("town", "Nulle part", None),
        ("sector", "magic", "Choisissez dans la liste."),
        ("education", "9", "Choisissez dans la liste."),
        ("contract", "forever", "Choisissez dans la liste."),
        ("amount", "beaucoup", "Donnez le montant en chiffres, comme 50000."),
        ("amount", "12,5", "Donnez le montant en chiffres, comme 50000."),
        ("amount", "0", "Donnez un montant entre 1 franc et 1 milliard de francs."),
        ("amount", "1000000001", "Donnez un montant entre 1 franc et 1 milliard de francs."),
        ("amount", "9" * 20, "Donnez un montant entre 1 franc et 1 milliard de francs."),
        ("amount", "10 000 000 000", "Donnez un montant entre 1 franc et 1 milliard de francs."),
        ("closing", "demain", "Donnez le jour comme ceci : 31/12/2026."),
        ("open", "2026-02-30", "Donnez le jour comme ceci : 31/12/2026."),
        ("open", "0001-01-01", "Donnez le jour comme ceci : 31/12/2026."),
        ("posted", "-7", "Donnez le jour comme ceci : 31/12/2026."),
    ],
)
def test_a_value_that_cannot_be_read_gives_an_error_at_its_field(
    name: str, value: str, message: str | None
) -> None:
    form = parse_search_form({name: [value], "words": ["couture"] if name != "words" else [value]}, T)
    errors = {field: words.replace("\u00a0", " ") for field, words in form.errors.items()}
    assert list(errors) == [name]
    assert message is None or errors[name] == message
    assert form.value(name) == value


def test_all_errors_are_reported_together_and_the_form_stays_filled_in() -> None:
    typed = {"kind": ["wedding"], "town": ["Nulle part"], "amount": ["x"], "region": ["CM-OU"]}
    form = parse_search_form(typed, T)
    assert form.errors.keys() == {"kind", "town", "amount"}
    assert form.fields == typed
    assert form.search == Search()


def test_a_distance_needs_a_town() -> None:
    assert parse_search_form({"within": ["20"]}, T).errors.keys() == {"town"}
    assert parse_search_form({"town": ["Douala"], "within": ["far"]}, T).errors.keys() == {"within"}


def test_a_query_string_leaves_out_unknown_fields_and_those_asked_to_be_left_out() -> None:
    form = parse_search_form(
        {"words": ["été & pluie"], "kind": ["agr", "training"], "after": ["x"], "y": ["z"]}, T
    )
    assert form.to_query_string() == "?words=%C3%A9t%C3%A9%20%26%20pluie&kind=agr&kind=training"
    assert form.to_query_string(("kind",), after="2~x") == "?words=%C3%A9t%C3%A9%20%26%20pluie&after=2~x"
    assert form.to_query_string(("kind", "words")) == ""


def test_a_department_is_called_by_its_city() -> None:
    search = Search(near="CM-LT-01", within_km=20)
    assert render_search(search, T).replace("\u00a0", " ") == "Douala et 20 km autour"
    assert places.city_name("CM-LT-01") == "Douala"
    assert [places.city_name(code) for code in ("CM-OU-03", "CM-LT", "CM-LT-0101", "x")] == [None] * 4


@pytest.mark.parametrize(
    ("typed", "near", "words"),
    [
        ("Akwa", "CM-LT-0101", "lieu\u00a0: Akwa"),
        (
            "Douala I",
            "CM-LT-0101",
            "lieu\u00a0: Douala",
        ),  # our name of the commune, put there for a saved search
        ("", "CM-LT-0101", "lieu\u00a0: Douala"),
        ("Akwa", "CM-LT", "lieu\u00a0: Littoral"),  # the region around it was asked for
    ],
)
def test_a_place_is_called_as_it_was_typed(typed: str, near: str, words: str) -> None:
    assert render_criteria(Search(near=near), T, typed)["near"] == words
