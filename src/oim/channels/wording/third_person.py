"""A person in the words of staff, who read about them: "where they live", never "where I live"."""

from __future__ import annotations

from oim.channels.wording.answers import format_answer
from oim.channels.wording.applications import render_stage
from oim.channels.wording.profile import render_answered
from oim.features.applications import Application, Route, Stage
from oim.features.opportunities import Status
from oim.features.profile import Mobility, Question, Record, Strength
from oim.kit.i18n import Translator, mark

_LABELS: dict[Question, str] = {
    Question.WISH: mark("What this person looks for"),
    Question.PLACE: mark("Where they live"),
    Question.AGE: mark("Year of birth"),
    Question.EDUCATION: mark("Schooling"),
    Question.EXPERIENCE: mark("Work done"),
    Question.KINDS: mark("Kinds of offers"),
    Question.SKILLS: mark("Skills"),
    Question.LANGUAGES: mark("Languages"),
    Question.MOBILITY: mark("How far they would go"),
    Question.SITUATION: mark("Situation"),
    Question.GENDER: mark("Woman or man"),
    Question.MEMBERSHIP: mark("Savings groups"),
    Question.SAVINGS: mark("Money they can put in"),
    Question.DOCUMENTS: mark("Papers"),
}
_SITUATIONS: dict[Status, str] = {
    Status.RETURNEE: mark("has come back from abroad"),
    Status.DISPLACED: mark("had to leave the home region"),
    Status.REFUGEE: mark("is a refugee"),
    Status.YOUTH: mark("is under 35"),
    Status.HOST_COMMUNITY: mark("hosts displaced people or refugees"),
}
_MOBILITIES: dict[Mobility, str] = {
    Mobility.NEAR: mark("Only near their home"),
    Mobility.REGION: mark("Anywhere in their region"),
    Mobility.COUNTRY: mark("Anywhere in Cameroon"),
}


def render_profile_about(record: Record, t: Translator) -> list[tuple[str, str]]:
    """Render each question of a profile about somebody: its label and the answer, empty if there is none."""
    return [(t(_LABELS[question]), format_answer_about(record, question, t)) for question in Question]


def format_answer_about(record: Record, question: Question, t: Translator) -> str:
    """Format the answer to a question about somebody on one line; empty where there is none."""
    if question is Question.SITUATION:
        return ", ".join(t(_SITUATIONS[status]) for status in record.statuses)
    if question is Question.MOBILITY:
        return t(_MOBILITIES[record.mobility]) if record.mobility else ""
    return format_answer(record, question, t)


def label_about(question: Question, t: Translator) -> str:
    """The label of a question about somebody."""
    return t(_LABELS[question])


def render_strength_about(strength: Strength, t: Translator) -> str:
    """Render how many questions somebody has answered, and which one would help them most."""
    progress = render_answered(strength, t)
    if strength.next is None:
        return progress
    next_ = t("Ask about this next: %(question)s.", question=label_about(strength.next, t))
    return f"{progress} {next_}"


def render_stage_about(application: Application, t: Translator) -> str:
    """Render the stage of somebody's application."""
    if application.route is Route.REDIRECTED and application.stage is not Stage.WITHDRAWN:
        return t("Went to the partner’s site")
    return render_stage(application, t)[0]
