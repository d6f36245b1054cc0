"""What an offer gives to who takes it (a level, a paper, money, a membership), and what would meet a need."""

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
_BUSINESS_PLANNING = re.compile(
    r"plans? d'affaires?|business plan|(creer|gerer|lancer|monter) (et gerer )?(sa|son|une) (petite )?"
    r"(activite|entreprise|affaire)|start (your|a) (small )?business|"
    r"gestion d'une activite|entrepreneuriat|entrepreneurship"
)
_LICENCES_TAUGHT = ("licence_a", "licence_b", "licence_c")


def list_benefits(draft: Draft) -> tuple[str, ...]:
    """The signs of what an offer gives: a level, a paper, money, or a way into its organisation."""
    return tuple(dict.fromkeys((*_benefits_of_details(draft), *_benefits_of_organisation(draft))))


def _benefits_of_details(draft: Draft) -> Iterator[str]:
    match draft.details:
        case TrainingDetails(certificate=certificate):
            title = f"{draft.title} {certificate or ''}"
            yield from (f"paper:{code}" for code in extract_papers(title) if code in _LICENCES_TAUGHT)
            if _BUSINESS_PLANNING.search(fold(draft.title)):
                yield "paper:plan"
            if certificate:
                level = ingestion.parse_education_level(certificate) or 0
                yield "paper:diploma" if level else "paper:attestation"
                yield from (f"level:{reached}" for reached in range(1, level + 1))
        case AgrDetails(form=AgrForm.GRANT):
            yield FUNDS


def _benefits_of_organisation(draft: Draft) -> Iterator[str]:
    """Who takes a course or a support of a body is let into it, unless it is for its members already."""
    if isinstance(draft.details, EmploymentDetails) or draft.eligibility.membership:
        return
    if draft.organisation and (name := normalise_membership(draft.organisation)):
        yield f"member:{name}"


def list_needed_benefits(need: Need) -> tuple[tuple[str, Need], ...]:
    """The signs of what would meet a need, each with its part of it; none where no offer can."""
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
    """The facts with a sign; who joins a body gets its passbook."""
    papers = facts.documents
    sort, value = benefit.split(":", 1) if ":" in benefit else (benefit, "")
    match sort:
        case "level":
            return replace(facts, education=max(facts.education or 0, int(value)))
        case "member":
            held = None if papers is None else (*papers, PASSBOOK)
            return replace(facts, memberships=(*(facts.memberships or ()), value), documents=held)
        case "paper":
            return replace(facts, documents=None if papers is None else (*papers, value))
        case _:
            return replace(facts, savings=(facts.savings or 0) + max(funds, 1))
