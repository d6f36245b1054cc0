"""The stages of an application, what comes next and its outcome, in words one would use to a neighbour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from oim.features.applications import (
    Application,
    Destination,
    DueQuestion,
    HiddenReason,
    Next,
    NextStep,
    OutcomeAnswer,
    ReceivedApplication,
    Route,
    Stage,
)
from oim.features.opportunities import Kind, Trust
from oim.kit.clock import CAMEROON
from oim.kit.i18n import Translator, format_date, format_hour, format_month, mark

# Of each stage, for the person: its name, then what it means and what happens now.
PERSON_STAGES: dict[Stage, tuple[str, str]] = {
    Stage.SENT: (
        mark("Sent to the partner"),
        mark("The partner has what you sent. When they read it, you see it here."),
    ),
    Stage.SEEN: (
        mark("Read by the partner"),
        mark("The partner has read what you sent, and now chooses whom to go on with."),
    ),
    Stage.SHORTLISTED: (
        mark("Chosen to go on"),
        mark("You are among those the partner goes on with. Keep your telephone on: they may call you."),
    ),
    Stage.INTERVIEW: (
        mark("Meeting"),
        mark("The partner wants to meet you. Come on time, with your papers."),
    ),
    Stage.OFFERED: (
        mark("They say yes"),
        mark("The partner has a place for you. Answer them soon: it is yours once you have said yes."),
    ),
    Stage.STARTED: (
        mark("Started"),
        mark("You have started. OIM will ask you later how it goes."),
    ),
    Stage.NOT_RETAINED: (
        mark("Not chosen this time"),
        mark("The partner has chosen others this time. Here is what you can do now."),
    ),
    Stage.WITHDRAWN: (
        mark("Taken back"),
        mark(
            "You took your application back: the partner no longer sees it. While the offer is open, you "
            "can send it again."
        ),
    ),
}

# These replace `PERSON_STAGES[Stage.STARTED]`: a job, a course and a grant start in different words.
_STARTED_STAGES: dict[Kind, tuple[str, str]] = {
    Kind.EMPLOYMENT: (mark("Hired"), mark("You have the job. OIM will ask you later how it goes.")),
    Kind.TRAINING: (
        mark("Enrolled"),
        mark("You have a seat in the course. OIM will ask you later how it goes."),
    ),
    Kind.AGR: (mark("Funded"), mark("Your business has its support. OIM will ask you later how it goes.")),
}

# For an application made on the publisher's own site: we know of the visit only, not of an application.
_REDIRECTED_STAGE = (
    mark("You went to the partner’s site"),
    mark("OIM does not know what you did there. If you applied there, they will answer you themselves."),
)

# Instead of the meaning of `Stage.INTERVIEW`: nobody can come on time who was told no hour.
_MEETING_WITHOUT_HOUR = mark(
    "The partner wants to meet you. They have not said yet at what hour: keep your telephone on, and ask "
    "them before you go. Have your papers ready."
)

NEXT_STEPS: dict[NextStep, str] = {
    NextStep.OTHER_OFFERS: mark("Look at other offers like this one."),
    NextStep.COURSE: mark("Follow a course that gives you what was missing."),
    NextStep.NEXT_CALL: mark("Apply again at the next call."),
    NextStep.IMPROVE_CV: mark("Complete your CV: your trades, your years of work, your diplomas."),
    NextStep.OTHER: mark("Do what the partner writes to you."),
}

# The same steps as the partner chooses among them.
PARTNER_STEPS: dict[NextStep, str] = {
    NextStep.OTHER_OFFERS: mark("Other offers like this one"),
    NextStep.COURSE: mark("A course that gives what was missing"),
    NextStep.NEXT_CALL: mark("The next call"),
    NextStep.IMPROVE_CV: mark("A more complete CV: trades, years of work, diplomas"),
    NextStep.OTHER: mark("What you write to this person"),
}


@dataclass(frozen=True, slots=True)
class _NextTexts:
    """The sentences about what comes next, as they are said to one of its two readers.

    `step_end` closes the name of a step, where that is a sentence only together with it.
    """

    steps: Mapping[NextStep, str]
    step_end: str
    next_call: str
    day: str
    day_and_hour: str
    words: str


_PERSON_NEXT = _NextTexts(
    steps=NEXT_STEPS,
    step_end="",
    next_call=mark("Apply again at the next call, from %(day)s."),
    day=mark("The day: %(day)s."),
    day_and_hour=mark("The day: %(day)s at %(hour)s."),
    words=mark("The partner writes: “%(words)s”"),
)
_PARTNER_NEXT = _NextTexts(
    steps=PARTNER_STEPS,
    step_end=".",
    next_call=mark("The next call, from %(day)s."),
    day=mark("Meeting on %(day)s."),
    day_and_hour=mark("Meeting on %(day)s at %(hour)s."),
    words=mark("Your words: “%(words)s”"),
)

# The answers to an outcome question: the two that depend on the kind of offer, then those of all kinds.
_SUCCESS_ANSWERS: dict[Kind, dict[OutcomeAnswer, str]] = {
    Kind.EMPLOYMENT: {
        OutcomeAnswer.GOT_IT: mark("Yes, and I still have it"),
        OutcomeAnswer.GOT_IT_LEFT: mark("Yes, but I no longer have it"),
    },
    Kind.TRAINING: {
        OutcomeAnswer.GOT_IT: mark("Yes, I follow it or have finished it"),
        OutcomeAnswer.GOT_IT_LEFT: mark("Yes, but I left before the end"),
    },
    Kind.AGR: {
        OutcomeAnswer.GOT_IT: mark("Yes, and my business is going on"),
        OutcomeAnswer.GOT_IT_LEFT: mark("Yes, but my business has stopped"),
    },
}
_OTHER_ANSWERS: dict[OutcomeAnswer, str] = {
    OutcomeAnswer.WAITING: mark("I am still waiting for an answer"),
    OutcomeAnswer.NO: mark("No"),
    OutcomeAnswer.OTHER_LIVELIHOOD: mark("No, but I found another way to earn a living"),
}

# Asked until the person answers that they got it; from then on the follow-up below.
_OUTCOME_QUESTIONS: dict[Kind, str] = {
    Kind.EMPLOYMENT: mark("“%(title)s”, %(days)s days ago: did you get the job?"),
    Kind.TRAINING: mark("“%(title)s”, %(days)s days ago: did you get a seat in the course?"),
    Kind.AGR: mark("“%(title)s”, %(days)s days ago: did you get the support?"),
}
_FOLLOW_UP_QUESTIONS: dict[Kind, str] = {
    Kind.EMPLOYMENT: mark("You told us that you got the job “%(title)s”. Do you still have it?"),
    Kind.TRAINING: mark("You told us that you got into the course “%(title)s”. Did you stay in it?"),
    Kind.AGR: mark("You told us that you got the support “%(title)s”. Is your business still going on?"),
}

HIDDEN_REASONS: dict[HiddenReason, str] = {
    HiddenReason.CONSENT: mark("This person no longer agrees to share what they sent."),
    HiddenReason.WITHDRAWN: mark("This person has taken back their application."),
    HiddenReason.ERASED: mark("This person has left OIM: what they sent was erased."),
}

# The same stages in the words of partners' agents.
PARTNER_STAGES: dict[Stage, str] = {
    Stage.SENT: mark("Received"),
    Stage.SEEN: mark("Has been read"),
    Stage.SHORTLISTED: mark("Chosen for what comes next"),
    Stage.INTERVIEW: mark("Meeting"),
    Stage.OFFERED: mark("Place offered"),
    Stage.STARTED: mark("Started"),
    Stage.NOT_RETAINED: mark("Not chosen"),
    Stage.WITHDRAWN: mark("Taken back"),
}

# No level of trust says that a site is safe: see `wording.trust`.
_REDIRECT_ADVICE: dict[Trust, str] = {
    Trust.VERIFIED: mark(
        "We have checked who publishes this offer. On their site, look around all the same."
    ),
    Trust.KNOWN: mark("We know where this offer comes from, but have not checked who publishes it."),
    Trust.UNKNOWN: mark(
        "We do not know who is behind this offer. Be careful: give no papers and no photo of them."
    ),
}


_WAY_ADVICE: dict[Trust, str] = _REDIRECT_ADVICE | {
    Trust.VERIFIED: mark("We have checked who publishes this offer. Stay careful all the same."),
}


def render_redirect_notice(destination: Destination, t: Translator) -> list[str]:
    """Render the notice before a redirect to a publisher's site: the host, how far we trust it, a warning."""
    return [
        t("You are leaving OIM for this site: %(host)s", host=destination.host),
        t(_REDIRECT_ADVICE[destination.trust]),
        t("Never pay anybody to get a job or a grant."),
    ]


