"""A recommendation on one line: for WhatsApp, and for USSD in 60 characters of GSM 03.38."""

import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from test_wording_reasons import REASON_TEXTS

from oim.channels.wording import (
    render_improvement,
    render_improvement_ussd,
    render_reasons_ussd,
    render_reasons_whatsapp,
)
from oim.channels.wording.gsm import gsm_length, to_gsm
from oim.features.matching.answer import MissingInfo, Reason, ReasonCode, Recommendation
from oim.features.matching.index import Card
from oim.features.matching.verdict import Criterion, Need, State, Step, Verdict
from oim.features.opportunities import Kind, Status
from oim.kit.i18n import Language, translator

LANGUAGES: tuple[Language, ...] = ("fr", "en")
FR, EN = translator("fr"), translator("en")
TRADE = Reason(ReasonCode.OCCUPATION, {"code": "7531", "label_fr": "Couturier", "label_en": "Tailor"}, 0.2)
WORDS = Reason(ReasonCode.WORDS, {"words": ["couturière", "atelier"]}, 0.3)
HERE = Reason(ReasonCode.SAME_REGION, {"place": "CM-OU"}, 0.1)
LEVEL = Need(Criterion.EDUCATION, {"level": 3}, changeable=True)


def item(*reasons: Reason, **values: Any) -> Recommendation:
    card = Card(title="Couturière", kind=Kind.EMPLOYMENT)
    return Recommendation(id=UUID(int=1), rank=1, score=0.5, parts={}, reasons=reasons, card=card, **values)


def test_the_whatsapp_line_has_the_reasons_and_what_to_add() -> None:
    recommendation = item(WORDS, HERE, improve=MissingInfo.EXPERIENCE)
    assert render_reasons_whatsapp(recommendation, FR) == (
        "Vous avez parlé de\u00a0: couturière, atelier · Dans votre région\u00a0: Ouest. "
        "Pour aller plus loin\u00a0: Dites-nous vos années d’expérience"
    ).replace("\u00a0", " ")
    assert render_reasons_whatsapp(replace(recommendation, improve=None), EN) == (
        "You mentioned: couturière, atelier · In your region: West"
    )


def test_words_of_a_person_cannot_format_a_whatsapp_message() -> None:
    hostile = Reason(ReasonCode.WORDS, {"words": ["*gras*", "_bas_", "une\nligne"]}, 0.3)
    assert not re.search(r"[*_~`\n]", render_reasons_whatsapp(item(hostile), FR))


def test_a_ussd_line_contains_as_many_reasons_as_fit() -> None:
    assert (
        render_reasons_ussd(item(WORDS, TRADE, HERE), EN)
        == "You said: couturière, atelier; Your trade: Tailor"
    )
    assert render_reasons_ussd(item(TRADE, HERE), FR) == "Votre métier : Couturier; Dans votre région"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "values"), [(code, values) for code, values, *_ in REASON_TEXTS])
def test_every_reason_fits_a_ussd_line_untruncated(
    code: ReasonCode, values: dict[str, Any], language: Language
) -> None:
    line = render_reasons_ussd(item(Reason(code, values, 0.1)), translator(language))
    assert 0 < gsm_length(line) <= 60
    assert to_gsm(line) == line
    assert not line.endswith("...")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", Status)
def test_every_situation_fits_a_ussd_line_untruncated(status: Status, language: Language) -> None:
    line = render_reasons_ussd(
        item(Reason(ReasonCode.FOR_STATUS, {"status": status.value}, 0.1)), translator(language)
    )
    assert 0 < gsm_length(line) <= 60
    assert not line.endswith("...")


def test_a_long_first_reason_is_truncated_between_words() -> None:
    words = ["électromécanicien", "réfrigération", "climatisation", "soudure"]
    line = render_reasons_ussd(item(Reason(ReasonCode.WORDS, {"words": words}, 0.1), HERE), FR)
    assert line == "Vous avez dit : électromécanicien, réfrigération..."


def test_the_improvement_is_a_step_then_a_question_then_missing_information() -> None:
    near_eligible = Verdict(state=State.NOT_ELIGIBLE, missing=(LEVEL,))
    course = Step(need=LEVEL, offer=UUID(int=2), title="Cours du soir", organisation="Lycée")
    recommendation = item(HERE, verdict=near_eligible, steps=(course,), improve=MissingInfo.TEXT)
    assert "Cours du soir" in (render_improvement(recommendation, FR) or "")
    uncertain = Verdict(state=State.UNKNOWN, unknown=(LEVEL,))
    assert (render_improvement(item(HERE, verdict=uncertain), EN) or "").startswith(
        "Do you have at least the Bacc"
    )
    assert render_improvement(item(HERE, improve=MissingInfo.PLACE), EN) == "Tell us where you live"
    assert render_improvement(item(HERE), EN) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("missing", MissingInfo)
def test_every_improvement_fits_a_ussd_line_untruncated(missing: MissingInfo, language: Language) -> None:
    line = render_improvement_ussd(item(HERE, improve=missing), translator(language))
    assert 0 < gsm_length(line) <= 60
    assert not line.endswith("...")
    assert render_improvement_ussd(item(HERE), translator(language)) == ""
