"""Offers as the plain values that templates show, with every text in the visitor's language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from oim.channels.http.services import Services
from oim.channels.web.answers import WayView, build_way_views
from oim.channels.wording import (
    KINDS,
    NO_WAY,
    OFFER_LANGUAGES,
    TRUST,
    TextSegment,
    linkify,
    render_conditions,
    render_deadline,
    render_facts,
    render_improvement,
    render_journey,
    render_money,
    render_place,
    render_publisher,
    render_question,
    render_reason,
    render_source,
    render_steps,
    render_warning,
)
from oim.features import places
from oim.features.matching import Answer, Criterion, Profile, Reason, ReasonCode, Recommendation
from oim.features.opportunities import Kind, Location, Opportunity, Trust
from oim.kit.clock import now
from oim.kit.i18n import Translator, format_date, format_distance, mark

MAX_REASONS = 2  # on a card
TEL_SCHEME = "tel:"
# Against the frauds that are usual for each kind of offer.
_ADVICE = {
    Kind.EMPLOYMENT: mark(
        "Pay nothing to get a job: no file fee, no deposit, no medical visit or journey paid in advance."
    ),
    Kind.TRAINING: mark("Pay only at the school itself, against a receipt, after you have visited it."),
    Kind.AGR: mark("Pay nothing beforehand to get a grant or a loan, neither in cash nor by phone."),
}


@dataclass(frozen=True, slots=True)
class FirstStepView:
    """Something to do before applying."""

    text: str
    offer: str | None  # id of the offer (a course, say) by which it is done


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """An offer as a card in a list."""

    id: str
    kind: str
    kind_label: str
    title: str
    language: str | None  # of the title, where it is not the language of the page
    publisher: str
    trust: str  # value of the trust level, which names its icon
    trust_label: str
    warning_count: str  # "2 warnings: read them first"; empty without warnings
    place: str
    money: str
    deadline: str
    reasons: tuple[str, ...]
    answer: WayView | None  # how most people can answer it; None where it is closed or gives no way
    no_way: str  # that it gives no way to answer; empty where it does, or is closed
    journey: str | None  # that answering costs a journey, where it does
    near_eligible: bool = False
    first_steps: tuple[FirstStepView, ...] = ()  # what to do first, where the visitor is nearly eligible
    question: str | None = None  # what decides on eligibility and is not known yet
    improvement: str | None = None  # what the visitor could add to their profile


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """An offer as a page of its own."""

    card: CardView
    closed: bool
    trust_meaning: str  # what the trust level of the card means
    warnings: list[tuple[str, str]]  # why to be careful, and the words of the offer that say so
    facts: list[tuple[str, str]]
    paragraphs: list[list[TextSegment]]
    eligibility: list[str]
    advice: str
    provenance: str


def build_card_view(
    offer: Opportunity,
    t: Translator,
    at: datetime,
    reasons: Sequence[Reason] = (),
    home: str | None = None,
) -> CardView:
    """Build an offer's card as of the instant `at`, with the first of its reasons.

    `home`: code of the town where the visitor lives, from which the card says the distance.
    """
    draft = offer.draft
    ways = build_way_views(offer, t) if offer.is_open(at) else []
    return CardView(
        id=str(offer.id),
        kind=offer.kind.value,
        kind_label=_render_kind(offer, t),
        title=offer.title,
        language=draft.language if draft.language != t.language else None,
        publisher=render_publisher(draft, t),
        trust=offer.trust.value,
        trust_label=t(TRUST[offer.trust][0]),
        warning_count=_render_warning_count(len(offer.warnings), t),
        place=_render_place_and_distance(offer, reasons, home, t),
        money=render_money(draft, t),
        deadline=render_deadline(draft.valid_through, at, t),
        reasons=tuple(render_reason(reason, t) for reason in _select_reasons(reasons)),
        answer=next(iter(ways), None),
        no_way="" if ways or not offer.is_open(at) else t(NO_WAY),
        journey=render_journey(offer.ways, t),
    )


def build_recommended_view(
    item: Recommendation, offer: Opportunity, t: Translator, at: datetime, home: str | None = None
) -> CardView:
    """Build a recommended offer's card, with its reasons and what the visitor lacks or has not stated yet."""
    verdict = item.verdict
    first_steps = render_steps(verdict, item.steps, t) if verdict.is_near_eligible else []
    need = verdict.next_question if not verdict.is_near_eligible else None
    # A question about papers is left to the offer's own page, which lists them.
    question = render_question(need, t) if need and need.criterion is not Criterion.DOCUMENTS else None
    return replace(
        build_card_view(offer, t, at, item.reasons, home),
        near_eligible=verdict.is_near_eligible,
        first_steps=tuple(
            FirstStepView(text, str(step.offer) if step and step.offer else None)
            for text, step in first_steps
        ),
        question=question,
        # A card makes one demand at most: with steps or a question there is no room for more.
        improvement=None if first_steps or question else render_improvement(item, t),
    )