def render_way_advice(trust: Trust, t: Translator) -> list[str]:
    """Render what to beware of before answering an offer by telephone, in writing or in person."""
    return [t(_WAY_ADVICE[trust]), t("Never pay anybody to get a job or a grant.")]


def render_stage(application: Application, t: Translator) -> tuple[str, str]:
    """Render the stage of an application for its person: the name, and what it means."""
    name, meaning = _find_stage_texts(application, application.stage)
    if application.stage is Stage.INTERVIEW and application.next.hour is None:
        meaning = _MEETING_WITHOUT_HOUR
    return t(name), t(meaning)


def render_stage_name(application: Application, stage: Stage, t: Translator) -> str:
    """Render the name of one of the stages that an application went through."""
    return t(_find_stage_texts(application, stage)[0])


def _find_stage_texts(application: Application, stage: Stage) -> tuple[str, str]:
    """Find the name and the meaning of a stage, to be translated."""
    if application.route is Route.REDIRECTED and stage is not Stage.WITHDRAWN:
        return _REDIRECTED_STAGE
    return _STARTED_STAGES[application.kind] if stage is Stage.STARTED else PERSON_STAGES[stage]


def render_next_step(next_step: Next, t: Translator) -> list[str]:
    """Render what comes next, a line each: what to do, on which day, what the partner writes."""
    return _render_next(next_step, _PERSON_NEXT, t)


