"""What was read in a CV as lines to tick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oim.channels.wording import EDUCATION, format_spoken_language
from oim.features import cv
from oim.features.cv import Proposal
from oim.features.profile import format_job
from oim.kit.i18n import Translator

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ProposalLines:
    """The lines of each part of a CV, by their number."""

    jobs: Choices
    education: Choices
    diplomas: Choices
    skills: Choices
    languages: Choices
    years: Choices

    def all_ticked(self) -> dict[str, list[str]]:
        """The fields of the form with everything ticked: one unticks what is wrong."""
        parts = {name: getattr(self, name) for name in self.__slots__}
        return {name: [value for value, _ in choices] for name, choices in parts.items()}


def build_proposal_lines(proposal: Proposal, t: Translator) -> ProposalLines:
    """A proposal as lines."""
    level, years = proposal.education, proposal.experience_years
    return ProposalLines(
        jobs=_number_lines([format_job(cv.to_profile_job(one)) for one in proposal.jobs]),
        education=[("0", t(EDUCATION[level]))] if level is not None else [],
        diplomas=_number_lines([cv.to_profile_diploma(one) for one in proposal.diplomas]),
        skills=_number_lines(proposal.skills),
        languages=_number_lines(
            [format_spoken_language(cv.to_profile_language(one), t) for one in proposal.languages]
        ),
        years=[("0", t.plural("%(count)s year", "%(count)s years", years))] if years else [],
    )


def _number_lines(lines: Sequence[str]) -> Choices:
    return [(str(number), line) for number, line in enumerate(lines)]
