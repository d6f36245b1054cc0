"""Whether pay is far above what such work pays: ceilings for each major group of ISCO-08."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from oim.features.opportunities import PERIODS_PER_MONTH, Draft, EmploymentDetails, PayPeriod
from oim.features.trust.screening.phrases import Sentence

MINIMUM_WAGE = 60_000  # XAF a month, since February 2024; 45,000 on farms
# Multiples of the minimum wage, generous: what is above is not a good job but bait.
CEILINGS = {
    "1": 100 * MINIMUM_WAGE,  # managers
    "2": 50 * MINIMUM_WAGE,  # professionals
    "3": 25 * MINIMUM_WAGE,  # technicians
    "4": 8 * MINIMUM_WAGE,  # clerks
    "5": 7 * MINIMUM_WAGE,  # services and sales
    "6": 6 * MINIMUM_WAGE,  # farmers
    "7": 8 * MINIMUM_WAGE,  # crafts
    "8": 8 * MINIMUM_WAGE,  # drivers and operators
    "9": 5 * MINIMUM_WAGE,  # elementary work
    "0": 25 * MINIMUM_WAGE,  # armed forces
}
UNKNOWN_CEILING = 50 * MINIMUM_WAGE  # work that links to no occupation
UNSKILLED_CEILING = 8 * MINIMUM_WAGE  # the same, where it says that nothing needs to be known
SKILLED_GROUPS = frozenset("0123")
ABROAD_FACTOR = 6  # times as much is credible there

_HOUR, _DAY, _WEEK, _YEAR = (
    PERIODS_PER_MONTH[PayPeriod.HOUR],
    PERIODS_PER_MONTH[PayPeriod.DAY],
    52 / 12,
    1 / 12,
)
_PERIOD_FACTORS = {
    **dict.fromkeys(("heure", "hour"), float(_HOUR)),
    **dict.fromkeys(("jour", "day"), float(_DAY)),
    **dict.fromkeys(("semaine", "week"), _WEEK),
    **dict.fromkeys(("mois", "month"), 1.0),
    **dict.fromkeys(("annee", "an", "year"), _YEAR),
}
_CURRENCY_FACTORS = {
    "e": 656,
    "€": 656,
    "$": 600,
    "d": 600,
}  # XAF, by the first letter; the dollar's is about right
_NUMBER_WORDS = {"un": 1, "une": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3}
_MULTIPLIERS = {"k": 1_000, "mille": 1_000, "thousand": 1_000, "million": 1_000_000, "millions": 1_000_000}
_PREFILTER = re.compile(r"\d{3}|\d ?[kmt]|million|mille|thousand")
_PAY_FOR_PERIOD = re.compile(
    r"(?P<sign>[€$])?(?:(?<![\d.,])(?P<number>\d{1,3}(?:[ .,]\d{3})+|\d+)|\b"
    rf"(?P<word>{'|'.join(_NUMBER_WORDS)}))"
    r" ?(?P<times>k|mille|thousand|millions?)?(?![a-z0-9]) ?"
    r"(?:(?:de )?(?P<unit>f ?cfa|fcfa|cfa|xaf|francs?(?: cfa)?|frs|f|euros?|€|dollars?|\$)(?![a-z]))? ?"
    r"(?:nets? |brut )?(?:par |per |a |an |every |for |chaque |la |le |l'|each |/ ?)(?:single )?"
    rf"(?P<period>{'|'.join(_PERIOD_FACTORS)})(?:nee)?\b"
)
_OTHER_MONEY = re.compile(
    r"\b(?:chiffre|budget|ventes|objectif|turnover|target|sales of|recettes?|loyer|rent|capacite|production"
    r"|collect\w*|prets?|loans?)\b"
)
_NO_SKILL_NEEDED = re.compile(
    r"\b(?:sans (?:\w+ )?(?:experience|diplome|qualification|connaissances?)|ni experience|ni diplome"
    r"|(?:no|without) (?:\w+ )?(?:experience|certificate|qualification|diploma)"
    r"|gagnez|gagner|recevez|touchez|earn|a domicile|from home|(?:votre|your) telephone|your phone"
    r"|travail facile|easy work)\b"
)


def detect_unreal_pay(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    """The words of pay that such work does not pay; empty where its fields alone state it."""
    most = _find_ceiling(draft, " ".join(sentence.folded_text for sentence in (title, *body)))
    for sentence in (title, *body):
        for monthly, start, end in _find_sums(sentence.folded_text):
            if monthly > most:
                return sentence.excerpt(start, end)
    return "" if _stated_monthly_pay(draft) > most else None


def _find_ceiling(draft: Draft, text: str) -> float:
    is_job = isinstance(draft.details, EmploymentDetails)
    group = draft.occupations[0][0] if is_job and draft.occupations else ""
    most = CEILINGS.get(group, UNKNOWN_CEILING)
    if group not in SKILLED_GROUPS and _NO_SKILL_NEEDED.search(text):
        most = min(most, UNSKILLED_CEILING)
    return most if draft.location.country in (None, "CM") else ABROAD_FACTOR * most


def _stated_monthly_pay(draft: Draft) -> float:
    """Pay a month as the fields state it, by its lower end; for no stated period, as if for a year."""
    details = draft.details
    if not isinstance(details, EmploymentDetails):
        return 0
    least = details.pay_min or details.pay_max or 0
    return least * float(PERIODS_PER_MONTH[details.pay_period or PayPeriod.YEAR])


def _find_sums(folded_text: str) -> Iterator[tuple[float, int, int]]:
    """The sums that a sentence gives for a period: XAF a month, and where they stand."""
    if not _PREFILTER.search(folded_text) or _OTHER_MONEY.search(folded_text):
        return
    for found in _PAY_FOR_PERIOD.finditer(folded_text):
        number = _NUMBER_WORDS.get(found["word"]) or int(re.sub(r"\D", "", found["number"]))
        unit = _CURRENCY_FACTORS.get((found["sign"] or found["unit"] or "")[:1], 1)
        yield (
            number * _MULTIPLIERS.get(found["times"], 1) * unit * _PERIOD_FACTORS[found["period"]],
            *found.span(),
        )
