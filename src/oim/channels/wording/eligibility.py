"""Who an offer is for, one condition a line."""

from __future__ import annotations

from oim.channels.wording.labels import EDUCATION, STATUSES
from oim.channels.wording.offers import place_name
from oim.features.opportunities import Eligibility, Gender
from oim.kit.i18n import Translator, mark

_GENDER_CONDITIONS = {
    Gender.FEMALE: mark("For women only"),
    Gender.MALE: mark("For men only"),
}


def render_conditions(eligibility: Eligibility, t: Translator) -> list[str]:
    """The conditions stated, in the order people ask for them; none where none is stated."""
    lines = [
        _age(eligibility.age_min, eligibility.age_max, t),
        t(_GENDER_CONDITIONS[eligibility.gender]) if eligibility.gender else None,
        _join_names(
            mark("For: %(names)s"), [t(STATUSES[status]).lower() for status in eligibility.statuses], t
        ),
        _join_names(
            mark("You live in: %(names)s"), [place_name(code, t) or code for code in eligibility.regions], t
        ),
        _education(eligibility.education_min, t),
        _join_names(
            mark("Member of: %(names)s"), [eligibility.membership] if eligibility.membership else [], t
        ),
        _join_names(mark("Papers to provide: %(names)s"), list(eligibility.documents), t),
    ]
    return [line for line in lines if line]


def _age(low: int | None, high: int | None, t: Translator) -> str | None:
    if low is None:
        return None if high is None else t("Age: up to %(high)s years", high=high)
    if high is None:
        return t("Age: from %(low)s years", low=low)
    return t("Age: %(low)s to %(high)s years", low=low, high=high)


def _join_names(message: str, names: list[str], t: Translator) -> str | None:
    return t(message, names=", ".join(names)) if names else None


def _education(level: int | None, t: Translator) -> str | None:
    if not level:
        return None
    return t("Least level of education: %(level)s", level=t(EDUCATION[level]))
