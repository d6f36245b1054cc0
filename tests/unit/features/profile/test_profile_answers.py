"""Answers as typed fields: what is shown is parsed back unchanged, and a bad field is refused by its name."""

import pytest

from oim.features.profile import (
    NONE_VALUE,
    Job,
    Level,
    Question,
    Record,
    SpokenLanguage,
    apply_search,
    count_rows,
    fill_answer,
    find_typed_town,
    list_other_languages,
    parse_answer,
)
from oim.features.profile.validation import validate_record
from oim.kit.errors import BadInputError

RECORD = Record(
    wish="Couturière", region="CM-LT", department="CM-LT-01", birth_year=1998, education=2,
    diplomas=("CAP",), experience_years=4, jobs=(Job("Couturière", "Atelier Akwa", 2015, None),),
    skills=("coudre", "vendre"), memberships=(), documents=("CNI",), savings=50_000,
    languages=(SpokenLanguage("bum"), SpokenLanguage("fr", Level.NATIVE)),
)  # fmt: skip


@pytest.mark.parametrize("question", Question)
def test_an_answer_shown_in_fields_is_parsed_back_unchanged(question: Question) -> None:
    values = parse_answer(fill_answer(RECORD, question), question)
    assert {name: getattr(RECORD, name) for name in values} == values


@pytest.mark.parametrize(
    ("typed", "shown", "town"),
    [
        ("Akwa", "Akwa", "Akwa"),
        ("Bonabéri", "Bonabéri", "Bonabéri"),
        ("bepanda, Douala", "bepanda, Douala", "bepanda, Douala"),
        ("Douala I", "Douala I", ""),
        ("Douala", "Douala", ""),
    ],
)
def test_a_town_or_quarter_stays_as_it_was_typed(typed: str, shown: str, town: str) -> None:
    values = parse_answer({"region": ["CM-LT"], "town": [typed]}, Question.PLACE)
    record = Record(**values)
    assert record.town == town
    assert fill_answer(record, Question.PLACE)["town"] == [shown]
    assert parse_answer(fill_answer(record, Question.PLACE), Question.PLACE) == values


def test_a_town_that_was_typed_for_another_place_is_not_shown() -> None:
    moved = Record(region="CM-OU", department="CM-OU-01", town="Akwa")
    assert find_typed_town(moved) == ""
    assert fill_answer(moved, Question.PLACE)["town"] == ["Bafoussam"]


@pytest.mark.parametrize("question", Question)
def test_a_question_without_an_answer_shows_empty_fields_and_stays_unanswered(question: Question) -> None:
    fields = fill_answer(Record(), question)
    assert not any(any(values) for values in fields.values())
    values = parse_answer(fields, question)
    assert {name: getattr(Record(), name) for name in values} == values


def test_having_no_papers_is_an_answer() -> None:
    assert parse_answer({"documents": [NONE_VALUE]}, Question.DOCUMENTS) == {"documents": ()}
    assert parse_answer({}, Question.DOCUMENTS) == {"documents": None}


def test_a_language_that_no_field_asks_for_is_carried_along() -> None:
    assert list_other_languages(RECORD) == [("bum:", SpokenLanguage("bum"))]


@pytest.mark.parametrize(
    ("question", "fields", "field"),
    [
        (Question.AGE, {"birth_year": ["1850"]}, "birth_year"),
        (Question.AGE, {"birth_year": ["9" * 1_000_000]}, "birth_year"),
        (Question.PLACE, {"region": ["CM-XX"]}, "region"),
        (Question.PLACE, {"region": ["CM-LT"], "town": ["Atlantide"]}, "town"),
        (Question.EDUCATION, {"education": ["9"]}, "education"),
        (Question.KINDS, {"kind": ["lottery"]}, "kind"),
        (Question.LANGUAGES, {"lang-fr": ["perfect"]}, "lang-fr"),
        (Question.LANGUAGES, {"others": ["<b>:good"]}, "others"),
        (Question.MOBILITY, {"mobility": ["moon"]}, "mobility"),
        (Question.MEMBERSHIP, {"membership": ["FIFA"]}, "membership"),
        (Question.SAVINGS, {"savings": ["-5"]}, "savings"),
        (Question.DOCUMENTS, {"documents": ["Permis Z"]}, "documents"),
    ],
    ids=lambda value: value.value if isinstance(value, Question) else None,
)
def test_a_bad_field_is_refused_by_its_name(
    question: Question, fields: dict[str, list[str]], field: str
) -> None:
    with pytest.raises(BadInputError) as error:
        parse_answer(fields, question)
    assert error.value.field == field


