"""The texts of every reason and of every missing information, in both languages."""

import pytest

from oim.channels.wording import render_missing, render_reason
from oim.features.matching.answer import MissingInfo, Reason, ReasonCode
from oim.kit.i18n import translator

FR, EN = translator("fr"), translator("en")
LABELS = {"code": "7531", "label_fr": "couturier", "label_en": "tailor"}

REASON_TEXTS = [
    (
        ReasonCode.WORDS,
        {"words": ["python", "web"]},
        "Vous avez parlé de : python, web",
        "You mentioned: python, web",
    ),
    (ReasonCode.MEANING, {}, "Proche de ce que vous cherchez", "Close to what you are looking for"),
    (ReasonCode.OCCUPATION, LABELS, "Correspond au métier : couturier", "Matches the trade: tailor"),
    (
        ReasonCode.SAME_COMMUNE,
        {"place": "CM-LT-0101"},
        "Dans votre ville : Douala",
        "In your town: Douala",
    ),
    (
        ReasonCode.SAME_DEPARTMENT,
        {"place": "CM-OU-02"},
        "Dans votre département : Bamboutos",
        "In your department: Bamboutos",
    ),
    (
        ReasonCode.SAME_DEPARTMENT,
        {"place": "CM-OU-01"},
        "Dans votre ville : Bafoussam",
        "In your town: Bafoussam",
    ),
    (ReasonCode.SAME_REGION, {"place": "CM-OU"}, "Dans votre région : Ouest", "In your region: West"),
    (ReasonCode.DISTANCE, {"km": 12}, "À 12 km de chez vous", "12 km from where you live"),
    (
        ReasonCode.NAMED_PLACE,
        {"place": "Bonabéri"},
        "Dans un lieu dont vous avez parlé : Bonabéri",
        "In a place you named: Bonabéri",
    ),
    (
        ReasonCode.LIKENESS,
        {},
        "Assez proche de ce que vous cherchez",
        "Somewhat close to what you are looking for",
    ),
    (
        ReasonCode.RELATED_OCCUPATION,
        LABELS,
        "Proche de votre métier : couturier",
        "Close to your trade: tailor",
    ),
    (
        ReasonCode.MEANT_OCCUPATION,
        LABELS,
        "Proche d’un métier que vos mots évoquent : couturier",
        "Near a trade that your words suggest: tailor",
    ),
    (
        ReasonCode.AROUND,
        {"place": "CM-OU", "of": "Bafoussam"},
        "Dans la même zone que Bafoussam : Ouest",
        "In the same area as Bafoussam: West",
    ),
    (ReasonCode.EARLIER, {"days": 45}, "Publiée il y a 45 jours", "Published 45 days ago"),
    (ReasonCode.FIRST_SEEN, {"days": 0}, "Trouvée aujourd’hui", "Found today"),
    (ReasonCode.FIRST_SEEN, {"days": 2}, "Trouvée il y a 2 jours", "Found 2 days ago"),
    (ReasonCode.NO_EXPERIENCE, {}, "Ne demande pas d’expérience", "Asks for no experience"),
    (
        ReasonCode.EXPERIENCE_FITS,
        {"years": 2},
        "Votre expérience suffit : 2 ans demandés",
        "Your experience is enough: 2 years asked for",
    ),
    (
        ReasonCode.OPEN_TO_ALL,
        {},
        "Aucune condition d’âge, de situation ni de diplôme",
        "No condition of age, situation or schooling",
    ),
    (
        ReasonCode.FOR_REGION,
        {"place": "CM-OU"},
        "Pour les habitants de : Ouest",
        "For people who live in: West",
    ),
    (ReasonCode.RECENT, {"days": 0}, "Publiée aujourd’hui", "Published today"),
    (ReasonCode.RECENT, {"days": 1}, "Publiée il y a 1 jour", "Published 1 day ago"),
    (ReasonCode.RECENT, {"days": 3}, "Publiée il y a 3 jours", "Published 3 days ago"),
    (
        ReasonCode.KIND,
        {"kind": "training"},
        "Une formation, comme vous le demandez",
        "A training course, as you asked",
    ),
    (ReasonCode.BEGINNERS, {}, "Débutants acceptés", "Beginners welcome"),
    (
        ReasonCode.FOR_STATUS,
        {"status": "returnee"},
        "Pour les personnes de retour de l’étranger",
        "For people back from abroad",
    ),
    (ReasonCode.FOR_WOMEN, {}, "Pour les femmes", "For women"),
    (
        ReasonCode.AGE_FITS,
        {"age_min": 18, "age_max": 35},
        "Votre âge convient : de 18 à 35 ans",
        "Your age fits: 18 to 35 years",
    ),
    (
        ReasonCode.AGE_FITS,
        {"age_min": 18, "age_max": None},
        "Votre âge convient : à partir de 18 ans",
        "Your age fits: from 18 years",
    ),
    (
        ReasonCode.AGE_FITS,
        {"age_max": 35},
        "Votre âge convient : jusqu’à 35 ans",
        "Your age fits: up to 35 years",
    ),
    (
        ReasonCode.EDUCATION_FITS,
        {"level": 8},
        "Votre niveau d’études suffit : Doctorat",
        "Your education is enough: Doctorate",
    ),
]


@pytest.mark.parametrize(("code", "values", "french", "english"), REASON_TEXTS)
def test_a_reason_is_one_short_line(
    code: ReasonCode, values: dict[str, object], french: str, english: str
) -> None:
    assert render_reason(Reason(code, values), FR).replace("\u00a0", " ") == french
    assert render_reason(Reason(code, values), EN).replace("\u00a0", " ") == english


def test_every_reason_code_has_a_text() -> None:
    assert {code for code, *_ in REASON_TEXTS} == set(ReasonCode)


def test_every_missing_information_has_its_own_text() -> None:
    for t in (FR, EN):
        assert len({render_missing(missing, t) for missing in MissingInfo}) == len(MissingInfo)
