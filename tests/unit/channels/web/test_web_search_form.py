"""A search read from its form and written back; what cannot be read is told beside its field."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qs

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from oim.channels.web.search_form import fill_search_form, parse_search_form
from oim.channels.wording import render_search
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
    closing_before=DAYS,
    open_on=DAYS,
    posted_since=DAYS,
)


@given(wanted=SEARCHES, language=st.sampled_from(LANGUAGES))
def test_what_is_written_is_read_as_the_same(wanted: Search, language: str) -> None:
    query = fill_search_form(wanted, language).to_query_string()  # type: ignore[arg-type]
    found = parse_search_form(parse_qs(query.removeprefix("?")), T)
    assert found.errors == {}
    assert found.search == wanted


@given(wanted=SEARCHES, language=st.sampled_from(LANGUAGES))
def test_every_condition_is_told_in_one_line(wanted: Search, language: str) -> None:
    told = render_search(wanted, translator(language))  # type: ignore[arg-type]
    assert "%(" not in told
    assert len(told.split(" · ")) >= len(fill_search_form(wanted, "fr").fields.keys() - {"within"})


def test_a_search_for_everything_says_so() -> None:
    assert render_search(Search(), T) == "toutes les offres ouvertes"
    assert fill_search_form(Search(), "fr").to_query_string() == ""
    assert parse_search_form({}, T).search == Search()


@pytest.mark.parametrize("name", ["words", "kind", "town", "amount", "closing", "posted"])
def test_an_empty_field_is_no_condition(name: str) -> None:
    found = parse_search_form({name: ["", "  "]}, T)
    assert (found.search, found.fields, found.errors) == (Search(), {}, {})


@pytest.mark.parametrize(
    ("typed", "near", "within"),
    [
        ({"town": "Douala"}, "CM-LT-01", None),
        ({"town": "douala", "within": "20"}, "CM-LT-01", 20),
        ({"town": "Bafoussam", "within": "region"}, "CM-OU", None),
        ({"town": "Ouest"}, "CM-OU", None),
    ],
)
def test_a_town_and_how_far_from_it(typed: dict[str, str], near: str, within: int | None) -> None:
    found = parse_search_form({name: [value] for name, value in typed.items()}, T)
    assert (found.search.near, found.search.within_km) == (near, within)
    assert found.folded_count == len(typed)


@time_machine.travel("2026-11-26T00:30+01:00", tick=False)  # still the day before in UTC
@pytest.mark.parametrize(
    ("said", "since"),
    [
        ("7", date(2026, 11, 19)),
        ("30", date(2026, 10, 27)),
        ("2026-11-01", date(2026, 11, 1)),
        ("1/11/2026", date(2026, 11, 1)),
    ],
)
def test_days_are_counted_from_today_in_cameroon(said: str, since: date) -> None:
    assert parse_search_form({"posted": [said]}, T).search.posted_since == since
    assert since <= date(2026, 11, 26) - timedelta(days=7)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("words", "x" * 201, "C’est trop long : 200 caractères au plus."),
        ("kind", "wedding", "Choisissez dans la liste."),
        ("region", "CM-XX", "Choisissez une région de la liste."),
        ("region", "CM-LT-01", "Choisissez une région de la liste."),
        ("town", "Nulle part", None),
        ("sector", "magic", "Choisissez dans la liste."),
        ("education", "9", "Choisissez dans la liste."),
        ("contract", "forever", "Choisissez dans la liste."),
        ("amount", "beaucoup", "Donnez le montant en chiffres, comme 50000."),
        ("amount", "0", "Donnez le montant en chiffres, comme 50000."),
        ("amount", "9" * 30, "Donnez le montant en chiffres, comme 50000."),
        ("closing", "demain", "Donnez le jour comme ceci : 31/12/2026."),
        ("open", "2026-02-30", "Donnez le jour comme ceci : 31/12/2026."),
        ("open", "0001-01-01", "Donnez le jour comme ceci : 31/12/2026."),
        ("posted", "-7", "Donnez le jour comme ceci : 31/12/2026."),
    ],
)
def test_what_cannot_be_read_is_told_beside_its_field(name: str, value: str, message: str | None) -> None:
    found = parse_search_form({name: [value], "words": ["couture"] if name != "words" else [value]}, T)
    told = {field: words.replace("\u00a0", " ") for field, words in found.errors.items()}
    assert list(told) == [name]
    assert message is None or told[name] == message
    assert found.value(name) == value


def test_every_mistake_is_told_at_once_and_nothing_is_lost() -> None:
    typed = {"kind": ["wedding"], "town": ["Nulle part"], "amount": ["x"], "region": ["CM-OU"]}
    found = parse_search_form(typed, T)
    assert found.errors.keys() == {"kind", "town", "amount"}
    assert found.fields == typed
    assert found.search == Search()


def test_a_distance_needs_a_town() -> None:
    assert parse_search_form({"within": ["20"]}, T).errors.keys() == {"town"}
    assert parse_search_form({"town": ["Douala"], "within": ["far"]}, T).errors.keys() == {"within"}


def test_a_query_is_kept_but_for_what_is_left_out() -> None:
    found = parse_search_form(
        {"words": ["été & pluie"], "kind": ["agr", "training"], "after": ["x"], "y": ["z"]}, T
    )
    assert found.to_query_string() == "?words=%C3%A9t%C3%A9%20%26%20pluie&kind=agr&kind=training"
    assert found.to_query_string(("kind",), after="2~x") == "?words=%C3%A9t%C3%A9%20%26%20pluie&after=2~x"
    assert found.to_query_string(("kind", "words")) == ""


def test_a_department_is_told_by_its_city() -> None:
    wanted = Search(near="CM-LT-01", within_km=20)
    assert render_search(wanted, T).replace("\u00a0", " ") == "Douala (Wouri) et 20 km autour"
    assert places.city_name("CM-LT-01") == "Douala"
    assert [places.city_name(code) for code in ("CM-OU-03", "CM-LT", "CM-LT-0101", "x")] == [None] * 4