ROWS = {
    "job-0-title": ["Couturière"], "job-0-employer": ["Atelier Akwa"], "job-0-since": ["2015"],
    "job-1-title": [" "], "job-1-employer": [""],
    "job-2-title": ["Vendeuse · marché"], "job-2-until": ["2014"],
}  # fmt: skip


def test_jobs_keep_the_order_of_their_rows_and_an_empty_row_is_none() -> None:
    jobs = (Job("Couturière", "Atelier Akwa", 2015), Job("Vendeuse · marché", None, None, 2014))
    assert parse_answer(ROWS, Question.EXPERIENCE)["jobs"] == jobs
    assert (
        parse_answer(fill_answer(Record(jobs=jobs), Question.EXPERIENCE), Question.EXPERIENCE)["jobs"] == jobs
    )


def test_as_many_rows_are_shown_as_there_are_and_three_more() -> None:
    assert count_rows({}, "job") == 3
    assert count_rows(ROWS, "job") == 6


def test_what_a_page_without_rows_sends_is_read() -> None:
    old_page = {"jobs": ["Tailor · Atelier Akwa · 2015-2019\nCook"], "diplomas": ["CAP, 2014\nBEPC"]}
    jobs = (Job("Tailor", "Atelier Akwa", 2015, 2019), Job("Cook"))
    assert parse_answer(old_page, Question.EXPERIENCE)["jobs"] == jobs
    assert parse_answer(old_page, Question.EDUCATION)["diplomas"] == ("CAP, 2014", "BEPC")


@pytest.mark.parametrize(
    "diploma", ["CAP", "CAP couture, 2014", "CAP 2014", "Prix, 3000", ", 2014", "A, 1, 1999"]
)
def test_a_certificate_is_the_same_text_again(diploma: str) -> None:
    fields = fill_answer(Record(diplomas=(diploma,)), Question.EDUCATION)
    assert parse_answer(fields, Question.EDUCATION)["diplomas"] == (diploma,)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("Bamoun", "bax"), ("ghomala’", "bbj"), ("Ghomala", "bbj"), ("DUALA", "dua"), ("douala", "dua")),
        *(("bassa", "bas"), ("Éwondo", "ewo"), ("fulfulde", "ful"), ("Peul", "ful"), ("pidgin", "pcm")),
        *(("haoussa", "ha"), ("Hausa", "ha"), ("arabe choa", "ar"), ("allemand", "de"), ("German", "de")),
        ("Yambetta", "Yambetta"),  # as typed: nobody of us knows its code
    ],
)
def test_a_language_is_known_by_its_name(name: str, code: str) -> None:
    fields = {"language-1-name": [name], "language-1-level": ["good"]}
    record = validate_record(Record(**parse_answer(fields, Question.LANGUAGES)))
    assert record.languages == (SpokenLanguage(code, Level.GOOD),)
    assert (
        parse_answer(fill_answer(record, Question.LANGUAGES), Question.LANGUAGES)["languages"]
        == record.languages
    )


@pytest.mark.parametrize(
    ("code", "same"), [("wes", "pcm"), ("ff", "ful"), ("eng", "en"), ("Pidgin", "pcm"), ("bum", "bum")]
)
def test_a_language_has_one_code_whoever_stated_it(code: str, same: str) -> None:
    stated = Record(languages=(SpokenLanguage(same, Level.NATIVE), SpokenLanguage(code)))
    assert validate_record(stated).languages == (SpokenLanguage(same, Level.NATIVE),)


