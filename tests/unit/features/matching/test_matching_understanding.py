"""Understanding: what a profile states and what it leaves open; every profile can be understanding."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_factory import NOW

from oim.features import places
from oim.features.matching.answer import MissingInfo
from oim.features.matching.profile import Profile
from oim.features.matching.understanding import Understanding, understand
from oim.features.opportunities import Gender, Kind, Status

EVERYTHING = (MissingInfo.TEXT, MissingInfo.PLACE)
TOWNS = (
    "Bafoussam",
    "Buea",
    "Garoua",
    "Bertoua",
    "Kribi",
    "Ngaoundéré",
    "Mamfe",
    "Yaoundé",
    "Limbé",
    "Foumban",
)


def understood(text: str = "", **known: Any) -> Understanding:
    return understand(Profile(text=text, **known), NOW)


def test_an_empty_profile_lists_what_to_add_most_useful_first() -> None:
    understanding = understood()
    assert understanding.missing_info == EVERYTHING
    assert understanding.query_text == ""
    assert understanding.stems == {}
    assert understanding.kinds == frozenset()


def test_what_is_known_is_not_asked_again() -> None:
    assert understood("soudeur").missing_info == (MissingInfo.PLACE,)
    assert understood("soudeur", region="CM-OU").missing_info == ()
    assert MissingInfo.PLACE not in understood("soudeur à Douala").missing_info
    assert MissingInfo.PLACE in understood(region="CM-XX").missing_info


@pytest.mark.parametrize(
    "text",
    [
        "et de la",
        "je veux",
        "I am looking for",
        "bonjour, merci",
        "...",
        "5 ans",
        "à Douala",
        "I live in Buea",
    ],
)
def test_words_without_content_count_as_no_text(text: str) -> None:
    understanding = understood(text)
    assert understanding.query_text == ""
    assert understanding.stems == {}
    assert MissingInfo.TEXT in understanding.missing_info


@pytest.mark.parametrize("text", ["", "je cherche un travail", "à Douala", "débutant", "I live in Buea"])
def test_a_ticked_trade_is_searched_when_the_words_have_no_content(text: str) -> None:
    understanding = understood(text, occupations=("7531",))
    assert "couturier" in understanding.query_text.casefold()
    assert [link.occupation.isco for link in understanding.occupations] == ["7531"]
    assert MissingInfo.TEXT not in understanding.missing_info


def test_a_ticked_trade_takes_precedence_over_those_in_the_words() -> None:
    assert {link.occupation.isco for link in understood("couturière").occupations} == {"7531"}
    assert {link.occupation.isco for link in understood("couturière", occupations=("7212",)).occupations} == {
        "7212"
    }
    assert {link.occupation.isco for link in understood("couturière", occupations=("0000",)).occupations} == {
        "7531"
    }


@pytest.mark.parametrize("town", TOWNS)
@pytest.mark.parametrize(
    "form", ["soudeur à {}", "soudeur {}", "welder in {}", "{} : soudeur", "SOUDEUR, {}"]
)
def test_a_town_is_a_place_and_not_a_word(town: str, form: str) -> None:
    understanding = understood(form.format(town))
    assert understanding.place is not None
    assert understanding.place == places.find(town)
    assert {word.casefold() for word in understanding.stems.values()} <= {"soudeur", "welder"}
    assert town.casefold() not in understanding.query_text.casefold()


@pytest.mark.parametrize("code", [region.code for region in places.regions()])
def test_a_region_is_a_place_and_not_a_word(code: str) -> None:
    region = places.get(code)
    assert region is not None
    for text in (f"soudeur, région {region.name_fr}", f"soudeur dans la région de {region.name_fr}"):
        understanding = understood(text)
        assert understanding.place == region
        assert set(understanding.stems.values()) == {"soudeur"}


def test_home_is_as_precise_as_it_was_stated() -> None:
    home = {"region": "CM-LT", "department": "CM-LT-01", "commune": "CM-LT-0101"}
    for known in (home, {"commune": "CM-LT-0101"}):
        place = understood(**known).place
        assert place is not None
        assert place.code == "CM-LT-0101"
    assert understood(commune="CM-LT-0101").filters.region == "CM-LT"


def test_a_named_place_is_where_to_search_not_where_the_person_lives() -> None:
    assert understood("soudeur à Douala").filters.region is None


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("j'ai besoin d'un prêt", {Kind.AGR}),
        ("I need a loan for my shop", {Kind.AGR}),
        ("une subvention pour ouvrir mon commerce", {Kind.AGR}),
        ("financement d'un poulailler", {Kind.AGR}),
        ("devenir entrepreneur", {Kind.AGR}),
        ("formation en couture", {Kind.TRAINING}),
        ("je veux apprendre à souder", {Kind.TRAINING}),
        ("me former en informatique", {Kind.TRAINING}),
        ("I want to be trained as a nurse", {Kind.TRAINING}),
        ("cours d'anglais", {Kind.TRAINING}),
        ("je cherche un emploi", {Kind.EMPLOYMENT}),
        ("any job in Limbe", {Kind.EMPLOYMENT}),
        ("une formation puis un crédit", {Kind.TRAINING, Kind.AGR}),
        ("couturière", set()),
    ],
)
def test_words_ask_for_kinds(text: str, kinds: set[Kind]) -> None:
    assert understood(text).kinds == kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("je suis prêt à travailler", Kind.AGR),
        ("vendeuse de prêt-à-porter", Kind.AGR),
        ("travailler dans une entreprise", Kind.AGR),
        ("assistant administratif et financier", Kind.AGR),
        ("financial officer", Kind.AGR),
        ("I am a former teacher", Kind.TRAINING),
        ("trained nurse", Kind.TRAINING),
        ("au cours de ma carrière de soudeur", Kind.TRAINING),
        ("licence en cours", Kind.TRAINING),
    ],
)
def test_words_that_only_look_like_a_request_for_a_kind_ask_for_none(text: str, kind: Kind) -> None:
    assert kind not in understood(text).kinds


def test_ticked_kinds_take_precedence_over_the_words() -> None:
    understanding = understood("formation en couture", kinds=(Kind.AGR,))
    assert understanding.kinds == {Kind.AGR}
    assert understanding.filters.kinds == (Kind.AGR,)
    assert understood("formation en couture").filters.kinds == ()


@pytest.mark.parametrize("text", ["je suis débutante", "beginner welder", "no experience", "sans expérience"])
def test_a_beginner_is_recognised_in_both_languages(text: str) -> None:
    assert understood(text).experience_years == 0
    assert understood(text, experience_years=4).experience_years == 4


def test_what_is_not_stated_stays_unknown() -> None:
    filters = understood().filters
    assert (filters.age, filters.gender, filters.statuses, filters.region, filters.education) == (None,) * 5
    known = understood(birth_year=1996, gender=Gender.MALE, statuses=(Status.YOUTH,), education=0).filters
    assert (known.age, known.gender, known.statuses, known.education) == (30, Gender.MALE, (Status.YOUTH,), 0)


@pytest.mark.parametrize(
    ("text", "memberships"),
    [
        ("je suis membre de la MC2 de Bafang", ("mc2",)),
        ("I am a member of a credit union in Kumba", ("camccul",)),
        ("adhérente de la MUFFA et membre d'une mutuelle communautaire de croissance", ("mc2", "muffa")),
        ("je ne suis pas membre de la MC2", None),
        ("I am not a member of the MC2", None),
        ("devenir membre de la MC2", None),
        ("la MC2 prête aux éleveurs", None),
        ("membre de ma famille", None),
    ],
)
def test_a_membership_stated_in_words_is_known(text: str, memberships: tuple[str, ...] | None) -> None:
    assert understood(text).facts.memberships == memberships
    assert understood(text, memberships=()).facts.memberships == ()


def test_young_people_have_youth_status_whatever_else_they_stated() -> None:
    known = understood(birth_year=NOW.year - 20, statuses=(Status.RETURNEE,))
    assert known.filters.statuses == (Status.RETURNEE, Status.YOUTH)
    assert understood(birth_year=NOW.year - 50, statuses=(Status.RETURNEE,)).filters.statuses == (
        Status.RETURNEE,
    )
    assert understood(birth_year=NOW.year - 20).filters.statuses is None


@given(st.text(max_size=200))
def test_any_text_is_understood(text: str) -> None:
    understanding = understood(text)
    assert (understanding.query_text == "") == (understanding.stems == {})
    assert (MissingInfo.TEXT in understanding.missing_info) == (understanding.stems == {})
    assert set(understanding.missing_info) <= set(EVERYTHING)