def render_partner_next(next_step: Next, t: Translator) -> list[str]:
    """Render what comes next for a person, for the partner who wrote it to them, a line each."""
    return _render_next(next_step, _PARTNER_NEXT, t)


def _render_next(next_step: Next, texts: _NextTexts, t: Translator) -> list[str]:
    day = format_date(next_step.on, t.language) if next_step.on else None
    lines = []
    # For the next call the day is part of the sentence; for anything else it has a line of its own.
    if next_step.step is NextStep.NEXT_CALL and day:
        lines.append(t(texts.next_call, day=day))
    elif next_step.step:
        lines.append(t(texts.steps[next_step.step]) + texts.step_end)
    if day and next_step.step is not NextStep.NEXT_CALL:
        hour = format_hour(next_step.hour, t.language) if next_step.hour is not None else None
        lines.append(t(texts.day_and_hour, day=day, hour=hour) if hour else t(texts.day, day=day))
    if next_step.place:
        lines.append(t("The place: %(place)s.", place=next_step.place.rstrip(".")))
    if next_step.words:
        lines.append(t(texts.words, words=next_step.words))
    return lines


def render_outcome_question(question: DueQuestion, t: Translator) -> str:
    """Render the question about the outcome of an application, or whether a success lasted."""
    message = (_FOLLOW_UP_QUESTIONS if question.is_follow_up else _OUTCOME_QUESTIONS)[question.kind]
    return t(message, title=question.title, days=question.day)


def render_outcome_answers(kind: Kind, t: Translator) -> list[tuple[OutcomeAnswer, str]]:
    """Render the answers to an outcome question, in the order shown: that of `OutcomeAnswer`."""
    words = _SUCCESS_ANSWERS[kind] | _OTHER_ANSWERS
    return [(answer, t(words[answer])) for answer in OutcomeAnswer]


def render_day_for_partner(application: ReceivedApplication, at: datetime, t: Translator) -> str:
    """Render when something happened to an application: the month alone, once its person is erased.

    Erasing cuts every day to the first of its month, which would read as that day.
    """
    is_cut = application.hidden is HiddenReason.ERASED
    return format_month(at.astimezone(CAMEROON), t.language) if is_cut else format_date(at, t.language)
