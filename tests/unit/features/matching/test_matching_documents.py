"""Documents of the index, queries to it, its points as hits, and profiles and answers as JSON."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_factory import NOW, cards, hits, offer, profiles, ranked, unit

from oim.features.matching.answer import ANSWER, Answer
from oim.features.matching.bm25 import hash_stem, stem_query
from oim.features.matching.documents import build_document, build_passage, hash_passage
from oim.features.matching.explanation import explain
from oim.features.matching.index import Card, Document, IndexQuery
from oim.features.matching.index_payload import dump_card, load_card, to_hits
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

FIRST_SEEN = datetime(2026, 11, 20, tzinfo=UTC)
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


def build(**changes: Any) -> Document:
    draft = replace(DRAFT, **changes)
    stored = Opportunity(id=UUID(int=1), source="test", draft=draft, first_seen_at=FIRST_SEEN, changed_at=NOW)
    return build_document(stored, unit(1, 0))


def matches(document: Document, text: str) -> bool:
    """Whether every word of a query matches an offer."""
    by_word: dict[str, set[int]] = {}
    for stemmed, word in stem_query(text).items():
        by_word.setdefault(word, set()).add(hash_stem(stemmed))
    return bool(by_word) and all(terms & set(document.terms.indices) for terms in by_word.values())


@pytest.mark.parametrize(
    "text",
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
def test_an_offer_is_found_by_its_text_its_place_and_its_occupation_in_both_languages(text: str) -> None:
    assert matches(build(), text)
    assert not matches(build(), "soudeur")


@pytest.mark.parametrize(
    ("form", "searches"),
    [
        (AgrForm.LOAN, ("prêt", "microcrédit", "loan", "credits")),
        (AgrForm.GRANT, ("subvention", "grants")),
        (AgrForm.KIT, ("matériel", "equipment", "tools")),
    ],
)
def test_a_support_is_found_by_its_form_in_both_languages(form: AgrForm, searches: tuple[str, ...]) -> None:
    document = build(kind=Kind.AGR, title="Aviculture", details=AgrDetails(form=form))
    assert all(matches(document, word) for word in searches)


def test_a_passage_is_the_title_the_occupation_and_the_first_lines() -> None:
    text = build_passage(DRAFT)
    assert text.startswith(DRAFT.title)
    assert "Couturier" in text
    assert "Atelier de confection. Vous cousez" in text
    long = build_passage(replace(DRAFT, description="mot " * 5000))
    assert len(long) < 400
    assert build_passage(replace(DRAFT, occupations=("9999",), description=""))


@given(st.text(), st.text())
def test_passages_have_the_same_key_only_if_they_are_equal(first: str, second: str) -> None:
    assert (hash_passage(first) == hash_passage(second)) == (first == second)


def test_parts_that_are_not_embedded_do_not_change_the_key() -> None:
    described = replace(DRAFT, description="Atelier. " * 100)
    changes: tuple[dict[str, Any], ...] = (
        {"places": 4},
        {"description": described.description + "Fin."},
        {"valid_through": FIRST_SEEN},
        {"organisation": "Autre"},
    )
    for change in changes:
        assert hash_passage(build_passage(replace(described, **change))) == hash_passage(
            build_passage(described)
        )


def test_a_card_has_the_values_of_the_offer() -> None:
    terms = Eligibility(
        age_min=18,
        age_max=35,
        gender=Gender.FEMALE,
        statuses=(Status.YOUTH,),
        regions=("CM-OU",),
        education_min=2,
    )
    end = FIRST_SEEN + timedelta(days=9)
    card = build(eligibility=terms, valid_through=end, published_at=FIRST_SEEN - timedelta(days=2)).card
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
    assert card.published_at == (FIRST_SEEN - timedelta(days=2)).timestamp()


def test_an_undated_offer_is_dated_by_when_it_was_first_seen() -> None:
    assert build().card.published_at == FIRST_SEEN.timestamp()


@pytest.mark.parametrize(
    ("kind", "details", "amount"),
    [
        (Kind.EMPLOYMENT, EmploymentDetails(pay_min=50_000), 50_000),
        (Kind.EMPLOYMENT, EmploymentDetails(), None),
        (Kind.TRAINING, TrainingDetails(cost=10_000, allowance=30_000), 30_000),
        (Kind.AGR, AgrDetails(amount_min=1, amount_max=500_000), 500_000),
    ],
)
def test_the_amount_of_a_card_is_the_most_the_person_may_get(
    kind: Kind, details: Any, amount: int | None
) -> None:
    card = build(kind=kind, details=details).card
    assert card.amount_max == amount
    assert (card.experience_years, card.remote) == (None, None)


@given(st.text(), st.text(max_size=300), st.sampled_from(("fr", "en", None)))
def test_any_text_can_be_indexed(title: str, description: str, language: str | None) -> None:
    document = build(title=title, description=description, language=language)
    assert list(document.terms.indices) == sorted(set(document.terms.indices))
    assert load_card(dump_card(document.card)) == document.card


def test_the_stems_of_a_card_are_terms_of_its_document() -> None:
    document = build()
    assert {hash_stem(stemmed) for stemmed in document.card.stems} <= set(document.terms.indices)
    assert len(set(document.card.stems)) == len(document.card.stems)


def test_a_query_has_a_vector_terms_a_region_and_filters() -> None:
    understanding = understand(Profile(text="soudeur à Douala", birth_year=2000), NOW)
    vector = unit(1, 1)
    query = build_query(understanding, vector)
    assert query.vector is vector
    assert query.near_region == "CM-LT"
    assert query.filters is understanding.filters
    assert query.terms is not None
    assert {hash_stem(stemmed) for stemmed in stem_query("soudeur")} <= set(query.terms.indices)
    assert not {hash_stem(stemmed) for stemmed in stem_query("Douala")} & set(query.terms.indices)


def test_a_query_of_an_empty_profile_has_no_vector_terms_or_region() -> None:
    query = build_query(understand(Profile(), NOW), None)
    assert (query.vector, query.terms, query.near_region) == (None, None, None)


def test_points_of_an_index_become_hits_in_their_order() -> None:
    card = dump_card(offer(title="Soudeur"))
    query = IndexQuery(filters=understand(Profile(), NOW).filters, vector=unit(1, 0))
    points = [(UUID(int=1), 0.5, card, [0.0, 1.0]), (UUID(int=2), 0.4, card, [1.0, 0.0])]
    hits_in_order = to_hits(query, iter(points))
    assert [(hit.id.int, hit.fused, hit.cosine) for hit in hits_in_order] == [(1, 0.5, 0.0), (2, 0.4, 1.0)]
    assert to_hits(query, []) == []


def test_without_a_vector_there_is_no_cosine() -> None:
    query = IndexQuery(filters=understand(Profile(), NOW).filters)
    [hit] = to_hits(query, [(UUID(int=1), 0.0, dump_card(offer()), None)])
    assert hit.cosine is None


@given(profiles(), st.lists(cards(), max_size=3))
def test_profiles_and_answers_are_unchanged_by_json(profile: Profile, offers: list[Card]) -> None:
    assert PROFILE.validate_json(PROFILE.dump_json(profile)) == profile
    understanding, candidates = ranked(profile, hits(offers, [0.7] * len(offers)))
    items = tuple(
        explain(understanding, candidate, rank) for rank, candidate in enumerate(candidates, start=1)
    )
    answer = Answer(items=items, missing=understanding.missing_info, took_ms=1.5)
    assert ANSWER.validate_json(ANSWER.dump_json(answer)) == answer
