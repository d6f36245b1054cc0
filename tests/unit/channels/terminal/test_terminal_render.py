"""How an answer reads on a terminal and as JSON."""

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
def found() -> dict[UUID, Opportunity]:
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


def lines(answer: Answer, found: dict[UUID, Opportunity], language: str) -> list[str]:
    return [
        line.replace("\u00a0", " ")
        for line in as_lines(answer, found, translator("en" if language == "en" else "fr"))
    ]


def test_a_card_reads_in_the_order_of_every_channel(found: dict[UUID, Opportunity]) -> None:
    answer = Answer(items=(item(LOAN, 1),), missing=(MissingInfo.AGE, MissingInfo.PLACE))
    french, english = lines(answer, found, "fr"), lines(answer, found, "en")
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
        "    + Matches the occupation: Poultry farmer",
        "    + Support for a small business, as you asked",
    ]
    assert english[2].startswith("    Loan: up to XAF 1,000,000 · Until ")
    assert english[-1] == "To improve these results, add: your year of birth, where you live."


def test_an_offer_without_an_address_is_named_by_its_id(found: dict[UUID, Opportunity]) -> None:
    bare = Draft(kind=Kind.AGR, external_id="1", title="Prêt", details=AgrDetails())
    held = {LOAN: Opportunity(id=LOAN, source="x", draft=bare, first_seen_at=now(), changed_at=now())}
    shown = lines(Answer(items=(item(LOAN, 1),), missing=()), held, "fr")
    assert shown[1:3] == [
        "    Programme non indiqué · Lieu non indiqué",
        "    Montant non indiqué · Pas de date limite indiquée",
    ]
    assert f"    {LOAN}" in shown


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Aucune offre ne convient encore. Essayez d’autres mots, ou moins de conditions."),
        ("en", "No offer fits yet. Try other words, or fewer conditions."),
    ],
)
def test_no_offer_is_said(language: str, said: str) -> None:
    assert lines(Answer(items=(), missing=()), {}, language) == [said]
    assert lines(Answer(items=(item(GONE, 1),), missing=()), {}, language) == [said]


def test_an_offer_gone_meanwhile_is_left_out(found: dict[UUID, Opportunity]) -> None:
    answer = Answer(items=(item(GONE, 1), item(LOAN, 2)), missing=())
    assert lines(answer, found, "fr")[0].startswith(" 2. ")
    assert [one["rank"] for one in as_json(answer, found, translator("fr"))["items"]] == [2]


@pytest.mark.parametrize(
    ("language", "reason", "place"),
    [
        ("fr", "Correspond au métier : Éleveur", "Mbouda, Ouest"),
        ("en", "Matches the occupation: Poultry farmer", "Mbouda, West"),
    ],
)
def test_json_tells_the_same(found: dict[UUID, Opportunity], language: str, reason: str, place: str) -> None:
    answer = Answer(items=(item(LOAN, 1),), missing=(MissingInfo.AGE,), took_ms=3.5)
    told = as_json(answer, found, translator("en" if language == "en" else "fr"))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    (one,) = told["items"]
    assert [r["code"] for r in one["reasons"]] == ["words", "occupation", "kind"]
    assert one["reasons"][1]["text"].replace("\u00a0", " ") == reason
    assert (one["id"], one["kind"], one["place"], one["region"]) == (str(LOAN), "agr", place, "CM-OU")
    assert told["missing"][0]["code"] == "age"
    assert told["took_ms"] == 3.5


MC2 = Need(Criterion.MEMBERSHIP, {"name": "MC2"}, changeable=True)


def test_an_almost_eligible_offer_says_what_to_do_first(found: dict[UUID, Opportunity]) -> None:
    verdict = Verdict(state=State.NOT_ELIGIBLE, missing=(MC2,))
    one = replace(item(LOAN, 1), verdict=verdict, steps=(Step(need=MC2, locality="Mbouda"),))
    answer = Answer(items=(one,), missing=())
    assert lines(answer, found, "fr")[6:8] == [
        "    ~ Presque pour vous : d’abord, faites ceci",
        "      1. Devenez membre : MC2, à Mbouda",
    ]
    [told] = as_json(answer, found, translator("en"))["items"]
    assert (told["eligibility"]["state"], told["eligibility"]["almost"]) == ("not_eligible", True)
    assert told["eligibility"]["missing"][0]["text"] == "Become a member: MC2"
    assert told["steps"] == [{"code": "membership", "text": "Become a member: MC2, in Mbouda", "id": None}]


def test_an_open_condition_is_asked_unless_it_is_a_paper(found: dict[UUID, Opportunity]) -> None:
    papers = Need(Criterion.DOCUMENTS, {"names": ["CNI"]})
    for need, asked in ((MC2, True), (papers, False)):
        one = replace(item(LOAN, 1), verdict=Verdict(state=State.UNKNOWN, unknown=(need,)))
        shown = lines(Answer(items=(one,), missing=()), found, "fr")
        assert ("    ? Êtes-vous membre : MC2 ?" in shown) is asked
        told = as_json(Answer(items=(one,), missing=()), found, translator("fr"))["items"][0]
        assert told["eligibility"]["ask"]["code"] == need.criterion.value
