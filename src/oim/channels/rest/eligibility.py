"""Models of eligibility in the API: requirements, verdicts, and steps to take first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel

from oim.channels.wording import render_need, render_question, render_step
from oim.features.matching import Criterion, State, Step, Verdict
from oim.features.opportunities import Kind
from oim.kit.i18n import Translator


class NeedOut(BaseModel):
    """One requirement of the offer: a code with its values, and the same in words."""

    code: Criterion
    values: dict[str, Any]
    text: str


class VerdictOut(BaseModel):
    """Whether the person is eligible for the offer, as far as they are known.

    `almost`: not eligible yet, but the person can change all that is `missing`. `ask`: the next question.
    """

    state: State
    almost: bool
    met: list[Criterion]
    missing: list[NeedOut]
    unknown: list[Criterion]
    ask: NeedOut | None

    @classmethod
    def from_domain(cls, verdict: Verdict, t: Translator) -> VerdictOut:
        """Convert a verdict of matching, with words in the language of `t`."""
        question = verdict.next_question
        return cls(
            state=verdict.state,
            almost=verdict.is_near_eligible,
            met=list(verdict.met),
            missing=[
                NeedOut(code=n.criterion, values=n.values, text=render_need(n, t)) for n in verdict.missing
            ],
            # Codes alone: of what is unknown, only the first is asked about, in `ask`.
            unknown=[need.criterion for need in verdict.unknown],
            ask=question
            and NeedOut(code=question.criterion, values=question.values, text=render_question(question, t)),
        )


class StepOut(BaseModel):
    """Something to do first: take the named offer, or join the organisation."""

    code: Criterion
    text: str
    opportunity_id: UUID | None
    kind: Kind | None
    title: str | None
    organisation: str | None
    locality: str | None

    @classmethod
    def from_domain(cls, step: Step, t: Translator) -> StepOut:
        """Convert a step of matching, with words in the language of `t`."""
        return cls(
            code=step.need.criterion,
            text=render_step(step, t),
            opportunity_id=step.offer,
            kind=step.kind,
            title=step.title,
            organisation=step.organisation,
            locality=step.locality,
        )
