"""Plain values that the templates show, each text in the visitor's language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from oim.channels.http.services import Services
from oim.channels.wording import (
    KINDS,
    TRUST,
    TextSegment,
    linkify,
    render_conditions,
    render_deadline,
    render_facts,
    render_improvement,
    render_money,
    render_place,
    render_publisher,
    render_question,
    render_reason,
    render_steps,
    render_warning,
)
from oim.features import opportunities
from oim.features.matching import Answer, Criterion, Reason, ReasonCode, Recommendation
from oim.features.opportunities import Kind, Opportunity, Trust
from oim.kit.clock import now
from oim.kit.i18n import Translator, format_date, format_distance, mark

MAX_REASONS = 2
TEL_SCHEME = "tel:"
_ADVICE = {
    Kind.EMPLOYMENT: mark(
        "Pay nothing to get a job: no file fee, no deposit, no medical visit or journey paid in advance."
    ),
    Kind.TRAINING: mark("Pay only at the school itself, against a receipt, after you have visited it."),
    Kind.AGR: mark("A grant or a loan is never unlocked by a payment made beforehand, in cash or by phone."),
}


@dataclass(frozen=True, slots=True)
class FirstStepView:
    """Something to do before, and the id of the offer that brings it, where there is one."""

    text: str
    offer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """An offer in a list. `language` is set where the title is in another language than the page."""

    id: str
    kind: str
    kind_label: str
    title: str
    language: str | None
    publisher: str
    trust: str  # the level, for its mark
    trust_label: str
    warning_count: str  # how much warns in it
    place: str
    money: str
    deadline: str
    reasons: tuple[str, ...]
    near_eligible: bool = False
    first_steps: tuple[FirstStepView, ...] = ()  # what to do before, where it is almost for the visitor
    question: str | None = None  # what it hangs on, where that is not known
    improvement: str | None = None  # what else the visitor could tell


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """An offer whole."""

    card: CardView
    closed: bool
    trust_meaning: str  # what its level means
    warnings: list[tuple[str, str]]  # what warns, and the offer's own words
    facts: list[tuple[str, str]]
    paragraphs: list[list[TextSegment]]
    eligibility: list[str]
    advice: str
    provenance: str


def build_card_view(
    offer: Opportunity, t: Translator, at: datetime, reasons: Sequence[Reason] = ()
) -> CardView:
    """An offer's card, seen from the instant `at`, with its heaviest reasons."""
    draft = offer.draft
    return CardView(
        id=str(offer.id),
        kind=offer.kind.value,
        kind_label=t(KINDS[offer.kind]),
        title=offer.title,
        language=draft.language if draft.language != t.language else None,
        publisher=render_publisher(draft, t),
        trust=offer.trust.value,
        trust_label=t(TRUST[offer.trust][0]),
        warning_count=_render_warning_count(len(offer.warnings), t),
        place=_render_place_and_distance(offer, reasons, t),
        money=render_money(draft, t),
        deadline=render_deadline(draft.valid_through, at, t),
        reasons=tuple(render_reason(reason, t) for reason in _select_reasons(reasons)),
    )


def build_recommended_view(item: Recommendation, offer: Opportunity, t: Translator, at: datetime) -> CardView:
    """A recommended offer's card: with its reasons, and what the visitor lacks or has not told."""
    verdict = item.verdict
    first = render_steps(verdict, item.steps, t) if verdict.is_near_eligible else []
    asks = verdict.next_question if not verdict.is_near_eligible else None
    # Papers stand on the offer's own page.
    question = render_question(asks, t) if asks and asks.criterion is not Criterion.DOCUMENTS else None
    return replace(
        build_card_view(offer, t, at, item.reasons),
        near_eligible=verdict.is_near_eligible,
        first_steps=tuple(
            FirstStepView(words, str(step.offer) if step and step.offer else None) for words, step in first
        ),
        question=question,
        improvement=None if first or question else render_improvement(item, t),
    )


def build_offer_view(offer: Opportunity, t: Translator, at: datetime) -> OfferView:
    """An offer's page, seen from the instant `at`."""
    draft = offer.draft
    return OfferView(
        card=build_card_view(offer, t, at),
        closed=not offer.is_open(at),
        trust_meaning=t(TRUST[offer.trust][1]),
        warnings=[(render_warning(flag, t), flag.excerpt) for flag in offer.warnings],
        facts=render_facts(draft, t),
        paragraphs=_split_paragraphs(offer),
        eligibility=render_conditions(draft.eligibility, t),
        advice=t(_ADVICE[offer.kind]),
        provenance=_render_provenance(offer, t),
    )


def _render_warning_count(count: int, t: Translator) -> str:
    if not count:
        return ""
    return t.plural("%(count)s warning: read it first", "%(count)s warnings: read them first", count)


def _split_paragraphs(offer: Opportunity) -> list[list[TextSegment]]:
    """The description. Numbers of a verified partner can be called; no address in it can be followed.

    Only the offer's own page is behind a page of ours that says where one goes.
    """
    parts = [part.strip() for part in re.split(r"\n\s*\n", offer.draft.description)]
    trusted = offer.trust is Trust.VERIFIED
    return [[_keep_phone_link(piece) for piece in linkify(part, trusted)] for part in parts if part]


def _keep_phone_link(piece: TextSegment) -> TextSegment:
    return piece if piece.href and piece.href.startswith(TEL_SCHEME) else TextSegment(piece.text)


def _render_place_and_distance(offer: Opportunity, reasons: Sequence[Reason], t: Translator) -> str:
    place = render_place(offer.draft.location, t)
    away = next((reason.values["km"] for reason in reasons if _is_home_distance(reason)), None)
    if away is None:
        return place
    return t("%(place)s, %(distance)s from you", place=place, distance=format_distance(away, t.language))


def _is_home_distance(reason: Reason) -> bool:
    return reason.code is ReasonCode.DISTANCE and "of" not in reason.values


def _select_reasons(reasons: Sequence[Reason]) -> Sequence[Reason]:
    """The heaviest reasons. The distance stands beside the place already, unless it is all there is."""
    others = [reason for reason in reasons if not _is_home_distance(reason)]
    return (others or reasons)[:MAX_REASONS]


def _render_provenance(offer: Opportunity, t: Translator) -> str:
    seen = format_date(offer.first_seen_at, t.language)
    source = t("Source: %(source)s. First seen on %(day)s.", source=offer.source, day=seen)
    if offer.draft.published_at is None:
        return source
    published = t("Published on %(day)s.", day=format_date(offer.draft.published_at, t.language))
    return f"{published} {source}"


def load_recommended_cards(answer: Answer, services: Services, t: Translator) -> list[CardView]:
    """The cards in the answer's order; an offer gone meanwhile is left out."""
    with services.database.read() as session:
        held = opportunities.get_many(session, [item.id for item in answer.items])
    at = now()
    return [build_recommended_view(item, held[item.id], t, at) for item in answer.items if item.id in held]
