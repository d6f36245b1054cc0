"""The answers to a profile's questions as typed fields: filled in from a record, and parsed into its values.

One table has both for each question: what a channel shows for an answer, it can read back unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from oim.features import places
from oim.features.profile import fields as typed_fields
from oim.features.profile.choices import NONE_VALUE, PAPERS
from oim.features.profile.jobs import fill_education, fill_experience, parse_diplomas, parse_jobs, split_lines
from oim.features.profile.languages import fill_languages, parse_languages
from oim.features.profile.questions import Question, apply_answer
from oim.features.profile.types import Mobility, Record
from oim.features.profile.validation import MAX_WISH_LENGTH
from oim.kit.errors import BadInputError
from oim.kit.fields import FormFields, check_length, first_value
from oim.kit.i18n import mark

Values = dict[str, Any]
# A place is one answer in three fields: giving another region must not leave the old town beside it.
NO_PLACE: Values = {"region": None, "department": None, "commune": None, "town": ""}


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """How the fields of a question are filled in from a record, and how they are parsed."""

    fill: Callable[[Record], Mapping[str, object]]
    parse: Callable[[FormFields], Values]


def fill_answer(record: Record, question: Question) -> dict[str, list[str]]:
    """The fields of a question as a record answers it, by their names; what is not answered is empty."""
    fields = {}
    for name, answer in ANSWER_FORMS[question].fill(record).items():
        values = answer if isinstance(answer, list) else [answer]
        fields[name] = [str(value) for value in values if value is not None]
    return fields


def parse_answer(fields: FormFields, question: Question) -> Values:
    """The values of a record that the fields of a question state. Raises BadInputError naming the field."""
    return ANSWER_FORMS[question].parse(fields)


# The fields by which a search without an account answers questions, wholly or in part.
SEARCH_FIELDS: Mapping[Question, tuple[str, ...]] = {
    Question.WISH: ("text",),
    Question.PLACE: ("region", "town"),
    Question.AGE: ("birth_year",),
    Question.EDUCATION: ("education",),
    Question.EXPERIENCE: ("experience",),
    Question.KINDS: ("kind",),
    Question.SITUATION: ("status",),
    Question.GENDER: ("gender",),
    Question.MEMBERSHIP: ("membership",),
    Question.SAVINGS: ("savings",),
}

# Of the questions that a search answers in part: what it does not ask for is not parsed, and stays.
_SEARCH_PARSERS: Mapping[Question, Callable[[FormFields], Values]] = {
    Question.EDUCATION: typed_fields.parse_education,
    Question.EXPERIENCE: typed_fields.parse_experience,
}


def list_stated(fields: FormFields) -> list[Question]:
    """List the questions about which the fields of a search say something that a profile can hold."""
    known = _without_unknown_town(fields)
    return [
        question
        for question, names in SEARCH_FIELDS.items()
        if any(first_value(known, name) for name in names)
    ]


def apply_search(record: Record, fields: FormFields, questions: Collection[Question]) -> Record:
    """The record with what a search says about these questions. Raises BadInputError.

    What only the profile asks, such as the jobs beside the years of experience, stays as it was.
    """
    known = _without_unknown_town(fields)
    for question in questions:
        names = SEARCH_FIELDS.get(question, ())
        answer = fill_answer(record, question) | {name: list(known.get(name, ())) for name in names}
        parse = _SEARCH_PARSERS.get(question, ANSWER_FORMS[question].parse)
        record = apply_answer(record, question, parse({**known, **answer}))
    return record


def _without_unknown_town(fields: FormFields) -> FormFields:
    """The fields of a search, which may name a town that we do not know; a profile may not."""
    town = first_value(fields, "town")
    return fields if not town or places.resolve(None, town) else {**fields, "town": ()}


def _parse_wish(fields: FormFields) -> Values:
    wish = first_value(fields, "text")
    # Here too, as the field of the form has another name than the answer.
    check_length(wish, MAX_WISH_LENGTH, "text")
    return {"wish": wish}


def _parse_place(fields: FormFields) -> Values:
    place = typed_fields.parse_place(fields)
    town = first_value(fields, "town")
    if town and not place.get("department"):
        raise BadInputError(
            mark("We do not know this place. Give the nearest town, or only your region."), field="town"
        )
    answer = NO_PLACE | place
    # What is shown for these codes is no word of the person's.
    return answer if town == _name_town(answer) else answer | {"town": town}


def _parse_experience(fields: FormFields) -> Values:
    return {**typed_fields.parse_experience(fields), "jobs": parse_jobs(fields)}


def _parse_education(fields: FormFields) -> Values:
    return {**typed_fields.parse_education(fields), "diplomas": parse_diplomas(fields)}


def _parse_skills(fields: FormFields) -> Values:
    # Skills are asked for one a line; many people write them in one line with commas.
    lines = first_value(fields, "skills").replace(",", "\n").replace(";", "\n")
    return {"skills": tuple(dict.fromkeys(split_lines({"skills": [lines]}, "skills")))}


def _parse_mobility(fields: FormFields) -> Values:
    value = first_value(fields, "mobility")
    if value and value not in set(Mobility):
        raise BadInputError(mark("Choose from the list."), field="mobility")
    return {"mobility": Mobility(value) if value else None}


def _parse_documents(fields: FormFields) -> Values:
    values = [value for value in fields.get("documents", ()) if value]
    return {"documents": typed_fields.parse_ticks(values, PAPERS, "documents")}


def _fill_place(record: Record) -> Mapping[str, object]:
    codes = {"department": record.department, "commune": record.commune}
    return {"region": record.region, "town": find_typed_town(record) or _name_town(codes)}


def _name_town(codes: Values) -> str | None:
    """A name of the town of these codes, by which it is understood again. None where they have none."""
    place = places.get(codes.get("commune") or codes.get("department") or "")
    return (places.city_name(place.code) or place.name_fr) if place else None


def find_typed_town(record: Record) -> str:
    """The town of a record as the person wrote it; empty where they wrote none, or live elsewhere by now."""
    # Other answers may have moved the place since it was written, as by the API.
    place = places.resolve(record.region, record.town) if record.town else None
    return record.town if place and place.code == (record.commune or record.department) else ""


def _ticked_values(values: tuple[str, ...] | None) -> list[str]:
    """The boxes ticked for an answer: no box where there is no answer, `none` where the answer is none."""
    return [] if values is None else [*values] or [NONE_VALUE]


ANSWER_FORMS: Mapping[Question, AnswerForm] = {
    Question.WISH: AnswerForm(lambda record: {"text": record.wish}, _parse_wish),
    Question.PLACE: AnswerForm(_fill_place, _parse_place),
    Question.AGE: AnswerForm(lambda record: {"birth_year": record.birth_year}, typed_fields.parse_birth_year),
    Question.EDUCATION: AnswerForm(fill_education, _parse_education),
    Question.EXPERIENCE: AnswerForm(fill_experience, _parse_experience),
    Question.KINDS: AnswerForm(
        lambda record: {"kind": [kind.value for kind in record.kinds]}, typed_fields.parse_kinds
    ),
    Question.SKILLS: AnswerForm(lambda record: {"skills": "\n".join(record.skills)}, _parse_skills),
    Question.LANGUAGES: AnswerForm(fill_languages, parse_languages),
    Question.MOBILITY: AnswerForm(
        lambda record: {"mobility": record.mobility.value if record.mobility else None}, _parse_mobility
    ),
    Question.SITUATION: AnswerForm(
        lambda record: {"status": [status.value for status in record.statuses]}, typed_fields.parse_statuses
    ),
    Question.GENDER: AnswerForm(
        lambda record: {"gender": record.gender.value if record.gender else None}, typed_fields.parse_gender
    ),
    Question.MEMBERSHIP: AnswerForm(
        lambda record: {"membership": _ticked_values(record.memberships)}, typed_fields.parse_memberships
    ),
    Question.SAVINGS: AnswerForm(lambda record: {"savings": record.savings}, typed_fields.parse_savings),
    Question.DOCUMENTS: AnswerForm(
        lambda record: {"documents": _ticked_values(record.documents)}, _parse_documents
    ),
}
