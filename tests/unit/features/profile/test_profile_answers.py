"""Answers as typed fields: what is shown is parsed back unchanged, and a bad field is refused by its name."""

import pytest

from oim.features.profile import (
    NONE_VALUE,
    Job,
    Level,
    Question,
    Record,
    SpokenLanguage,
    fill_answer,
    list_other_languages,
    parse_answer,
)
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
        (Question.LANGUAGES, {"lang-fr": ["perfect"]}, "languages"),
        (Question.LANGUAGES, {"others": ["french:good"]}, "others"),
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
