"""Lines to tick, from the proposal that was extracted from a CV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oim.channels.wording import EDUCATION, format_spoken_language
from oim.features import cv
from oim.features.cv import Proposal
from oim.features.profile import format_job
from oim.kit.i18n import Translator

Choices = list[tuple[str, str]]  # the value that the form sends, and the line as shown


@dataclass(frozen=True, slots=True)
class ProposalLines:
    """The lines of each part of a CV. The value of a line is its index in that part of the proposal."""

    jobs: Choices
    education: Choices
    diplomas: Choices
    skills: Choices
    languages: Choices
    years: Choices

    def all_ticked(self) -> dict[str, list[str]]:
        """Return the form's fields with every line ticked: the person unticks what is wrong."""
        # The names of the slots are those of the form's fields, and the ones `cv.accept_proposal` reads.
        parts = {name: getattr(self, name) for name in self.__slots__}
        return {name: [value for value, _ in choices] for name, choices in parts.items()}


def build_proposal_lines(proposal: Proposal, t: Translator) -> ProposalLines:
    """Convert a proposal to lines, written as the profile will show them."""
    level, years = proposal.education, proposal.experience_years
    return ProposalLines(
        jobs=_number_lines([format_job(cv.to_profile_job(job)) for job in proposal.jobs]),
        # Level 0 is a level ("no certificate"), so only None stands for nothing found.
        education=[("0", t(EDUCATION[level]))] if level is not None else [],
        diplomas=_number_lines([cv.to_profile_diploma(diploma) for diploma in proposal.diplomas]),
        skills=_number_lines(proposal.skills),
        languages=_number_lines(
            [format_spoken_language(cv.to_profile_language(language), t) for language in proposal.languages]
        ),
        years=[("0", t.plural("%(count)s year", "%(count)s years", years))] if years else [],
    )


def _number_lines(lines: Sequence[str]) -> Choices:
    return [(str(number), line) for number, line in enumerate(lines)]
