"""Answers told back in words, as short as they can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from oim.channels.web.me.answer_forms import format_job
from oim.channels.web.options import MEMBERSHIPS, PAPERS, SPOKEN_LANGUAGES, render_situations
from oim.channels.wording import EDUCATION, GENDERS, KINDS, LANGUAGE_LEVELS, MOBILITIES, place_name
from oim.features.profile import Question, Record, SpokenLanguage
from oim.kit.i18n import Translator, format_money, language_name, mark

AnswerFormatter = Callable[[Record, Translator], str]
NONE_STATED = mark("none")


def format_answer(record: Record, question: Question, t: Translator) -> str:
    """The answer to a question, empty where there is none."""
    return _FORMATTERS[question](record, t)


def _format_place(record: Record, t: Translator) -> str:
    codes = (record.commune, record.department, record.region)
    return ", ".join(dict.fromkeys(filter(None, (place_name(code, t) for code in codes))))


def _format_education(record: Record, t: Translator) -> str:
    level = [t(EDUCATION[record.education])] if record.education is not None else []
    return "; ".join([*level, *record.diplomas])


def _format_experience(record: Record, t: Translator) -> str:
    years = record.experience_years
    told = [] if years is None else [t.plural("%(count)s year", "%(count)s years", years)]
    return "; ".join([*told, *map(format_job, record.jobs)])


def _format_languages(record: Record, t: Translator) -> str:
    return ", ".join(format_spoken_language(one, t) for one in record.languages)


def format_spoken_language(spoken: SpokenLanguage, t: Translator) -> str:
    """A language and how well it is spoken."""
    name = (
        t(SPOKEN_LANGUAGES[spoken.language])
        if spoken.language in SPOKEN_LANGUAGES
        else language_name(spoken.language, t.language)
    )
    return f"{name} ({t(LANGUAGE_LEVELS[spoken.level])})" if spoken.level else name


def _format_names(codes: tuple[str, ...] | None, names: Mapping[str, str], t: Translator) -> str:
    if codes is None:
        return ""
    return ", ".join(t(names[one]) if one in names else one for one in codes) or t(NONE_STATED)


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
    Question.SITUATION: lambda record, t: ", ".join(
        render_situations(t)[status] for status in record.statuses
    ),
    Question.GENDER: lambda record, t: t(GENDERS[record.gender]) if record.gender else "",
    Question.MEMBERSHIP: lambda record, t: _format_names(record.memberships, MEMBERSHIPS, t),
    Question.SAVINGS: lambda record, t: (
        "" if record.savings is None else format_money(record.savings, t.language)
    ),
    Question.DOCUMENTS: lambda record, t: _format_names(record.documents, PAPERS, t),
}
