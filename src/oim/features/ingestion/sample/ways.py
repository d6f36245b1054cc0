"""How each sample offer is answered: numbers that nobody has, and hosts that cannot exist.

Cameroon reserves no numbers for fiction. The blocks below are in its plan, so that they are read as numbers,
but no exchange has the code 00, and the service that 243 was given to has closed.
"""

from __future__ import annotations

import re
from random import Random
from typing import Any

from oim.kit.i18n import Language
from oim.kit.text import fold

# By region: an exchange of Yaoundé or of Douala. Mobile numbers of 243 were of a network that closed.
_SOUTH_REGIONS = frozenset({"CM-CE", "CM-SU", "CM-ES"})
_FIXED_BLOCKS = {True: "+237 222 00", False: "+237 233 00"}
_MOBILE_BLOCK = "+237 243 00"
# What offers of each kind give, one of which is drawn. Real programmes give the office alone, and no number.
_CHOICES: dict[str, tuple[tuple[str, ...], ...]] = {
    "employment": (
        ("apply_phone",),
        ("apply_whatsapp", "apply_phone"),
        ("apply_email", "apply_phone"),
        ("apply_url",),
        ("apply_phone", "apply_address"),
    ),
    "training": (
        ("apply_phone", "apply_address"),
        ("apply_whatsapp", "apply_phone"),
        ("apply_email", "apply_address"),
        ("apply_url", "apply_phone"),
    ),
    "agr": (("apply_agency",),),
}
_OFFICES = {
    "fr": ("À l'accueil : {organisation}, {town}", "du lundi au vendredi, de 8 h à 15 h"),
    "en": ("At the reception: {organisation}, {town}", "Monday to Friday, from 8 a.m. to 3 p.m."),
}
_AGENCIES = {
    "fr": "Bureau {organisation} le plus proche de {town}",
    "en": "{organisation} office nearest to {town}",
}
_PAGE = re.compile(r"page de l'offre|en ligne|offer's page|online")  # in folded text
# Invented organisations that receive applications on OIM, once the sample is loaded: see `apps.cli.tools`.
ANSWERED_HERE = (
    "Hôtel du Lac (Bafoussam)",
    "Bright Home Electrical Works (Bamenda)",
    "Eau et Forages du Septentrion (Garoua)",
    "Entreprise de bâtiment du Wouri (Douala)",
)


def draw_ways(record: dict[str, Any], language: Language, rng: Random) -> dict[str, str]:
    """Draw the ways to answer a sample record, by the names of our own fields."""
    kind = record["kind"]
    names = set(rng.choice(_CHOICES[kind]))
    if kind != "agr" and _PAGE.search(fold(record["description"])):
        names.add("apply_url")
    digits = f"{rng.randrange(10_000):04d}"
    block = _FIXED_BLOCKS[record["region"] in _SOUTH_REGIONS]
    place = {"organisation": record["organisation"].partition(" (")[0], "town": record["locality"]}
    office, hours = _OFFICES[language]
    host = f"{re.sub(r'[^a-z0-9]+', '-', fold(place['organisation'])).strip('-')}.example"
    ways = {
        "apply_phone": f"{block} {digits[:2]} {digits[2:]}",
        "apply_whatsapp": f"{_MOBILE_BLOCK} {digits[:2]} {digits[2:]}",
        "apply_email": f"emploi@{host}" if language == "fr" else f"jobs@{host}",
        "apply_url": f"https://www.{host}/{record['id']}",
        "apply_address": office.format(**place),
        "apply_hours": hours,
        "apply_agency": _AGENCIES[language].format(**place),
    }
    with_hours = names | ({"apply_hours"} if names & {"apply_address", "apply_agency"} else set())
    return {name: way for name, way in ways.items() if name in with_hours}
