"""The table of rules: what warns, how much it weighs, and how it is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import prod

from oim.features.opportunities import Draft, Kind, RedFlag, Trust
from oim.features.trust.screening.pay import detect_unreal_pay
from oim.features.trust.screening.phrases import Sentence, compile_pattern, load_phrases, split_sentences
from oim.features.trust.types import FlagCode
from oim.kit.text import fold

# How a draft, its title and the sentences of its description warn: the words that do, empty where it is
# something not said, None where nothing warns.
Detector = Callable[[Draft, Sentence, Sequence[Sentence]], str | None]
_NO_NAME = compile_pattern("nameless")
_OFFICIAL_CONTACT = compile_pattern("official")  # a site, or a mailbox of the organisation's own
_TRACEABLE_CONTACTS = (_OFFICIAL_CONTACT, compile_pattern("landline"), compile_pattern("premises_named"))
_COMPANY = compile_pattern("a_company")
_TITLE_ABROAD = compile_pattern("title_abroad")
_PERSONAL_CONTACT, _MESSAGING, _GOING_ABROAD = map(
    load_phrases, ("personal_contact", "messaging", "going_abroad")
)
_FEE_PHRASES = {
    Kind.EMPLOYMENT: load_phrases("fee_for_work"),
    Kind.TRAINING: load_phrases("fee_for_a_course"),
    Kind.AGR: load_phrases("fee_for_money"),
}
HOLD_THRESHOLD = 0.6  # see docs/decisions/0009-trust.md
# What no partner may do either: these count in full, whoever publishes.
GRAVE_FLAGS = frozenset({FlagCode.FEE, FlagCode.PASSPORT, FlagCode.TRAVEL_ADVANCE})


@dataclass(frozen=True, slots=True)
class Rule:
    """What warns, how much it weighs in the score (from 0 to 1), and how it is found."""

    code: FlagCode
    weight: float
    detect: Detector


def _detect_fee(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    return _FEE_PHRASES[draft.kind].find_excerpt((title, *body))


def _phrase_detector(name: str) -> Detector:
    sought = load_phrases(name)
    return lambda _draft, title, body: sought.find_excerpt((title, *body))


def _detect_no_employer(draft: Draft, _title: Sentence, _body: Sequence[Sentence]) -> str | None:
    named = draft.organisation and not _NO_NAME.fullmatch(fold(draft.organisation))
    return "" if draft.kind is Kind.EMPLOYMENT and not named else None


def _detect_personal_contact(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    """The only contact of somebody who claims to be a company, where it is a mobile or a free mailbox."""
    if draft.url:
        return None
    text = " ".join(sentence.folded_text for sentence in (title, *body))
    claims = draft.organisation or _COMPANY.search(text)
    if not claims or any(known.search(text) for known in _TRACEABLE_CONTACTS):
        return None
    return _PERSONAL_CONTACT.find_excerpt(body)


def _detect_abroad_by_messaging(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    """How work abroad is recruited for, where that is by messages or a mobile number alone."""
    said = _MESSAGING.find_excerpt(body)
    if (
        said is None
        or draft.kind is Kind.AGR
        or any(_OFFICIAL_CONTACT.search(each.folded_text) for each in body)
    ):
        return None
    return said if _is_abroad(draft, title, body) else None


def _is_abroad(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> bool:
    if draft.location.country not in (None, "CM") or _TITLE_ABROAD.search(title.folded_text):
        return True
    return _GOING_ABROAD.find_excerpt((title, *body)) is not None


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
    """What warns in an offer, and how much: from 0 to 1."""

    score: float
    flags: tuple[RedFlag, ...]

    @property
    def needs_review(self) -> bool:
        """Whether staff look at the offer before anybody else does."""
        return self.score >= HOLD_THRESHOLD


def screen(draft: Draft, trust: Trust) -> Screening:
    """Screen an offer whose source and organisation have a level of trust."""
    title, body = Sentence(draft.title), split_sentences(draft.description)
    found = [(rule.code, rule.detect(draft, title, body)) for rule in RULES]
    flags = tuple(RedFlag(code.value, words) for code, words in found if words is not None)
    codes = [FlagCode(flag.code) for flag in flags]
    whole, grave = _combine_weights(codes), _combine_weights(code for code in codes if code in GRAVE_FLAGS)
    return Screening(max(whole / 2, grave) if trust is Trust.VERIFIED else whole, flags)


def _combine_weights(codes: Iterable[FlagCode]) -> float:
    return 1 - prod(1 - _WEIGHTS[code] for code in codes)