def build_offer_view(offer: Opportunity, t: Translator, at: datetime) -> OfferView:
    """Build the view of an offer's own page as of the instant `at`."""
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


def _render_kind(offer: Opportunity, t: Translator) -> str:
    """The kind of an offer, and its language where that is not the page's."""
    kind, language = t(KINDS[offer.kind]), offer.draft.language
    if language == t.language or language not in OFFER_LANGUAGES:
        return kind
    return f"{kind} · {t(OFFER_LANGUAGES[language])}"


def _render_warning_count(count: int, t: Translator) -> str:
    if not count:
        return ""
    return t.plural("%(count)s warning: read it first", "%(count)s warnings: read them first", count)


def _split_paragraphs(offer: Opportunity) -> list[list[TextSegment]]:
    """Split the description into paragraphs. Phone numbers of a verified partner become links, URLs never do.

    A URL in the text would lead away at once; the link to the offer's own page passes a page that warns.
    """
    # Blank lines separate paragraphs, also with spaces in them: "first \n  \n second".
    parts = [part.strip() for part in re.split(r"\n\s*\n", offer.draft.description)]
    trusted = offer.trust is Trust.VERIFIED
    return [[_keep_phone_link(segment) for segment in linkify(part, trusted)] for part in parts if part]


def _keep_phone_link(segment: TextSegment) -> TextSegment:
    """The segment, as plain text unless it links to a phone number."""
    is_phone = segment.href and segment.href.startswith(TEL_SCHEME)
    return segment if is_phone else TextSegment(segment.text)


def _render_place_and_distance(
    offer: Opportunity, reasons: Sequence[Reason], home: str | None, t: Translator
) -> str:
    """Where an offer is, with its distance from the visitor's home where both places are known."""
    place = render_place(offer.draft.location, t)
    distance_km = next((reason.values["km"] for reason in reasons if _is_home_distance(reason)), None)
    if distance_km is None:
        distance_km = _measure_distance(offer.draft.location, home)
    if distance_km is None:
        return place
    return t(
        "%(place)s, %(distance)s from you", place=place, distance=format_distance(distance_km, t.language)
    )


def _measure_distance(location: Location, home: str | None) -> float | None:
    start = places.get(home) if home else None
    if start is None or location.latitude is None or location.longitude is None:
        return None
    return places.distance_km(start.latitude, start.longitude, location.latitude, location.longitude)


def _is_home_distance(reason: Reason) -> bool:
    # A distance from a place that the person only named carries its name as `of`, one from home does not.
    return reason.code is ReasonCode.DISTANCE and "of" not in reason.values


def _select_reasons(reasons: Sequence[Reason]) -> Sequence[Reason]:
    """Select the reasons for a card: the first `MAX_REASONS`, which are the concrete and heavy ones.

    The distance from home is left out, as it stands beside the place already, unless it is the only reason.
    """
    without_distance = [reason for reason in reasons if not _is_home_distance(reason)]
    return (without_distance or reasons)[:MAX_REASONS]


def _render_provenance(offer: Opportunity, t: Translator) -> str:
    """Where an offer comes from: its source, when it was first seen there, and when published if stated."""
    first_seen = format_date(offer.first_seen_at, t.language)
    source = t(
        "Source: %(source)s. First seen on %(day)s.", source=render_source(offer.source, t), day=first_seen
    )
    if offer.draft.published_at is None:
        return source
    published = t("Published on %(day)s.", day=format_date(offer.draft.published_at, t.language))
    return f"{published} {source}"


def load_recommended_cards(
    answer: Answer, profile: Profile, services: Services, t: Translator
) -> list[CardView]:
    """Load the cards of an answer's offers, in its order, with the distance from the home of the profile."""
    offers = services.offers.get_many([item.id for item in answer.items])
    at, home = now(), profile.commune or profile.department
    # The index may lag behind the database: an offer that was deleted or held meanwhile is left out.
    return [
        build_recommended_view(item, offers[item.id], t, at, home)
        for item in answer.items
        if item.id in offers
    ]
