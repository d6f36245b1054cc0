"""Eligibility as the API shows it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel

from oim.channels.wording import render_need, render_question, render_step
from oim.features.matching import Criterion, State, Step, Verdict
from oim.features.opportunities import Kind
from oim.kit.i18n import Translator


class NeedOut(BaseModel):
    """One thing that the offer asks: a code with its values, and the same in words."""

    code: Criterion
    values: dict[str, Any]
    text: str


class VerdictOut(BaseModel):
    """Whether the person may have the offer, as far as they are known.

    `almost`: not eligible yet, and all that is `missing` can be changed. `ask`: the question to ask next.
    """

    state: State
    almost: bool
    met: list[Criterion]
    missing: list[NeedOut]
    unknown: list[Criterion]
    ask: NeedOut | None

    @classmethod
    def from_domain(cls, verdict: Verdict, t: Translator) -> VerdictOut:
        """As the API shows a verdict."""
        ask = verdict.next_question
        return cls(
            state=verdict.state,
            almost=verdict.is_near_eligible,
            met=list(verdict.met),
            missing=[
                NeedOut(code=n.criterion, values=n.values, text=render_need(n, t)) for n in verdict.missing
            ],
            unknown=[need.criterion for need in verdict.unknown],
            ask=ask and NeedOut(code=ask.criterion, values=ask.values, text=render_question(ask, t)),
        )


class StepOut(BaseModel):
    """What to do before: take the offer that is named, or join the organisation."""

    code: Criterion
    text: str
    opportunity_id: UUID | None
    kind: Kind | None
    title: str | None
    organisation: str | None
    locality: str | None

    @classmethod
    def from_domain(cls, step: Step, t: Translator) -> StepOut:
        """As the API shows a step."""
        return cls(
            code=step.need.criterion,
            text=render_step(step, t),
            opportunity_id=step.offer,
            kind=step.kind,
            title=step.title,
            organisation=step.organisation,
            locality=step.locality,
        )
