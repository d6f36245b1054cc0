"""Whether pay is far above what such work pays: ceilings for each major group of ISCO-08."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from oim.features.opportunities import MONTHLY, Draft, EmploymentDetails, PayPeriod
from oim.features.trust.screening.phrases import Sentence

MINIMUM = 60_000  # XAF a month, since February 2024; 45,000 on farms
# Multiples of the minimum wage, generous: what is above is not a good job but bait.
CEILINGS = {
    "1": 100 * MINIMUM,  # managers
    "2": 50 * MINIMUM,  # professionals
    "3": 25 * MINIMUM,  # technicians
    "4": 8 * MINIMUM,  # clerks
    "5": 7 * MINIMUM,  # services and sales
    "6": 6 * MINIMUM,  # farmers
    "7": 8 * MINIMUM,  # crafts
    "8": 8 * MINIMUM,  # drivers and operators
    "9": 5 * MINIMUM,  # elementary work
    "0": 25 * MINIMUM,  # armed forces
}
UNTOLD = 50 * MINIMUM  # work that links to no occupation
UNSKILLED = 8 * MINIMUM  # the same, where it says that nothing needs to be known
SKILLED = frozenset("0123")
ABROAD = 6  # times as much is credible there

_HOUR, _DAY, _WEEK, _YEAR = MONTHLY[PayPeriod.HOUR], MONTHLY[PayPeriod.DAY], 52 / 12, 1 / 12
_PERIODS = {
    **dict.fromkeys(("heure", "hour"), float(_HOUR)),
    **dict.fromkeys(("jour", "day"), float(_DAY)),
    **dict.fromkeys(("semaine", "week"), _WEEK),
    **dict.fromkeys(("mois", "month"), 1.0),
    **dict.fromkeys(("annee", "an", "year"), _YEAR),
}
_UNITS = {"e": 656, "€": 656, "$": 600, "d": 600}  # XAF, by the first letter; the dollar's is about right
_NUMBERS = {"un": 1, "une": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3}
_TIMES = {"k": 1_000, "mille": 1_000, "thousand": 1_000, "million": 1_000_000, "millions": 1_000_000}
_ABOUT = re.compile(r"\d{3}|\d ?[kmt]|million|mille|thousand")
_SUM = re.compile(
    r"(?P<sign>[€$])?(?:(?<![\d.,])(?P<number>\d{1,3}(?:[ .,]\d{3})+|\d+)|\b"
    rf"(?P<word>{'|'.join(_NUMBERS)}))"
    r" ?(?P<times>k|mille|thousand|millions?)?(?![a-z0-9]) ?"
    r"(?:(?:de )?(?P<unit>f ?cfa|fcfa|cfa|xaf|francs?(?: cfa)?|frs|f|euros?|€|dollars?|\$)(?![a-z]))? ?"
    r"(?:nets? |brut )?(?:par |per |a |an |every |for |chaque |la |le |l'|each |/ ?)(?:single )?"
    rf"(?P<period>{'|'.join(_PERIODS)})(?:nee)?\b"
)
_NO_PAY = re.compile(
    r"\b(?:chiffre|budget|ventes|objectif|turnover|target|sales of|recettes?|loyer|rent|capacite|production"
    r"|collect\w*|prets?|loans?)\b"
)
_NOTHING_ASKED = re.compile(
    r"\b(?:sans (?:\w+ )?(?:experience|diplome|qualification|connaissances?)|ni experience|ni diplome"
    r"|(?:no|without) (?:\w+ )?(?:experience|certificate|qualification|diploma)"
    r"|gagnez|gagner|recevez|touchez|earn|a domicile|from home|(?:votre|your) telephone|your phone"
    r"|travail facile|easy work)\b"
)


def unreal_pay(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    """The words of pay that such work does not pay; empty where its fields alone state it."""
    most = _ceiling(draft, " ".join(sentence.folded for sentence in (title, *body)))
    for sentence in (title, *body):
        for monthly, start, end in _sums(sentence.folded):
            if monthly > most:
                return sentence.excerpt(start, end)
    return "" if _stated(draft) > most else None


def _ceiling(draft: Draft, text: str) -> float:
    is_job = isinstance(draft.details, EmploymentDetails)
    group = draft.occupations[0][0] if is_job and draft.occupations else ""
    most = CEILINGS.get(group, UNTOLD)
    if group not in SKILLED and _NOTHING_ASKED.search(text):
        most = min(most, UNSKILLED)
    return most if draft.location.country in (None, "CM") else ABROAD * most


def _stated(draft: Draft) -> float:
    """Pay a month as the fields state it, by its lower end; for no stated period, as if for a year."""
    details = draft.details
    if not isinstance(details, EmploymentDetails):
        return 0
    least = details.pay_min or details.pay_max or 0
    return least * float(MONTHLY[details.pay_period or PayPeriod.YEAR])


def _sums(folded: str) -> Iterator[tuple[float, int, int]]:
    """The sums that a sentence gives for a period: XAF a month, and where they stand."""
    if not _ABOUT.search(folded) or _NO_PAY.search(folded):
        return
    for found in _SUM.finditer(folded):
        number = _NUMBERS.get(found["word"]) or int(re.sub(r"\D", "", found["number"]))
        unit = _UNITS.get((found["sign"] or found["unit"] or "")[:1], 1)
        yield number * _TIMES.get(found["times"], 1) * unit * _PERIODS[found["period"]], *found.span()
