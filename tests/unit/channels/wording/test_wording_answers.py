"""The choices of a profile's questions have words, and an answer is read back in words."""

import pytest

from oim.channels.wording import NETWORKS, PAPERS, SPOKEN_LANGUAGES, format_answer, render_profile_parts
from oim.features import profile
from oim.features.profile import NONE_VALUE, Job, Question, Record
from oim.kit.i18n import translator


def test_every_choice_has_words_and_every_word_a_choice() -> None:
    assert tuple(NETWORKS) == (*profile.NETWORKS, NONE_VALUE)
    assert tuple(PAPERS) == profile.PAPERS
    assert tuple(SPOKEN_LANGUAGES) == profile.SPOKEN_LANGUAGES


@pytest.mark.parametrize("question", Question)
def test_a_question_without_an_answer_reads_as_nothing(question: Question) -> None:
    assert format_answer(Record(), question, translator("fr")) == ""


def test_having_none_reads_as_none() -> None:
    assert format_answer(Record(documents=()), Question.DOCUMENTS, translator("en")) == "none"


def test_a_job_reads_on_one_line_with_its_years() -> None:
    record = Record(experience_years=4, jobs=(Job("Couturière", "Atelier Akwa", 2015, None),))
    read_back = format_answer(record, Question.EXPERIENCE, translator("en"))
    assert read_back == "4 years; Couturière · Atelier Akwa · 2015-"


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (Record(region="CM-LT", department="CM-LT-01", commune="CM-LT-0101", town="Akwa"), "Akwa, Littoral"),
        (Record(region="CM-LT", department="CM-LT-01", commune="CM-LT-0101"), "Douala, Littoral"),
        (Record(region="CM-LT", department="CM-LT-01"), "Douala, Littoral"),
    ],
)
def test_a_home_reads_as_typed_else_as_people_call_it(record: Record, words: str) -> None:
    assert format_answer(record, Question.PLACE, translator("fr")) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [("couturière à Akwa", "Akwa, Littoral"), ("gardien, Bastos", "Bastos, Centre"), ("soudeur", None)],
)
def test_a_home_that_a_text_names_reads_as_written(text: str, words: str | None) -> None:
    assert render_profile_parts(Record(text=text), "", translator("fr")).get("town") == words
