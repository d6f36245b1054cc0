"""What the index holds of an offer, what it asks, and what it answers over the wire."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_factory import NOW, cards, hits, offer, profiles, ranked, unit

from oim.features.matching import index_payload as answered
from oim.features.matching import index_payload as kept
from oim.features.matching.answer import ANSWER, Answer
from oim.features.matching.bm25 import hash_stem, stem_query
from oim.features.matching.documents import build_document, build_passage, hash_passage
from oim.features.matching.explanation import explain
from oim.features.matching.index import Card, Document, IndexQuery
from oim.features.matching.profile import PROFILE, Profile
from oim.features.matching.retrieval import build_query
from oim.features.matching.understanding import understand
from oim.features.opportunities import (
    AgrDetails,
    AgrForm,
    Draft,
    Eligibility,
    EmploymentDetails,
    Gender,
    Kind,
    Location,
    Opportunity,
    Status,
    TrainingDetails,
)

SEEN = datetime(2026, 11, 20, tzinfo=UTC)
DRAFT = Draft(
    kind=Kind.EMPLOYMENT,
    external_id="1",
    title="Couturier / couturière (H/F)",
    description="Atelier de confection.\n\n  Vous cousez des uniformes.",
    language="fr",
    organisation="Maison Ngono",
    location=Location(country="CM", region="CM-OU", department="CM-OU-01", locality="Bafoussam, Tamdja"),
    occupations=("7531",),
    details=EmploymentDetails(experience_years=0, remote=False, pay_min=60_000, pay_max=90_000),
)


def indexed(**changes: Any) -> Document:
    draft = replace(DRAFT, **changes)
    stored = Opportunity(id=UUID(int=1), source="test", draft=draft, first_seen_at=SEEN, changed_at=NOW)
    return build_document(stored, unit(1, 0))


def found_by(held: Document, said: str) -> bool:
    """Whether all that a person says leads to an offer by its words."""
    by_word: dict[str, set[int]] = {}
    for stemmed, word in stem_query(said).items():
        by_word.setdefault(word, set()).add(hash_stem(stemmed))
    return bool(by_word) and all(terms & set(held.terms.indices) for terms in by_word.values())


@pytest.mark.parametrize(
    "said",
    [
        "couturières",
        "tailor",
        "uniforme",
        "Ngono",
        "Bafoussam",
        "Tamdja",
        "Ouest",
        "atelier confection",
    ],
)
def test_an_offer_is_found_by_what_it_says_where_it_is_and_its_trade_in_both_languages(said: str) -> None:
    assert found_by(indexed(), said)
    assert not found_by(indexed(), "soudeur")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (AgrForm.LOAN, ("prêt", "microcrédit", "loan", "credits")),
        (AgrForm.GRANT, ("subvention", "grants")),
        (AgrForm.KIT, ("matériel", "equipment", "tools")),
    ],
)
def test_support_is_found_by_its_form_in_both_languages(form: AgrForm, said: tuple[str, ...]) -> None:
    held = indexed(kind=Kind.AGR, title="Aviculture", details=AgrDetails(form=form))
    assert all(found_by(held, word) for word in said)


def test_what_is_embedded_is_the_title_the_trade_and_the_first_lines() -> None:
    text = build_passage(DRAFT)
    assert text.startswith(DRAFT.title)
    assert "Couturier" in text
    assert "Atelier de confection. Vous cousez" in text
    long = build_passage(replace(DRAFT, description="mot " * 5000))
    assert len(long) < 400
    assert build_passage(replace(DRAFT, occupations=("9999",), description=""))


@given(st.text(), st.text())
def test_one_text_has_one_key_and_two_have_two(one: str, other: str) -> None:
    assert (hash_passage(one) == hash_passage(other)) == (one == other)


def test_what_is_not_embedded_does_not_change_the_key() -> None:
    described = replace(DRAFT, description="Atelier. " * 100)
    changes: tuple[dict[str, Any], ...] = (
        {"places": 4},
        {"description": described.description + "Fin."},
        {"valid_through": SEEN},
        {"organisation": "Autre"},
    )
    for change in changes:
        assert hash_passage(build_passage(replace(described, **change))) == hash_passage(
            build_passage(described)
        )


def test_a_card_states_what_the_offer_states() -> None:
    terms = Eligibility(
        age_min=18,
        age_max=35,
        gender=Gender.FEMALE,
        statuses=(Status.YOUTH,),
        regions=("CM-OU",),
        education_min=2,
    )
    end = SEEN + timedelta(days=9)
    card = indexed(eligibility=terms, valid_through=end, published_at=SEEN - timedelta(days=2)).card
    assert (card.title, card.kind, card.organisation) == (DRAFT.title, Kind.EMPLOYMENT, "Maison Ngono")
    assert (card.region, card.department, card.commune, card.locality) == (
        "CM-OU",
        "CM-OU-01",
        None,
        "Bafoussam, Tamdja",
    )
    assert (card.age_min, card.age_max, card.gender) == (18, 35, Gender.FEMALE)
    assert (card.statuses, card.regions, card.education_min) == ((Status.YOUTH,), ("CM-OU",), 2)
    assert (card.experience_years, card.remote, card.amount_max) == (0, False, 90_000)
    assert card.valid_through == end.timestamp()
    assert card.published_at == (SEEN - timedelta(days=2)).timestamp()


def test_an_undated_offer_is_as_old_as_its_first_sight() -> None:
    assert indexed().card.published_at == SEEN.timestamp()


@pytest.mark.parametrize(
    ("kind", "details", "amount"),
    [
        (Kind.EMPLOYMENT, EmploymentDetails(pay_min=50_000), 50_000),
        (Kind.EMPLOYMENT, EmploymentDetails(), None),
        (Kind.TRAINING, TrainingDetails(cost=10_000, allowance=30_000), 30_000),
        (Kind.AGR, AgrDetails(amount_min=1, amount_max=500_000), 500_000),
    ],
)
def test_the_amount_of_a_card_is_what_the_person_may_get(
    kind: Kind, details: Any, amount: int | None
) -> None:
    card = indexed(kind=kind, details=details).card
    assert card.amount_max == amount
    assert (card.experience_years, card.remote) == (None, None)


@given(st.text(), st.text(max_size=300), st.sampled_from(("fr", "en", None)))
@settings(max_examples=40, deadline=None)
def test_any_text_can_be_indexed(title: str, description: str, language: str | None) -> None:
    held = indexed(title=title, description=description, language=language)
    assert list(held.terms.indices) == sorted(set(held.terms.indices))
    assert kept.load_card(kept.dump_card(held.card)) == held.card


def test_the_words_named_in_reasons_are_words_of_the_offer() -> None:
    held = indexed()
    assert {hash_stem(stemmed) for stemmed in held.card.stems} <= set(held.terms.indices)
    assert len(set(held.card.stems)) == len(held.card.stems)


def test_a_question_asks_for_meaning_words_region_and_eligibility() -> None:
    understanding = understand(Profile(text="soudeur à Douala", birth_year=2000), NOW)
    vector = unit(1, 1)
    asked = build_query(understanding, vector)
    assert asked.vector is vector
    assert asked.near_region == "CM-LT"
    assert asked.filters is understanding.filters
    assert asked.terms is not None
    assert {hash_stem(stemmed) for stemmed in stem_query("soudeur")} <= set(asked.terms.indices)
    assert not {hash_stem(stemmed) for stemmed in stem_query("Douala")} & set(asked.terms.indices)


def test_a_question_without_words_asks_for_none() -> None:
    asked = build_query(understand(Profile(), NOW), None)
    assert (asked.vector, asked.terms, asked.near_region) == (None, None, None)


def test_answers_of_an_index_become_hits_in_their_order() -> None:
    card = kept.dump_card(offer(title="Soudeur"))
    query = IndexQuery(filters=understand(Profile(), NOW).filters, vector=unit(1, 0))
    points = [(UUID(int=1), 0.5, card, [0.0, 1.0]), (UUID(int=2), 0.4, card, [1.0, 0.0])]
    found = answered.to_hits(query, iter(points))
    assert [(hit.id.int, hit.fused, hit.cosine) for hit in found] == [(1, 0.5, 0.0), (2, 0.4, 1.0)]
    assert answered.to_hits(query, []) == []


def test_without_a_vector_there_is_no_cosine() -> None:
    query = IndexQuery(filters=understand(Profile(), NOW).filters)
    [found] = answered.to_hits(query, [(UUID(int=1), 0.0, kept.dump_card(offer()), None)])
    assert found.cosine is None


@given(profiles(), st.lists(cards(), max_size=3))
@settings(max_examples=40, deadline=None)
def test_profiles_and_answers_arrive_as_they_were_sent(profile: Profile, held: list[Card]) -> None:
    assert PROFILE.validate_json(PROFILE.dump_json(profile)) == profile
    understanding, found = ranked(profile, hits(held, [0.7] * len(held)))
    items = tuple(explain(understanding, one, rank) for rank, one in enumerate(found, start=1))
    answer = Answer(items=items, missing=understanding.missing_info, took_ms=1.5)
    assert ANSWER.validate_json(ANSWER.dump_json(answer)) == answer