@pytest.mark.parametrize(
    ("question", "fields", "field"),
    [
        (Question.EXPERIENCE, {"job-2-employer": ["Akwa"]}, "job-2-title"),
        (Question.EXPERIENCE, {"job-0-title": ["a"], "job-0-since": ["15"]}, "job-0-since"),
        (Question.EXPERIENCE, {"job-0-title": ["a"], "job-0-until": ["9" * 20]}, "job-0-until"),
        (
            Question.EXPERIENCE,
            {"job-0-title": ["a"], "job-0-since": ["2019"], "job-0-until": ["2015"]},
            "job-0-until",
        ),
        (Question.EXPERIENCE, {"job-1-title": ["a" * 201]}, "job-1-title"),
        (Question.EDUCATION, {"diploma-1-year": ["2014"]}, "diploma-1-name"),
        (Question.EDUCATION, {"diploma-1-name": ["CAP"], "diploma-1-year": ["14"]}, "diploma-1-year"),
        (Question.EDUCATION, {"diploma-1-name": ["a" * 199], "diploma-1-year": ["2014"]}, "diploma-1-name"),
        (Question.LANGUAGES, {"language-0-level": ["good"]}, "language-0-name"),
        (Question.LANGUAGES, {"language-0-name": ["fr, en"]}, "language-0-name"),
        (Question.LANGUAGES, {"language-0-name": ["a" * 41]}, "language-0-name"),
        (Question.LANGUAGES, {"language-0-name": ["a"], "language-0-level": ["x"]}, "language-0-level"),
        (Question.SAVINGS, {"savings": ["50"]}, "savings"),
        (Question.SAVINGS, {"savings": ["9" * 20]}, "savings"),
    ],
)
def test_an_error_of_a_row_names_its_field(
    question: Question, fields: dict[str, list[str]], field: str
) -> None:
    with pytest.raises(BadInputError) as error:
        parse_answer(fields, question)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("text", "years"),
    [
        *(("2 ans", 2), ("deux ans", 2), ("Deux", 2), ("un an et demi", 1), ("6 mois", 0), ("18 months", 1)),
        *(("vingt-cinq ans", 25), ("two years", 2), ("10 ans d’expérience", 10), ("plus de 3 ans", 3)),
    ],
)
def test_years_of_experience_are_read_in_words(text: str, years: int) -> None:
    assert parse_answer({"experience": [text]}, Question.EXPERIENCE)["experience_years"] == years


@pytest.mark.parametrize("text", ["beaucoup", "2-3", "an", "quatre-vingts ans", "-2", "9" * 99, "deux " * 99])
def test_what_says_no_number_of_years_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        parse_answer({"experience": [text]}, Question.EXPERIENCE)


@pytest.mark.parametrize(
    ("text", "francs"),
    [
        ("50 000 FCFA", 50_000),
        ("50.000", 50_000),
        ("cinquante mille", 50_000),
        ("1 million", 1_000_000),
        ("0", 0),
    ],
)
def test_money_is_read_in_words(text: str, francs: int) -> None:
    assert parse_answer({"savings": [text]}, Question.SAVINGS) == {"savings": francs}


def test_what_a_search_does_not_ask_for_is_not_parsed() -> None:
    stored = Record(jobs=(Job("", "Akwa", 2019, 2015),), diplomas=("",))
    said = {"experience": ["deux ans"], "education": ["2"]}
    record = apply_search(stored, said, (Question.EXPERIENCE, Question.EDUCATION))
    assert (record.experience_years, record.education, record.jobs) == (2, 2, stored.jobs)


@pytest.mark.parametrize(
    ("question", "fields", "field"),
    [
        (Question.EXPERIENCE, {"job-0-title": ["Soudeur\nBcc: x"]}, "job-0-title"),
        (Question.EXPERIENCE, {"job-0-title": ["Soudeur"], "job-0-employer": ["Ici\x1b"]}, "job-0-employer"),
        (Question.EDUCATION, {"diploma-0-name": ["CAP\r\nBEPC"]}, "diploma-0-name"),
        (Question.PLACE, {"town": ["Douala\nYaoundé"]}, "town"),
    ],
)
def test_a_field_of_one_line_refuses_line_breaks_and_control_characters(
    question: Question, fields: dict[str, list[str]], field: str
) -> None:
    with pytest.raises(BadInputError) as refused:
        parse_answer(fields, question)
    assert refused.value.field == field


def test_a_text_of_several_lines_keeps_them() -> None:
    assert parse_answer({"text": ["Je couds.\nJe cuisine."]}, Question.WISH) == {
        "wish": "Je couds.\nJe cuisine."
    }
