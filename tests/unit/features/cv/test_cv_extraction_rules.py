"""The rules of extraction one by one: headings, levels of diplomas, languages, years of work."""

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


@pytest.mark.parametrize("text", HEADINGS)
def test_a_heading_opens_its_section(text: str) -> None:
    assert parse_heading(text) == HEADINGS[text]


def test_a_label_assigns_only_its_own_line_to_a_section() -> None:
    lines = clean_lines(["Compétences", "Langues : français, anglais", "couture, broderie"])
    placed = [(line.line.text, next(iter(line.sections))) for line in assign_sections(lines)]
    assert placed == [("français, anglais", Section.LANGUAGES), ("couture, broderie", Section.SKILLS)]


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("E X P É R I E N C E  P R O F E SS I O N N E L L E", "EXPÉRIENCE\tPROFESSIONNELLE"),
        ("•  Tenue   de la caisse", "Tenue\tde la caisse"),
        ("Nom ......... Awa", "Nom\tAwa"),
        ("a b", "a b"),
    ],
)
def test_a_line_is_cleaned(raw: str, cleaned: str) -> None:
    assert clean_lines([raw])[0].text == cleaned


def test_a_span_broken_over_two_lines_is_joined() -> None:
    assert [line.text for line in clean_lines(["2015-", "2016", "BTS"])] == ["2015- 2016", "BTS"]


@pytest.mark.parametrize("text", DIPLOMAS)
def test_the_level_of_a_diploma_is_detected(text: str) -> None:
    assert education.detect_level(text) == DIPLOMAS[text]


@pytest.mark.parametrize(
    "text", ["Licence 2 en droit", "Master (en cours)", "Niveau BEPC", "Bachelor, expected 2027"]
)
def test_an_unfinished_diploma_is_not_obtained(text: str) -> None:
    assert not education.is_obtained(text)


@pytest.mark.parametrize("text", LANGUAGES)
def test_languages_are_extracted_with_their_levels(text: str) -> None:
    assert (
        languages.extract_languages(list(assign_sections(clean_lines(["Langues", text])))) == LANGUAGES[text]
    )


def test_the_level_of_a_language_may_be_on_the_next_line() -> None:
    lines = assign_sections(
        clean_lines(["LANGUAGES", "English", "Professional working proficiency", "French", "Native"])
    )
    assert languages.extract_languages(list(lines)) == (
        Language("en", Level.B2),
        Language("fr", Level.NATIVE),
    )


@pytest.mark.parametrize(
    ("texts", "years"),
    [
        (["2016 - 2018"], 2),
        (["2010 - 2014", "2012 - 2016"], 6),
        (["janvier 2019 - décembre 2021"], 3),
        (["2016"], 0),
        (["2020 - 2022", "depuis novembre 2024"], 4),
        ([], None),
    ],
)
def test_years_of_two_jobs_at_once_count_once(texts: list[str], years: int | None) -> None:
    spans: list[Span] = [find_spans(Line(text).folded_text, TODAY.year)[0] for text in texts]
    assert count_experience_years(spans, TODAY) == years
