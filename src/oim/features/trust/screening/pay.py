"""Detection of pay far above what such work pays, by a ceiling for each major group of ISCO-08."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from oim.features.opportunities import PERIODS_PER_MONTH, Draft, EmploymentDetails, PayPeriod
from oim.features.trust.screening.phrases import Sentence

MINIMUM_WAGE = 60_000  # XAF a month, since February 2024; 45,000 on farms
# XAF a month by ISCO-08 major group: generous multiples of the minimum wage, so that pay above them is not a
# good job but bait.
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
UNKNOWN_CEILING = 50 * MINIMUM_WAGE  # for offers without a recognised occupation
UNSKILLED_CEILING = 8 * MINIMUM_WAGE  # for those that say that no skill is needed
SKILLED_GROUPS = frozenset("0123")  # armed forces, managers, professionals, technicians
ABROAD_FACTOR = 6  # pay up to six times the ceiling is credible outside Cameroon

_HOUR, _DAY, _WEEK, _YEAR = (
    PERIODS_PER_MONTH[PayPeriod.HOUR],
    PERIODS_PER_MONTH[PayPeriod.DAY],
    52 / 12,
    1 / 12,
)
# How many of each period a month has, by the folded word for it.
_PERIOD_FACTORS = {
    **dict.fromkeys(("heure", "hour"), float(_HOUR)),
    **dict.fromkeys(("jour", "day"), float(_DAY)),
    **dict.fromkeys(("semaine", "week"), _WEEK),
    **dict.fromkeys(("mois", "month"), 1.0),
    **dict.fromkeys(("annee", "an", "year"), _YEAR),
}
# XAF for one unit, by the first character of the currency (euro, dollar). The euro has a fixed parity
# (655.957); the dollar's rate is approximate, which is enough for ceilings as generous as these.
_CURRENCY_FACTORS = {
    "e": 656,
    "€": 656,
    "$": 600,
    "d": 600,
}
_NUMBER_WORDS = {"un": 1, "une": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3}
_MULTIPLIERS = {"k": 1_000, "mille": 1_000, "thousand": 1_000, "million": 1_000_000, "millions": 1_000_000}
# What any sum worth a look contains: it spares most sentences the pattern below.
_PREFILTER = re.compile(r"\d{3}|\d ?[kmt]|million|mille|thousand")
# A sum for a period, in folded text: "300 000 f par jour", "$500 per week", "deux millions par mois",
# "80k/month". The number must not begin inside another one ("1,5" is no pay of 5); (?:nee)? makes "jour"
# match "journee" too.
_PAY_FOR_PERIOD = re.compile(
    r"(?P<sign>[€$])?(?:(?<![\d.,])(?P<number>\d{1,3}(?:[ .,]\d{3})+|\d+)|\b"
    rf"(?P<word>{'|'.join(_NUMBER_WORDS)}))"
    r" ?(?P<times>k|mille|thousand|millions?)?(?![a-z0-9]) ?"
    r"(?:(?:de )?(?P<unit>f ?cfa|fcfa|cfa|xaf|francs?(?: cfa)?|frs|f|euros?|€|dollars?|\$)(?![a-z]))? ?"
    r"(?:nets? |brut )?(?:par |per |a |an |every |for |chaque |la |le |l'|each |/ ?)(?:single )?"
    rf"(?P<period>{'|'.join(_PERIOD_FACTORS)})(?:nee)?\b"
)
# Sentences about money that is no pay: turnover, targets, rent, loans.
_OTHER_MONEY = re.compile(
    r"\b(?:chiffre|budget|ventes|objectif|turnover|target|sales of|recettes?|loyer|rent|capacite|production"
    r"|collect\w*|prets?|loans?)\b"
)
# "sans diplome", "ni experience", "no qualification", "gagnez", "a domicile", "easy work".
_NO_SKILL_NEEDED = re.compile(
    r"\b(?:sans (?:\w+ )?(?:experience|diplome|qualification|connaissances?)|ni experience|ni diplome"
    r"|(?:no|without) (?:\w+ )?(?:experience|certificate|qualification|diploma)"
    r"|gagnez|gagner|recevez|touchez|earn|a domicile|from home|(?:votre|your) telephone|your phone"
    r"|travail facile|easy work)\b"
)


def detect_unreal_pay(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    """The words that state pay above the ceiling; "" when only the fields do, None when nothing does."""
    ceiling = _find_ceiling(draft, " ".join(sentence.folded_text for sentence in (title, *body)))
    for sentence in (title, *body):
        for monthly, start, end in _find_sums(sentence.folded_text):
            if monthly > ceiling:
                return sentence.excerpt(start, end)
    return "" if _stated_monthly_pay(draft) > ceiling else None


def _find_ceiling(draft: Draft, text: str) -> float:
    """The highest credible pay of an offer, in XAF a month."""
    is_job = isinstance(draft.details, EmploymentDetails)
    group = draft.occupations[0][0] if is_job and draft.occupations else ""
    ceiling = CEILINGS.get(group, UNKNOWN_CEILING)
    # Skilled groups are exempt: "sans expérience" in an offer for young engineers does not make it unskilled.
    if group not in SKILLED_GROUPS and _NO_SKILL_NEEDED.search(text):
        ceiling = min(ceiling, UNSKILLED_CEILING)
    return ceiling if draft.location.country in (None, "CM") else ABROAD_FACTOR * ceiling


def _stated_monthly_pay(draft: Draft) -> float:
    """The monthly pay that the fields state, in XAF: the lower end of the range, 0 when there is none.

    Pay without a stated period is taken as yearly, the reading that accuses least.
    """
    details = draft.details
    if not isinstance(details, EmploymentDetails):
        return 0
    least = details.pay_min or details.pay_max or 0
    return least * float(PERIODS_PER_MONTH[details.pay_period or PayPeriod.YEAR])


def _find_sums(folded_text: str) -> Iterator[tuple[float, int, int]]:
    """The sums for a period that a sentence states: XAF a month, and the start and end of the words."""
    if not _PREFILTER.search(folded_text) or _OTHER_MONEY.search(folded_text):
        return
    for match in _PAY_FOR_PERIOD.finditer(folded_text):
        number = _NUMBER_WORDS.get(match["word"]) or int(re.sub(r"\D", "", match["number"]))
        unit = _CURRENCY_FACTORS.get((match["sign"] or match["unit"] or "")[:1], 1)
        yield (
            number * _MULTIPLIERS.get(match["times"], 1) * unit * _PERIOD_FACTORS[match["period"]],
            *match.span(),
        )
