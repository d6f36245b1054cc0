"""The answers of a profile in words: the choices a question offers, and a stored answer on one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from oim.channels.wording.labels import EDUCATION, GENDERS, KINDS
from oim.channels.wording.offers import place_name
from oim.features.opportunities import Kind, Status
from oim.features.profile import (
    NONE_VALUE,
    Level,
    Mobility,
    Question,
    Record,
    SpokenLanguage,
    find_typed_town,
    format_job,
)
from oim.kit.i18n import Translator, format_money, mark
from oim.kit.i18n.language_names import language_name

KIND_EXAMPLES: dict[Kind, str] = {
    Kind.EMPLOYMENT: mark("paid work, an internship"),
    Kind.TRAINING: mark("learn a trade"),
    Kind.AGR: mark("a grant, a loan or equipment to start (AGR)"),
}
# A situation as people state it about themselves; `labels.STATUSES` names the same groups as offers do.
SITUATIONS: dict[Status, str] = {
    Status.RETURNEE: mark("I have come back from abroad"),
    Status.DISPLACED: mark("I had to leave my home region"),
    Status.REFUGEE: mark("I am a refugee"),
    Status.YOUTH: mark("I am under 35"),
    Status.HOST_COMMUNITY: mark("I host displaced people or refugees"),
}
# The choices of the next three tables are those of `oim.features.profile`, in the same order; a test compares
# them. Names of networks (MC2, MUFFA, CAMCCUL) are proper names, the same in both languages.
NETWORKS: dict[str, str] = {
    "MC2": mark("MC2"),
    "MUFFA": mark("MUFFA"),
    "CAMCCUL": mark("A credit union (CAMCCUL)"),
    NONE_VALUE: mark("None of them"),
}
SPOKEN_LANGUAGES: dict[str, str] = {
    "fr": mark("French"),
    "en": mark("English"),
    "pcm": mark("Pidgin"),
    "ful": mark("Fulfulde"),
    "ewo": mark("Ewondo"),
    "ar": mark("Arabic"),
}
# The keys are what is stored: the French names that offers use for these papers.
PAPERS: dict[str, str] = {
    "CNI": mark("Identity card or passport"),
    "Acte de naissance": mark("Birth certificate"),
    "Casier judiciaire": mark("Criminal record extract"),
    "Diplôme": mark("Copy of a diploma"),
    "Attestation de formation": mark("Certificate of a training"),
    "Plan d'affaires": mark("Business plan"),
    "Permis A": mark("Driving licence A (motorcycle)"),
    "Permis B": mark("Driving licence B (car)"),
    "Permis C": mark("Driving licence C (lorry)"),
    "Preuve de retour": mark("Proof of return from abroad"),
    "Carnet de membre": mark("Passbook of a savings group"),
}
MOBILITIES: dict[Mobility, str] = {
    Mobility.NEAR: mark("Only near my home"),
    Mobility.REGION: mark("Anywhere in my region"),
    Mobility.COUNTRY: mark("Anywhere in Cameroon"),
}
LANGUAGE_LEVELS: dict[Level, str] = {
    Level.NATIVE: mark("since childhood"),
    Level.GOOD: mark("well"),
    Level.SOME: mark("a little"),
}

# Of the questions that a CV answers, in its order; skills are shown apart.
_CV_LABELS: Mapping[Question, str] = {
    Question.EXPERIENCE: mark("Work done"),
    Question.EDUCATION: mark("Schooling"),
    Question.LANGUAGES: mark("Languages"),
}
AnswerFormatter = Callable[[Record, Translator], str]
NONE_STATED = mark("none")  # the person answered that they have none of the choices


def format_answer(record: Record, question: Question, t: Translator) -> str:
    """Format the stored answer to a question on one line; empty where there is none."""
    return _FORMATTERS[question](record, t)


def render_cv_summary(record: Record, t: Translator) -> list[tuple[str, str]]:
    """Render what a CV says for the partner who received it: a label and an answer each, of those given."""
    answers = [(t(label), format_answer(record, question, t)) for question, label in _CV_LABELS.items()]
    return [(label, answer) for label, answer in answers if answer]


def _format_place(record: Record, t: Translator) -> str:
    town = find_typed_town(record) or place_name(record.commune or record.department, t)
    names = (town, place_name(record.region, t))
    return ", ".join(dict.fromkeys(filter(None, names)))


def _format_education(record: Record, t: Translator) -> str:
    # 0 is a level ("No school certificate"), so the test is for None.
    level = [t(EDUCATION[record.education])] if record.education is not None else []
    return "; ".join([*level, *record.diplomas])


def _format_experience(record: Record, t: Translator) -> str:
    years = record.experience_years
    duration = [] if years is None else [t.plural("%(count)s year", "%(count)s years", years)]
    return "; ".join([*duration, *map(format_job, record.jobs)])


def _format_languages(record: Record, t: Translator) -> str:
    return ", ".join(format_spoken_language(spoken, t) for spoken in record.languages)


def format_spoken_language(spoken: SpokenLanguage, t: Translator) -> str:
    """Format a language and how well it is spoken: `Fulfulde (well)`."""
    # Languages that are not asked for one by one get their name from the locale data of CLDR.
    name = (
        t(SPOKEN_LANGUAGES[spoken.language])
        if spoken.language in SPOKEN_LANGUAGES
        else language_name(spoken.language, t.language)
    )
    return f"{name} ({t(LANGUAGE_LEVELS[spoken.level])})" if spoken.level else name


def _format_names(codes: tuple[str, ...] | None, names: Mapping[str, str], t: Translator) -> str:
    """Format a list of codes by their labels. None: not answered; empty: they have none."""
    if codes is None:
        return ""
    # The API accepts codes that no table here has: they are shown as they were sent.
    return ", ".join(t(names[code]) if code in names else code for code in codes) or t(NONE_STATED)


# Every question has an entry: `format_answer` looks them up without a default.
_FORMATTERS: Mapping[Question, AnswerFormatter] = {
    Question.WISH: lambda record, _: record.wish,
    Question.PLACE: _format_place,
    Question.AGE: lambda record, _: str(record.birth_year or ""),
    Question.EDUCATION: _format_education,
    Question.EXPERIENCE: _format_experience,
    Question.KINDS: lambda record, t: ", ".join(t(KINDS[kind]) for kind in record.kinds),
    Question.SKILLS: lambda record, _: ", ".join(record.skills),
    Question.LANGUAGES: _format_languages,
    Question.MOBILITY: lambda record, t: t(MOBILITIES[record.mobility]) if record.mobility else "",
    Question.SITUATION: lambda record, t: ", ".join(t(SITUATIONS[status]) for status in record.statuses),
    Question.GENDER: lambda record, t: t(GENDERS[record.gender]) if record.gender else "",
    Question.MEMBERSHIP: lambda record, t: _format_names(record.memberships, NETWORKS, t),
    Question.SAVINGS: lambda record, t: (
        "" if record.savings is None else format_money(record.savings, t.language)
    ),
    Question.DOCUMENTS: lambda record, t: _format_names(record.documents, PAPERS, t),
}
