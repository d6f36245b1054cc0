"""A first draft of a letter: short, polite, and nothing in it that its writer did not tell."""

from __future__ import annotations

from oim.channels.wording.labels import EDUCATION
from oim.features.applications import LetterValues
from oim.features.opportunities import Kind
from oim.kit.i18n import Translator, mark

_OPENINGS: dict[Kind, str] = {
    Kind.EMPLOYMENT: mark("I am writing to you for the job “%(title)s”, which I found on OIM."),
    Kind.TRAINING: mark("I would like to follow the course “%(title)s”, which I found on OIM."),
    Kind.AGR: mark("I am asking for the support “%(title)s” for a small business, which I found on OIM."),
}
_CLOSINGS: dict[Kind, str] = {
    Kind.EMPLOYMENT: mark("I would gladly meet you, or answer your questions by telephone."),
    Kind.TRAINING: mark("Please tell me how to enrol, and what I should bring."),
    Kind.AGR: mark("I would gladly explain to you what I want to do and what I need for it."),
}


def render_letter(values: LetterValues, t: Translator) -> str:
    """The letter, paragraphs apart by an empty line, in the language of `t`."""
    about = " ".join(_qualifications(values, t))
    parts = [
        t("To: %(organisation)s", organisation=values.organisation) if values.organisation else "",
        t("Dear Sir or Madam,"),
        t(_OPENINGS[values.kind], title=values.title),
        about,
        t(_CLOSINGS[values.kind]),
        t("Thank you for reading this."),
        values.name,
    ]
    return "\n\n".join(part for part in parts if part)


def _qualifications(values: LetterValues, t: Translator) -> list[str]:
    told = []
    if values.trades:
        told.append(t("What I can do: %(names)s.", names=", ".join(values.trades)))
    if values.experience_years:
        told.append(
            t.plural(
                "I have %(count)s year of experience.",
                "I have %(count)s years of experience.",
                values.experience_years,
            )
        )
    if values.education:
        told.append(t("My level of education: %(level)s.", level=t(EDUCATION[values.education])))
    return told
