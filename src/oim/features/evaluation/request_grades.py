"""How well an offer answers a request, by the rule that `tests/quality/README.md` states.

2: it is what was asked for; 1: it has one shortcoming; 0: it is not; -1: it does harm, as an excluded trade.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from oim.features.evaluation.judged_requests import JudgedOffer, JudgedRequest
from oim.kit.text import fold

HARM, FULL = -1, 2
YEAR = 2026  # in which the requests were written: ages are counted by it
YOUTH_MAX_AGE = 35  # an offer for no older people is for the young
MAX_FEE = 40_000  # XAF of a course that somebody who takes "anything" can pay
LEARNABLE_YEARS = 2  # of experience: from here on no work for somebody who takes "anything"
# Levels of schooling, by which a condition and a fact compare.
_LEVELS = {
    level: value
    for value, levels in (
        (0, "none"),
        (1, "class_six cm2 read_write cep fslc"),
        (2, "form_three troisieme bepc cap gce_ol"),
        (2.5, "probatoire"),
        (3, "bac gce_al capiemp"),
        (4, "technician"),
        (5, "bts hnd"),
        (6, "licence master doctorate"),
    )
    for level in levels.split()
}
_BEPC, _BAC = _LEVELS["bepc"], _LEVELS["bac"]
_GROUPS = frozenset({"returnee", "displaced", "refugee", "host"})
_TIMES = frozenset({"night", "evening", "weekend", "afternoon", "morning", "day"})
_Check = Callable[[JudgedRequest, JudgedOffer], bool]


def grade(request: JudgedRequest, offer: JudgedOffer) -> int:
    """The grade of an offer for a request, -1 to 2."""
    if any(is_harmful(request, offer) for is_harmful in _HARMS):
        return HARM
    if any(is_unrelated(request, offer) for is_unrelated in _UNRELATED):
        return 0
    personal = any(falls_short(request, offer) for falls_short in _PERSONAL_SHORTCOMINGS)
    return max(0, FULL - _is_only_near_trade(request, offer) - _is_only_near_place(request, offer) - personal)


def _list_fact(request: JudgedRequest, name: str) -> frozenset[str]:
    return frozenset(request.facts[name].split("|")) if name in request.facts else frozenset()


def _list_condition(offer: JudgedOffer, name: str, separator: str = "|") -> frozenset[str]:
    return frozenset(offer.conditions[name].split(separator)) if name in offer.conditions else frozenset()


def _find_groups(request: JudgedRequest) -> frozenset[str]:
    return _list_fact(request, "situation") & _GROUPS


def _find_age(request: JudgedRequest) -> int | None:
    if request.facts.get("age", "").isdigit():
        return int(request.facts["age"])
    return YEAR - int(request.facts["birth_year"]) if "birth_year" in request.facts else None


def _find_level(request: JudgedRequest) -> float | None:
    return max((_LEVELS.get(level, 0) for level in _list_fact(request, "schooling")), default=None)


def _find_required_level(offer: JudgedOffer) -> float:
    return _LEVELS.get(offer.conditions.get("level", ""), 0)


# Harm: what the person excluded, or what a stated fact plainly shuts them out of.
def _is_excluded(request: JudgedRequest, offer: JudgedOffer) -> bool:
    kinds = {offer.kind, offer.conditions.get("form", "")}
    places = offer.towns | {fold(offer.region)}
    return bool(request.not_trades & offer.trades or request.not_kinds & kinds or request.not_places & places)


def _is_of_other_gender(request: JudgedRequest, offer: JudgedOffer) -> bool:
    return "women_only" in offer.conditions and request.facts.get("gender") == "male"


def _is_for_other_groups(request: JudgedRequest, offer: JudgedOffer) -> bool:
    meant, groups = _list_condition(offer, "for"), _find_groups(request)
    if not meant:
        return False
    if "not_returnee" in _list_fact(request, "situation") and meant == {"returnee"}:
        return True
    return bool(groups) and not groups & meant and not meant & {"host", "youth"}


def _is_of_other_age(request: JudgedRequest, offer: JudgedOffer) -> bool:
    age = _find_age(request)
    low, high = offer.conditions.get("age_min", "0"), offer.conditions.get("age_max", "200")
    return age is not None and not int(low) <= age <= int(high)


def _lacks_paper(request: JudgedRequest, offer: JudgedOffer) -> bool:
    licences = _list_condition(offer, "licence", "+")
    return (
        ("members_only" in offer.conditions and request.facts.get("membership") == "none")
        or ("diploma" in offer.conditions and request.facts.get("has_no_certificate") == "yes")
        or ("licence" in request.facts and not licences <= _list_fact(request, "licence"))
    )


def _lacks_level(request: JudgedRequest, offer: JudgedOffer) -> bool:
    level, required = _find_level(request), _find_required_level(offer)
    return level is not None and required - level >= 1 and (required >= _BAC or level == 0)


# Unrelated: another kind, trade or place, or beyond somebody who takes anything.
def _is_of_other_kind(request: JudgedRequest, offer: JudgedOffer) -> bool:
    return bool(request.kinds) and offer.kind not in request.kinds


def _is_of_other_trade(request: JudgedRequest, offer: JudgedOffer) -> bool:
    return bool(request.trades) and not (request.trades | request.near_trades) & offer.trades


def _is_elsewhere(request: JudgedRequest, offer: JudgedOffer) -> bool:
    if not request.places or request.place_rule == "anywhere":
        return False
    return not (_is_in_place(request, offer) or offer.region in request.regions or "remote" in offer.towns)


def _is_beyond_anybody(request: JudgedRequest, offer: JudgedOffer) -> bool:
    conditions = offer.conditions
    return not request.trades and (
        "diploma" in conditions
        or (_find_required_level(offer) >= _BAC and "schooling" not in request.facts)
        or (int(conditions.get("experience", "0")) >= LEARNABLE_YEARS and "entry" not in conditions)
        or ("licence" in conditions and "licence" not in request.facts)
    )


def _is_in_place(request: JudgedRequest, offer: JudgedOffer) -> bool:
    return bool(request.places & (offer.towns | {fold(offer.region)}))


# Shortcomings: each takes one off, those of the person one together.
def _is_only_near_trade(request: JudgedRequest, offer: JudgedOffer) -> bool:
    return bool(request.trades) and not request.trades & offer.trades


def _is_only_near_place(request: JudgedRequest, offer: JudgedOffer) -> bool:
    if not request.places or request.place_rule == "anywhere" or _is_in_place(request, offer):
        return False
    return request.place_rule == "there" or offer.region not in request.regions


def _may_not_be_meant(request: JudgedRequest, offer: JudgedOffer) -> bool:
    conditions, situations = offer.conditions, _list_fact(request, "situation")
    meant, groups = _list_condition(offer, "for"), _find_groups(request)
    is_group_open = bool(groups & meant) if groups else bool(meant & {"host", "youth"})
    fund = conditions.get("members_only")
    return (
        ("women_only" in conditions and request.facts.get("gender") != "female")
        or (bool(meant) and not is_group_open)
        or (fund is not None and fund not in _list_fact(request, "membership"))
        or ("disabled_only" in conditions and "disabled" not in situations)
    )


def _lacks_part_of_level(request: JudgedRequest, offer: JudgedOffer) -> bool:
    level = _find_level(request)
    return level is not None and level < _find_required_level(offer)


def _lacks_lodging(request: JudgedRequest, offer: JudgedOffer) -> bool:
    is_lodging_asked_for = request.facts.get("housing") == "wanted"
    return is_lodging_asked_for and offer.kind == "employment" and "lodged" not in offer.conditions


def _has_other_hours(request: JudgedRequest, offer: JudgedOffer) -> bool:
    stated, hours = _list_fact(request, "hours"), offer.conditions.get("hours")
    if not stated or hours is None:
        return False
    offered = frozenset(re.split(r"_and_|_or_|_", hours))
    return offered == {"night"} if stated == {"not_night"} else not stated & offered and bool(stated & _TIMES)


def _is_course_not_asked_for(request: JudgedRequest, offer: JudgedOffer) -> bool:
    return bool(request.trades) and not request.kinds and offer.kind == "training"


def _is_hard_for_anybody(request: JudgedRequest, offer: JudgedOffer) -> bool:
    conditions = offer.conditions
    if request.trades:
        return False
    return (
        (offer.kind == "employment" and "entry" not in conditions)
        or "practised" in conditions
        or int(conditions.get("fee", "0")) > MAX_FEE
        or (
            _find_required_level(offer) == _BEPC
            and "schooling" not in request.facts
            and "entry" not in conditions
        )
    )


def _is_not_for_the_group_that_asks(request: JudgedRequest, offer: JudgedOffer) -> bool:
    situations, conditions = _list_fact(request, "situation"), offer.conditions
    groups = (_find_groups(request) - {"host"}) | (situations & {"youth", "disabled"})
    if request.trades or not groups:
        return False
    is_for_youth = int(conditions.get("age_max", "99")) <= YOUTH_MAX_AGE or "apprenticeship" in conditions
    return not (
        groups & _list_condition(offer, "for")
        or ("disabled" in groups and "disabled_only" in conditions)
        or ("youth" in groups and is_for_youth)
    )


_HARMS: tuple[_Check, ...] = (
    _is_excluded,
    _is_of_other_gender,
    _is_for_other_groups,
    _is_of_other_age,
    _lacks_paper,
    _lacks_level,
)
_UNRELATED: tuple[_Check, ...] = (_is_of_other_kind, _is_of_other_trade, _is_elsewhere, _is_beyond_anybody)
_PERSONAL_SHORTCOMINGS: tuple[_Check, ...] = (
    _may_not_be_meant,
    _lacks_part_of_level,
    _lacks_lodging,
    _has_other_hours,
    _is_course_not_asked_for,
    _is_hard_for_anybody,
    _is_not_for_the_group_that_asks,
)
