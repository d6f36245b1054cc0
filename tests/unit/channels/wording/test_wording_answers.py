"""The choices of a profile's questions have labels, and a stored answer fills the form it came from."""

import pytest

from oim.channels.wording import NETWORKS, PAPERS, SPOKEN_LANGUAGES, format_answer
from oim.features import profile
from oim.features.profile import NONE_VALUE, Job, Question, Record
from oim.kit.i18n import translator


def test_the_labels_are_exactly_those_of_the_choices() -> None:
    assert tuple(NETWORKS) == (*profile.NETWORKS, NONE_VALUE)
    assert tuple(PAPERS) == profile.PAPERS
    assert tuple(SPOKEN_LANGUAGES) == profile.SPOKEN_LANGUAGES


@pytest.mark.parametrize("question", Question)
def test_a_question_without_an_answer_is_formatted_as_an_empty_text(question: Question) -> None:
    assert format_answer(Record(), question, translator("fr")) == ""


@pytest.mark.parametrize("question", Question)
def test_an_answer_shown_in_fields_is_parsed_back_unchanged(question: Question) -> None:
    record = Record(
        wish="Couturière", region="CM-LT", department="CM-LT-01", birth_year=1998, education=2,
        diplomas=("CAP",), experience_years=4, jobs=(Job("Couturière", "Atelier Akwa", 2015, None),),
        skills=("coudre", "vendre"), memberships=(), documents=("CNI",), savings=50_000,
    )  # fmt: skip
    fields = profile.fill_answer(record, question)
    values = profile.parse_answer(fields, question)
    assert {name: getattr(record, name) for name in values} == values


def test_having_no_papers_is_an_answer() -> None:
    answers = profile.parse_answer({"documents": [NONE_VALUE]}, Question.DOCUMENTS)
    assert answers == {"documents": ()}
    assert format_answer(Record(documents=()), Question.DOCUMENTS, translator("en")) == "none"
    assert profile.parse_answer({}, Question.DOCUMENTS) == {"documents": None}
