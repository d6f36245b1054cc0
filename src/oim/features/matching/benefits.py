"""Benefits: what a person has after taking an offer (a level, a paper, money, a membership).

Each benefit is a short code: `level:2`, `paper:plan`, `member:mc2` or `funds`. Offers state theirs in
`Card.gives`; a need of another offer is met by a benefit of the same code. `paths` joins the two into steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from oim.features import ingestion
from oim.features.matching.eligibility_terms import (
    PASSBOOK,
    extract_papers,
    normalise_membership,
    normalise_paper,
)
from oim.features.matching.verdict import Criterion, Facts, Need
from oim.features.opportunities import AgrDetails, AgrForm, Draft, EmploymentDetails, TrainingDetails
from oim.kit.text import fold

FUNDS = "funds"
# Titles of courses that end with a business plan, in folded text: « Creer et gerer son entreprise »,
# "Start your business", « Entrepreneuriat rural ».
_BUSINESS_PLANNING = re.compile(
    r"plans? d'affaires?|business plan|(creer|gerer|lancer|monter) (et gerer )?(sa|son|une) (petite )?"
    r"(activite|entreprise|affaire)|start (your|a) (small )?business|"
    r"gestion d'une activite|entrepreneuriat|entrepreneurship"
)
# A course with one of these papers in its title leads to it; other papers it names, it may rather require.
_LICENCES_TAUGHT = ("licence_a", "licence_b", "licence_c")


def list_benefits(draft: Draft) -> tuple[str, ...]:
    """The benefit codes of an offer, without duplicates: levels, papers, money, membership."""
    return tuple(dict.fromkeys((*_benefits_of_details(draft), *_benefits_of_organisation(draft))))


def _benefits_of_details(draft: Draft) -> Iterator[str]:
    """What a course or a support gives by its details: a certificate, a licence, a business plan, a grant."""
    match draft.details:
        case TrainingDetails(certificate=certificate):
            title = f"{draft.title} {certificate or ''}"
            yield from (f"paper:{code}" for code in extract_papers(title) if code in _LICENCES_TAUGHT)
            if _BUSINESS_PLANNING.search(fold(draft.title)):
                yield "paper:plan"
            if certificate:
                level = ingestion.parse_education_level(certificate) or 0
                yield "paper:diploma" if level else "paper:attestation"
                # A filter compares codes by equality, so a level gives every lower level too.
                yield from (f"level:{lower}" for lower in range(1, level + 1))
        # Only a grant: a loan is no money of one's own to contribute.
        case AgrDetails(form=AgrForm.GRANT):
            yield FUNDS


def _benefits_of_organisation(draft: Draft) -> Iterator[str]:
    """Membership of the organisation that gives the course or the support.

    A job makes nobody a member, and an offer reserved for members cannot be the way to become one.
    """
    if isinstance(draft.details, EmploymentDetails) or draft.eligibility.membership:
        return
    if draft.organisation and (name := normalise_membership(draft.organisation)):
        yield f"member:{name}"


def list_needed_benefits(need: Need) -> tuple[tuple[str, Need], ...]:
    """The benefit codes that would meet a need, each with the part of the need that it meets.

    Empty where no offer can help. A need of several papers has one part for each.
    """
    values = need.values
    match need.criterion:
        case Criterion.EDUCATION:
            return ((f"level:{values['level']}", need),)
        case Criterion.MEMBERSHIP:
            return ((f"member:{normalise_membership(values['name'])}", need),)
        case Criterion.CONTRIBUTION:
            return ((FUNDS, need),)
        case Criterion.DOCUMENTS:
            names: list[str] = values["names"]
            return tuple(
                (f"paper:{normalise_paper(name)}", replace(need, values={"names": [name]})) for name in names
            )
        case _:
            return ()


def add_benefit(facts: Facts, benefit: str, funds: int = 0) -> Facts:
    """The facts of a person once they have a benefit. `funds`: XAF that it brings, for the code `funds`."""
    papers = facts.documents
    prefix, value = benefit.split(":", 1) if ":" in benefit else (benefit, "")
    match prefix:
        case "level":
            return replace(facts, education=max(facts.education or 0, int(value)))
        case "member":
            # A new member gets a passbook. Unknown papers (None) stay unknown: a list would deny all others.
            documents = None if papers is None else (*papers, PASSBOOK)
            return replace(facts, memberships=(*(facts.memberships or ()), value), documents=documents)
        case "paper":
            return replace(facts, documents=None if papers is None else (*papers, value))
        case _:
            # At least 1 XAF: an unstated contribution is met by any savings at all.
            return replace(facts, savings=(facts.savings or 0) + max(funds, 1))
