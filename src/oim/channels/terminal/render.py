"""An answer as lines of text, or as plain values for JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from oim.channels.wording import (
    KINDS,
    render_deadline,
    render_missing,
    render_money,
    render_place,
    render_publisher,
    render_reason,
)
from oim.features.matching.types import Answer, Recommendation
from oim.features.opportunities import Opportunity
from oim.kit.clock import now
from oim.kit.i18n import Translator


def as_lines(answer: Answer, found: dict[UUID, Opportunity], t: Translator) -> Iterator[str]:
    """The card of each offer in the order every channel keeps, then what to add."""
    shown = [item for item in answer.items if item.id in found]
    for item in shown:
        yield from _card(item, found[item.id], t)
    if not shown:
        yield t("No offer fits yet. Try other words, or fewer conditions.")
    if answer.missing:
        wanted = ", ".join(render_missing(missing, t) for missing in answer.missing)
        yield t("To improve these results, add: %(wanted)s.", wanted=wanted)


def _card(item: Recommendation, opportunity: Opportunity, t: Translator) -> Iterator[str]:
    draft = opportunity.draft
    yield f"{item.rank:>2}. [{t(KINDS[draft.kind])}] {draft.title}"
    yield f"    {render_publisher(draft, t)} · {render_place(draft.location, t)}"
    yield f"    {render_money(draft, t)} · {render_deadline(draft.valid_through, now(), t)}"
    for reason in item.reasons:
        yield f"    + {render_reason(reason, t)}"
    yield f"    {draft.url or opportunity.id}"
    yield ""


def as_json(answer: Answer, found: dict[UUID, Opportunity], t: Translator) -> dict[str, Any]:
    """The same as plain values; reasons carry their code, values and words."""
    items = [_item(item, found[item.id], t) for item in answer.items if item.id in found]
    missing = [{"code": m.value, "text": render_missing(m, t)} for m in answer.missing]
    return {"items": items, "missing": missing, "took_ms": answer.took_ms}


def _item(item: Recommendation, opportunity: Opportunity, t: Translator) -> dict[str, Any]:
    draft = opportunity.draft
    return {
        "rank": item.rank,
        "score": item.score,
        "parts": item.parts,
        "reasons": [
            {"code": r.code.value, "values": r.values, "text": render_reason(r, t)} for r in item.reasons
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
