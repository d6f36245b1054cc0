"""An answer of the engine as lines of text, or as plain values for JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from oim.channels.wording import (
    KINDS,
    render_deadline,
    render_improvement,
    render_missing,
    render_money,
    render_need,
    render_place,
    render_publisher,
    render_question,
    render_reason,
    render_reasons_ussd,
    render_reasons_whatsapp,
    render_step,
    render_steps,
    render_warning,
)
from oim.features.matching import Answer, Criterion, Recommendation, Verdict
from oim.features.opportunities import Opportunity
from oim.kit.clock import now
from oim.kit.i18n import Translator


def as_lines(answer: Answer, offers: dict[UUID, Opportunity], t: Translator) -> Iterator[str]:
    """Yield the lines of each offer, in the order that every channel uses, then what the person could add.

    `offers`: the offers by id, as the database has them now.
    """
    # An offer that is gone since it was indexed is left out; the others keep their ranks.
    shown = [item for item in answer.items if item.id in offers]
    for item in shown:
        yield from _card_lines(item, offers[item.id], t)
    if answer.words_only:
        yield t(
            "Many people are searching now, so offers were compared by your words only. "
            "Search again later to see more."
        )
    if not shown:
        yield t("No offer fits yet. Try other words, or fewer conditions.")
    if answer.missing:
        missing_info = ", ".join(render_missing(missing, t) for missing in answer.missing)
        yield t("To improve these results, add: %(wanted)s.", wanted=missing_info)


def _card_lines(item: Recommendation, opportunity: Opportunity, t: Translator) -> Iterator[str]:
    """Yield the lines of one offer, and an empty one after it."""
    draft = opportunity.draft
    yield f"{item.rank:>2}. [{t(KINDS[draft.kind])}] {draft.title}"
    yield f"    {render_publisher(draft, t)} · {render_place(draft.location, t)}"
    yield f"    {render_money(draft, t)} · {render_deadline(draft.valid_through, now(), t)}"
    for reason in item.reasons:
        yield f"    + {render_reason(reason, t)}"
    for flag in opportunity.warnings:
        yield f"    ! {render_warning(flag, t)}"
    yield from _eligibility_lines(item, t)
    # An offer without a page of its own is named by its id.
    yield f"    {draft.url or opportunity.id}"
    yield ""


def _eligibility_lines(item: Recommendation, t: Translator) -> Iterator[str]:
    """Yield the steps to an offer that is almost for the person, else the next question or improvement."""
    if item.verdict.is_near_eligible:
        title = t("Almost for you: first, do this")
        yield f"    ~ {title}"
        for number, (line, _) in enumerate(render_steps(item.verdict, item.steps, t), start=1):
            yield f"      {number}. {line}"
    # No question about papers, as in the lists of other channels: the offer itself names them.
    elif item.verdict.next_question and item.verdict.next_question.criterion is not Criterion.DOCUMENTS:
        yield f"    ? {render_question(item.verdict.next_question, t)}"
    elif better := render_improvement(item, t):
        yield f"    > {better}"


def as_json(answer: Answer, offers: dict[UUID, Opportunity], t: Translator) -> dict[str, Any]:
    """The same answer as plain values. Reasons carry their code, their values and their words."""
    items = [_item_values(item, offers[item.id], t) for item in answer.items if item.id in offers]
    missing = [{"code": m.value, "text": render_missing(m, t)} for m in answer.missing]
    return {"items": items, "missing": missing, "took_ms": answer.took_ms, "words_only": answer.words_only}


def _item_values(item: Recommendation, opportunity: Opportunity, t: Translator) -> dict[str, Any]:
    """The values of one offer and of its recommendation."""
    draft = opportunity.draft
    return {
        "rank": item.rank,
        "score": item.score,
        "parts": item.parts,
        "reasons": [
            {"code": r.code.value, "values": r.values, "text": render_reason(r, t)} for r in item.reasons
        ],
        "lines": {
            "whatsapp": render_reasons_whatsapp(item, t),
            "ussd": render_reasons_ussd(item, t),
        },
        "improve": render_improvement(item, t),
        "warnings": [{"code": flag.code, "text": render_warning(flag, t)} for flag in opportunity.warnings],
        "eligibility": _verdict_values(item.verdict, t),
        "steps": [
            {
                "code": step.need.criterion.value,
                "text": render_step(step, t),
                "id": str(step.offer) if step.offer else None,
            }
            for step in item.steps
        ],
        "id": str(opportunity.id),
        "kind": draft.kind.value,
        "title": draft.title,
        "organisation": draft.organisation,
        "place": render_place(draft.location, t),
        "region": draft.location.region,
        "money": render_money(draft, t),
        "valid_through": draft.valid_through.isoformat() if draft.valid_through else None,
        "source": opportunity.source,
        "url": draft.url,
    }


def _verdict_values(verdict: Verdict, t: Translator) -> dict[str, Any]:
    """The values of a verdict of eligibility."""
    question = verdict.next_question
    return {
        "state": verdict.state.value,
        "almost": verdict.is_near_eligible,
        "missing": [
            {"code": n.criterion.value, "values": n.values, "text": render_need(n, t)}
            for n in verdict.missing
        ],
        "ask": question
        and {
            "code": question.criterion.value,
            "values": question.values,
            "text": render_question(question, t),
        },
    }
