"""The screening rules: which signs of fraud there are, how each is detected, and how much it weighs.

Weights, threshold and measurements are explained in `docs/decisions/0009-trust.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import prod

from oim.features.opportunities import Draft, Kind, RedFlag, Trust, WayKind
from oim.features.trust.screening.pay import detect_unreal_pay
from oim.features.trust.screening.phrases import Sentence, compile_pattern, load_phrases, split_sentences
from oim.features.trust.types import FlagCode
from oim.kit.text import fold

# A detector reads the draft, its title and the sentences of its description. It returns the words that are
# the sign, "" when the sign is that something is missing, or None when there is no sign.
Detector = Callable[[Draft, Sentence, Sequence[Sentence]], str | None]
# Compiled at their first use: to compile them all takes longer than a process needs to start without them.
_pattern, _phrases = cache(compile_pattern), cache(load_phrases)
# "official" is a site, or a mailbox of the organisation's own.
_TRACEABLE_CONTACTS = ("official", "landline", "premises_named")
_FEE_PHRASES = {
    Kind.EMPLOYMENT: "fee_for_work",
    Kind.TRAINING: "fee_for_a_course",
    Kind.AGR: "fee_for_money",
}
# Score from which an offer is held. A fee, a paper taken, work abroad by messages and a travel advance each
# reach it alone; unreal pay needs one more sign.
HOLD_THRESHOLD = 0.6
# Score from which a sign speaks of fraud, be it a faint one: what an honest offer often lacks (an employer's
# name, another contact) stays below it, both together too.
SUSPECT_THRESHOLD = 0.4
# These count in full even for a verified partner, since nobody may ask them of an applicant.
GRAVE_FLAGS = frozenset({FlagCode.FEE, FlagCode.PASSPORT, FlagCode.TRAVEL_ADVANCE})


@dataclass(frozen=True, slots=True)
class Rule:
    """A sign of fraud, its weight in the score (from 0 to 1), and the function that detects it."""

    code: FlagCode
    weight: float
    detect: Detector


def _detect_fee(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    """A payment that the applicant must make first."""
    # By kind: the price of a course is normal, a price to get a job or a grant is not.
    return _phrases(_FEE_PHRASES[draft.kind]).find_excerpt((title, *body))


def _phrase_detector(name: str) -> Detector:
    """A detector of the phrases of a name in `phrases.toml`, in the title or the description."""
    return lambda _draft, title, body: _phrases(name).find_excerpt((title, *body))


def _detect_no_employer(draft: Draft, _title: Sentence, _body: Sequence[Sentence]) -> str | None:
    """A job without the name of an employer, or with a name such as "Confidentiel" or "N/A"."""
    named = draft.organisation and not _pattern("nameless").fullmatch(fold(draft.organisation))
    return "" if draft.kind is Kind.EMPLOYMENT and not named else None


def _detect_personal_contact(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    """A mobile number or a free mailbox, when it is the only contact of a supposed company."""
    # A link leads to more about the publisher than one number does.
    if draft.url:
        return None
    text = " ".join(sentence.folded_text for sentence in (title, *body))
    # A private person, for example a family that looks for a cook, may well have a mobile number alone.
    claims_company = draft.organisation or _pattern("a_company").search(text)
    if not claims_company or any(_pattern(contact).search(text) for contact in _TRACEABLE_CONTACTS):
        return None
    return _phrases("personal_contact").find_excerpt(body)


def _detect_abroad_by_messaging(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    """A messaging app or a mobile number, when it is the only contact for work abroad."""
    excerpt = _phrases("messaging").find_excerpt(body)
    if (
        excerpt is None
        or draft.kind is Kind.AGR
        or any(_pattern("official").search(sentence.folded_text) for sentence in body)
    ):
        return None
    return excerpt if _is_abroad(draft, title, body) else None


def _is_abroad(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> bool:
    """Whether the offer is outside Cameroon, by its location, its title or a phrase about leaving."""
    if draft.location.country not in (None, "CM") or _pattern("title_abroad").search(title.folded_text):
        return True
    return _phrases("going_abroad").find_excerpt((title, *body)) is not None


# Flags appear on an offer in this order, the heaviest first.
RULES = (
    Rule(FlagCode.FEE, 0.7, _detect_fee),
    Rule(FlagCode.PASSPORT, 0.7, _phrase_detector("papers_taken")),
    Rule(FlagCode.ABROAD_BY_MESSAGING, 0.65, _detect_abroad_by_messaging),
    Rule(FlagCode.TRAVEL_ADVANCE, 0.65, _phrase_detector("travel_advance")),
    Rule(FlagCode.UNREAL_PAY, 0.55, detect_unreal_pay),
    Rule(FlagCode.HASTE_OR_SECRECY, 0.4, _phrase_detector("haste_or_secrecy")),
    Rule(FlagCode.NO_EMPLOYER, 0.2, _detect_no_employer),
    Rule(FlagCode.PERSONAL_CONTACT, 0.2, _detect_personal_contact),
)

_WEIGHTS = {rule.code: rule.weight for rule in RULES}


@dataclass(frozen=True, slots=True)
class Screening:
    """The result of screening an offer: its red flags and their combined score, from 0 to 1."""

    score: float
    flags: tuple[RedFlag, ...]

    @property
    def needs_review(self) -> bool:
        """Whether staff must look at the offer before anybody else sees it."""
        return self.score >= HOLD_THRESHOLD


def screen(draft: Draft, trust: Trust) -> Screening:
    """Screen an offer. A verified publisher's score is halved, but not below that of its grave flags."""
    title, body = Sentence(draft.title), (*split_sentences(draft.description), *_list_way_sentences(draft))
    excerpts = [(rule.code, rule.detect(draft, title, body)) for rule in RULES]
    # An empty excerpt is a flag too: something is missing.
    flags = tuple(RedFlag(code.value, words) for code, words in excerpts if words is not None)
    codes = [FlagCode(flag.code) for flag in flags]
    score = _combine_weights(codes)
    grave_score = _combine_weights(code for code in codes if code in GRAVE_FLAGS)
    return Screening(max(score / 2, grave_score) if trust is Trust.VERIFIED else score, flags)


def _list_way_sentences(draft: Draft) -> list[Sentence]:
    """What the offer's columns give as ways to answer, as if its text said it: they are screened alike.

    Not its pages, which `draft.url` and the text speak of: a column must not lift a flag of the text.
    """
    names = {WayKind.WHATSAPP: "WhatsApp", WayKind.TELEPHONE: "Tel", WayKind.EMAIL: "E-mail"}
    return [Sentence(f"{names[way.kind]} {way.value}") for way in draft.apply if way.kind in names]


def is_suspect(flags: Sequence[RedFlag]) -> bool:
    """Whether the flags of a screening speak of fraud, though they may not suffice to hold an offer."""
    return _combine_weights(FlagCode(flag.code) for flag in flags) >= SUSPECT_THRESHOLD


def _combine_weights(codes: Iterable[FlagCode]) -> float:
    """Combine weights as independent chances (noisy-or): more signs raise the score, never above 1."""
    return 1 - prod(1 - _WEIGHTS[code] for code in codes)
