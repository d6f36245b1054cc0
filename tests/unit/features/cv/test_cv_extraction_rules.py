"""Headings, levels of diplomas, languages, years of work: the rules one by one."""

from datetime import date

import pytest

from oim.features.cv.extraction import education, languages
from oim.features.cv.extraction.dates import Span, find_spans
from oim.features.cv.extraction.lines import Line, clean_lines
from oim.features.cv.extraction.pipeline import count_experience_years
from oim.features.cv.extraction.sections import Section, assign_sections, parse_heading
from oim.features.cv.types import Language, Level

TODAY = date(2026, 11, 25)
HEADINGS: dict[str, tuple[Section, ...]] = {
    "EXPÉRIENCES PROFESSIONNELLES": (Section.EXPERIENCE,),
    "II- Parcours professionnel :": (Section.EXPERIENCE,),
    "Work History": (Section.EXPERIENCE,),
    "Employment history": (Section.EXPERIENCE,),
    "Stages effectués": (Section.EXPERIENCE,),
    "Formation": (Section.EDUCATION,),
    "DIPLÔMES OBTENUS": (Section.EDUCATION,),
    "Parcours scolaire": (Section.EDUCATION,),
    "Cursus académique et universitaire": (Section.EDUCATION,),
    "Academic qualifications": (Section.EDUCATION,),
    "COMPÉTENCES": (Section.SKILLS,),
    "Connaissances informatiques": (Section.SKILLS,),
    "Programming languages": (Section.SKILLS,),
    "Compétences linguistiques": (Section.LANGUAGES,),
    "Langues parlées": (Section.LANGUAGES,),
    "Centres d’intérêt": (Section.PRIVATE,),
    "ÉTAT CIVIL": (Section.PRIVATE,),
    "Références": (Section.PRIVATE,),
    "SUMMARY EDUCATION": (Section.PROFILE, Section.EDUCATION),
    "Responsable formation": (),
    "Caissière": (),
    "2015 Formation": (),
    "Formation en couture": (),
}
DIPLOMAS: dict[str, int | None] = {
    "Doctorat en chimie": 8,
    "Master en droit": 7,
    "M.Sc. in Economics": 7,
    "Licence professionnelle en comptabilité": 6,
    "Bachelor's degree in Mathematics": 6,
    "BTS Comptabilité": 5,
    "HND in Nursing": 5,
    "Baccalauréat G2": 3,
    "GCE Advanced Level": 3,
    "Probatoire D": 3,
    "BEPC": 2,
    "CAP maçonnerie": 2,
    "GCE O Level": 2,
    "DQP en coiffure": 2,
    "First School Leaving Certificate": 1,
    "Permis de conduire, licence B": None,
    "Scrum Master": None,
    "Formation en couture": None,
}
LANGUAGES: dict[str, tuple[Language, ...]] = {
    "Français (langue maternelle), anglais : courant": (
        Language("fr", Level.NATIVE),
        Language("en", Level.C1),
    ),
    "English - fluent; French: B1": (Language("en", Level.C1), Language("fr", Level.B1)),
    "Bilingue français / anglais": (Language("fr", Level.C2), Language("en", Level.C2)),
    "Native Russian, Upper-Intermediate English": (Language("ru", Level.NATIVE), Language("en", Level.B2)),
    "Anglais : niveau avancé (B2)": (Language("en", Level.B2),),
    "Ewondo, Fulfulde et pidgin": (Language("ewo"), Language("ff"), Language("wes")),
}


@pytest.mark.parametrize("said", HEADINGS)
def test_a_heading_opens_its_section(said: str) -> None:
    assert parse_heading(said) == HEADINGS[said]


def test_a_label_places_what_follows_it_only() -> None:
    lines = clean_lines(["Compétences", "Langues : français, anglais", "couture, broderie"])
    told = [(one.line.text, next(iter(one.sections))) for one in assign_sections(lines)]
    assert told == [("français, anglais", Section.LANGUAGES), ("couture, broderie", Section.SKILLS)]


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("E X P É R I E N C E  P R O F E SS I O N N E L L E", "EXPÉRIENCE\tPROFESSIONNELLE"),
        ("•  Tenue   de la caisse", "Tenue\tde la caisse"),
        ("Nom ......... Awa", "Nom\tAwa"),
        ("a b", "a b"),
    ],
)
def test_a_line_is_cleaned(raw: str, meant: str) -> None:
    assert clean_lines([raw])[0].text == meant


def test_a_span_broken_over_two_lines_is_one() -> None:
    assert [line.text for line in clean_lines(["2015-", "2016", "BTS"])] == ["2015- 2016", "BTS"]


@pytest.mark.parametrize("said", DIPLOMAS)
def test_a_diploma_has_its_level(said: str) -> None:
    assert education.detect_level(said) == DIPLOMAS[said]


@pytest.mark.parametrize(
    "said", ["Licence 2 en droit", "Master (en cours)", "Niveau BEPC", "Bachelor, expected 2027"]
)
def test_a_diploma_not_held_yet_is_told_apart(said: str) -> None:
    assert not education.is_obtained(said)


@pytest.mark.parametrize("said", LANGUAGES)
def test_languages_have_their_levels(said: str) -> None:
    assert (
        languages.extract_languages(list(assign_sections(clean_lines(["Langues", said])))) == LANGUAGES[said]
    )


def test_a_level_may_stand_in_the_next_line() -> None:
    told = assign_sections(
        clean_lines(["LANGUAGES", "English", "Professional working proficiency", "French", "Native"])
    )
    assert languages.extract_languages(list(told)) == (Language("en", Level.B2), Language("fr", Level.NATIVE))


@pytest.mark.parametrize(
    ("said", "years"),
    [
        (["2016 - 2018"], 2),
        (["2010 - 2014", "2012 - 2016"], 6),
        (["janvier 2019 - décembre 2021"], 3),
        (["2016"], 0),
        (["2020 - 2022", "depuis novembre 2024"], 4),
        ([], None),
    ],
)
def test_years_of_two_jobs_at_once_count_once(said: list[str], years: int | None) -> None:
    told: list[Span] = [find_spans(Line(one).folded_text, TODAY.year)[0] for one in said]
    assert count_experience_years(told, TODAY) == years
