"""An answer of the engine as lines on a terminal and as JSON."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from oim.channels.terminal import as_json, as_lines
from oim.features.matching.answer import Answer, MissingInfo, Reason, ReasonCode, Recommendation
from oim.features.matching.index import Card
from oim.features.matching.verdict import Criterion, Need, State, Step, Verdict
from oim.features.opportunities import AgrDetails, AgrForm, Draft, Kind, Location, Opportunity
from oim.kit.clock import now
from oim.kit.i18n import translator

LOAN, GONE = UUID(int=1), UUID(int=2)


def item(id_: UUID, rank: int) -> Recommendation:
    reasons = (
        Reason(ReasonCode.WORDS, {"words": ["poulets", "prêt"]}, 0.4),
        Reason(
            ReasonCode.OCCUPATION, {"code": "6122", "label_fr": "Éleveur", "label_en": "Poultry farmer"}, 0.2
        ),
        Reason(ReasonCode.KIND, {"kind": "agr"}, 0.1),
    )
    card = Card(title="", kind=Kind.AGR)
    return Recommendation(id=id_, rank=rank, score=0.7, parts={"text": 0.7}, reasons=reasons, card=card)


@pytest.fixture
def offers() -> dict[UUID, Opportunity]:
    draft = Draft(
        kind=Kind.AGR,
        external_id="1",
        title="Prêt avicole [bold] :car:",
        organisation="MC2",
        location=Location(country="CM", region="CM-OU", locality="Mbouda"),
        details=AgrDetails(form=AgrForm.LOAN, amount_max=1_000_000),
        url="https://example.org/1",
        valid_through=now() + timedelta(days=200),
    )
    return {LOAN: Opportunity(id=LOAN, source="test", draft=draft, first_seen_at=now(), changed_at=now())}


def lines(answer: Answer, offers: dict[UUID, Opportunity], language: str) -> list[str]:
    return [
        line.replace("\u00a0", " ")
        for line in as_lines(answer, offers, translator("en" if language == "en" else "fr"))
    ]


def test_an_offer_has_its_lines_in_the_order_of_every_channel(offers: dict[UUID, Opportunity]) -> None:
    answer = Answer(items=(item(LOAN, 1),), missing=(MissingInfo.AGE, MissingInfo.PLACE))
    french, english = lines(answer, offers, "fr"), lines(answer, offers, "en")
    until = french[2].partition("Jusqu’au ")[2]
    assert until
    assert french == [
        " 1. [Activité] Prêt avicole [bold] :car:",
        "    MC2 · Mbouda, Ouest",
        f"    Prêt : jusqu’à 1 000 000 FCFA · Jusqu’au {until}",
        "    + Vous avez parlé de : poulets, prêt",
        "    + Correspond au métier : Éleveur",
        "    + Un appui à une activité, comme vous le demandez",
        "    https://example.org/1",
        "",
        "Pour de meilleures réponses, ajoutez : votre année de naissance, l’endroit où vous vivez.",
    ]
    assert english[1:6] == [
        "    MC2 · Mbouda, West",
        english[2],
        "    + You mentioned: poulets, prêt",
        "    + Matches the trade: Poultry farmer",
        "    + Support for a small business, as you asked",
    ]
    assert english[2].startswith("    Loan: up to XAF 1,000,000 · Until ")
    assert english[-1] == "To improve these results, add: your year of birth, where you live."


def test_an_offer_without_an_address_is_named_by_its_id(offers: dict[UUID, Opportunity]) -> None:
    bare = Draft(kind=Kind.AGR, external_id="1", title="Prêt", details=AgrDetails())
    bare_offers = {LOAN: Opportunity(id=LOAN, source="x", draft=bare, first_seen_at=now(), changed_at=now())}
    shown = lines(Answer(items=(item(LOAN, 1),), missing=()), bare_offers, "fr")
    assert shown[1:3] == [
        "    Programme non indiqué · Lieu non indiqué",
        "    Montant non indiqué · Pas de date limite indiquée",
    ]
    assert f"    {LOAN}" in shown


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("fr", "Aucune offre ne convient encore. Essayez d’autres mots, ou moins de conditions."),
        ("en", "No offer fits yet. Try other words, or fewer conditions."),
    ],
)
def test_a_message_says_that_no_offer_fits(language: str, message: str) -> None:
    assert lines(Answer(items=(), missing=()), {}, language) == [message]
    assert lines(Answer(items=(item(GONE, 1),), missing=()), {}, language) == [message]


def test_an_offer_that_is_gone_is_left_out(offers: dict[UUID, Opportunity]) -> None:
    answer = Answer(items=(item(GONE, 1), item(LOAN, 2)), missing=())
    assert lines(answer, offers, "fr")[0].startswith(" 2. ")
    assert [
        recommendation["rank"] for recommendation in as_json(answer, offers, translator("fr"))["items"]
    ] == [2]


@pytest.mark.parametrize(
    ("language", "reason", "place"),
    [
        ("fr", "Correspond au métier : Éleveur", "Mbouda, Ouest"),
        ("en", "Matches the trade: Poultry farmer", "Mbouda, West"),
    ],
)
def test_json_has_the_same_content(
    offers: dict[UUID, Opportunity], language: str, reason: str, place: str
) -> None:
    answer = Answer(items=(item(LOAN, 1),), missing=(MissingInfo.AGE,), took_ms=3.5)
    values = as_json(answer, offers, translator("en" if language == "en" else "fr"))
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    (recommendation,) = values["items"]
    assert [r["code"] for r in recommendation["reasons"]] == ["words", "occupation", "kind"]
    assert recommendation["reasons"][1]["text"].replace("\u00a0", " ") == reason
    assert (
        recommendation["id"],
        recommendation["kind"],
        recommendation["place"],
        recommendation["region"],
    ) == (str(LOAN), "agr", place, "CM-OU")
    assert values["missing"][0]["code"] == "age"
    assert values["took_ms"] == 3.5


MC2 = Need(Criterion.MEMBERSHIP, {"name": "MC2"}, changeable=True)


def test_an_almost_eligible_offer_says_what_to_do_first(offers: dict[UUID, Opportunity]) -> None:
    verdict = Verdict(state=State.NOT_ELIGIBLE, missing=(MC2,))
    recommendation = replace(item(LOAN, 1), verdict=verdict, steps=(Step(need=MC2, locality="Mbouda"),))
    answer = Answer(items=(recommendation,), missing=())
    assert lines(answer, offers, "fr")[6:8] == [
        "    ~ Presque pour vous : d’abord, faites ceci",
        "      1. Devenez membre d’une MC2, à Mbouda",
    ]
    [values] = as_json(answer, offers, translator("en"))["items"]
    assert (values["eligibility"]["state"], values["eligibility"]["almost"]) == ("not_eligible", True)
    assert values["eligibility"]["missing"][0]["text"] == "Become a member of an MC2"
    assert values["steps"] == [
        {"code": "membership", "text": "Become a member of an MC2, in Mbouda", "id": None}
    ]


def test_an_unknown_condition_is_asked_about_unless_it_is_a_document(offers: dict[UUID, Opportunity]) -> None:
    papers = Need(Criterion.DOCUMENTS, {"names": ["CNI"]})
    for need, is_asked in ((MC2, True), (papers, False)):
        recommendation = replace(item(LOAN, 1), verdict=Verdict(state=State.UNKNOWN, unknown=(need,)))
        shown = lines(Answer(items=(recommendation,), missing=()), offers, "fr")
        assert ("    ? Êtes-vous membre d’une MC2 ?" in shown) is is_asked
        values = as_json(Answer(items=(recommendation,), missing=()), offers, translator("fr"))["items"][0]
        assert values["eligibility"]["ask"]["code"] == need.criterion.value


@pytest.mark.parametrize(
    ("language", "sentence"), [("fr", "comparées seulement par vos mots"), ("en", "by your words only")]
)
@pytest.mark.parametrize("words_only", [True, False])
def test_an_answer_by_words_alone_says_so(
    offers: dict[UUID, Opportunity], language: str, sentence: str, words_only: bool
) -> None:
    answer = Answer(items=(item(LOAN, 1),), missing=(), words_only=words_only)
    assert any(sentence in line for line in lines(answer, offers, language)) is words_only
