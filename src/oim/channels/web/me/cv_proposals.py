"""Lines to tick, from the proposal that was extracted from a CV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from oim.channels.wording import EDUCATION, format_spoken_language
from oim.features import cv
from oim.features.cv import Doubt, Proposal
from oim.features.profile import format_job
from oim.kit.i18n import Translator, mark

# The value that the form sends, the line as shown, and for a line read unsurely why.
Choices = list[tuple[str, ...]]
_DOUBTS: Mapping[Doubt, str] = {
    Doubt.PICTURE: mark("to check: read from a picture"),
    Doubt.COLUMNS: mark("to check: read between two columns"),
    Doubt.UNKNOWN: mark("to check: this work is not one that OIM knows"),
    Doubt.YEAR: mark("to check: the year stood in another line"),
    Doubt.SUM: mark("to check: worked out from lines to check"),
}


@dataclass(frozen=True, slots=True)
class ProposalLines:
    """The lines of each part of a CV. The value of a line is its index in that part of the proposal."""

    jobs: Choices
    education: Choices
    diplomas: Choices
    skills: Choices
    languages: Choices
    years: Choices

    def sure_ticked(self) -> dict[str, list[str]]:
        """Return the form's fields with every sure line ticked: the person unticks what is wrong."""
        return {
            name: [value for value, _, *why in choices if not why] for name, choices in self._parts().items()
        }

    def has_unsure(self) -> bool:
        """Whether some line was read unsurely."""
        return any(why for choices in self._parts().values() for _, _, *why in choices)

    def _parts(self) -> dict[str, Choices]:
        # The names of the slots are those of the form's fields, and the ones `cv.accept_proposal` reads.
        return {name: getattr(self, name) for name in self.__slots__}


def build_proposal_lines(proposal: Proposal, t: Translator) -> ProposalLines:
    """Convert a proposal to lines, written as the profile will show them."""
    level, years = proposal.education, proposal.experience_years
    parts = {
        "jobs": [format_job(cv.to_profile_job(job)) for job in proposal.jobs],
        # Level 0 is a level ("no certificate"), so only None stands for nothing found.
        "education": [t(EDUCATION[level])] if level is not None else [],
        "diplomas": [cv.to_profile_diploma(diploma) for diploma in proposal.diplomas],
        "skills": proposal.skills,
        "languages": [
            format_spoken_language(cv.to_profile_language(language), t) for language in proposal.languages
        ],
        "years": [t.plural("%(count)s year", "%(count)s years", years)] if years else [],
    }
    why = {(unsure.part, unsure.position): t(_DOUBTS[unsure.doubt]) for unsure in proposal.unsure}
    return ProposalLines(
        **{
            part: [
                (str(number), line, *([f"({why[part, number]})"] if (part, number) in why else []))
                for number, line in enumerate(lines)
            ]
            for part, lines in parts.items()
        }
    )
