"""Answers told back in words, as short as they can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from oim.channels.web.me.answer_forms import job_line
from oim.channels.web.options import BODIES, PAPERS, SPOKEN, situations
from oim.channels.wording import EDUCATION, GENDERS, KINDS, LANGUAGE_LEVELS, MOBILITIES, place_name
from oim.features.profile import Question, Record, SpokenLanguage
from oim.kit.i18n import Translator, format_money, language_name, mark

Words = Callable[[Record, Translator], str]
NOTHING = mark("none")


def told_back(record: Record, question: Question, t: Translator) -> str:
    """The answer to a question, empty where there is none."""
    return _WORDS[question](record, t)


def _place(record: Record, t: Translator) -> str:
    codes = (record.commune, record.department, record.region)
    return ", ".join(dict.fromkeys(filter(None, (place_name(code, t) for code in codes))))


def _education(record: Record, t: Translator) -> str:
    level = [t(EDUCATION[record.education])] if record.education is not None else []
    return "; ".join([*level, *record.diplomas])


def _experience(record: Record, t: Translator) -> str:
    years = record.experience_years
    told = [] if years is None else [t.plural("%(count)s year", "%(count)s years", years)]
    return "; ".join([*told, *map(job_line, record.jobs)])


def _languages(record: Record, t: Translator) -> str:
    return ", ".join(spoken_line(one, t) for one in record.languages)


def spoken_line(one: SpokenLanguage, t: Translator) -> str:
    """A language and how well it is spoken."""
    name = t(SPOKEN[one.language]) if one.language in SPOKEN else language_name(one.language, t.language)
    return f"{name} ({t(LANGUAGE_LEVELS[one.level])})" if one.level else name


def _named(given: tuple[str, ...] | None, names: Mapping[str, str], t: Translator) -> str:
    if given is None:
        return ""
    return ", ".join(t(names[one]) if one in names else one for one in given) or t(NOTHING)


_WORDS: Mapping[Question, Words] = {
    Question.WISH: lambda record, _: record.wish,
    Question.PLACE: _place,
    Question.AGE: lambda record, _: str(record.birth_year or ""),
    Question.EDUCATION: _education,
    Question.EXPERIENCE: _experience,
    Question.KINDS: lambda record, t: ", ".join(t(KINDS[kind]) for kind in record.kinds),
    Question.SKILLS: lambda record, _: ", ".join(record.skills),
    Question.LANGUAGES: _languages,
    Question.MOBILITY: lambda record, t: t(MOBILITIES[record.mobility]) if record.mobility else "",
    Question.SITUATION: lambda record, t: ", ".join(situations(t)[status] for status in record.statuses),
    Question.GENDER: lambda record, t: t(GENDERS[record.gender]) if record.gender else "",
    Question.MEMBERSHIP: lambda record, t: _named(record.memberships, BODIES, t),
    Question.SAVINGS: lambda record, t: (
        "" if record.savings is None else format_money(record.savings, t.language)
    ),
    Question.DOCUMENTS: lambda record, t: _named(record.documents, PAPERS, t),
}
