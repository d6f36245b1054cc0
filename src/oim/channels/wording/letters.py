"""The first draft of an application letter: short, polite, with nothing that the person did not state."""

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
    """Render the letter in the language of `t`, its paragraphs separated by empty lines."""
    qualifications = " ".join(_render_qualifications(values, t))
    parts = [
        t("To: %(organisation)s", organisation=values.organisation) if values.organisation else "",
        t("Dear Sir or Madam,"),
        t(_OPENINGS[values.kind], title=values.title),
        qualifications,
        t(_CLOSINGS[values.kind]),
        t("Thank you for reading this."),
        values.name,
    ]
    # Where nothing is known of the person or the organisation, the paragraph is left out.
    return "\n\n".join(part for part in parts if part)


def _render_qualifications(values: LetterValues, t: Translator) -> list[str]:
    """List a sentence for each thing that the profile states: skills, jobs, years of work, education."""
    sentences = []
    if values.skills:
        sentences.append(t("What I can do: %(names)s.", names=", ".join(values.skills)))
    if values.jobs:
        sentences.append(t("What I have worked as: %(names)s.", names=", ".join(values.jobs)))
    if values.experience_years:
        sentences.append(
            t.plural(
                "I have %(count)s year of experience.",
                "I have %(count)s years of experience.",
                values.experience_years,
            )
        )
    # Level 0 means no certificate: nothing to put forward.
    if values.education:
        sentences.append(t("My level of education: %(level)s.", level=t(EDUCATION[values.education])))
    return sentences
