"""Composing a list: no offer twice, no more than the limit, varied, fair to every kind asked for."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from matching_factory import hit, offer

from oim.features.matching.composition import compose
from oim.features.matching.ranking import RankedOffer
from oim.features.opportunities import Kind

TITLES = ("Soudeur", "SOUDEUR", "Couturière", "Gardien", "Caissier")
Spec = tuple[float, Kind, str, str | None]
SPECS = st.tuples(
    st.floats(0, 1), st.sampled_from(Kind), st.sampled_from(TITLES), st.none() | st.sampled_from(("A", "B"))
)
KINDS = st.lists(st.sampled_from(Kind), unique=True).map(tuple)


def candidates(*specs: Spec) -> list[RankedOffer]:
    """Candidates by falling score, as ranking returns them."""
    ordered = sorted(specs, key=lambda spec: -spec[0])
    return [
        RankedOffer(
            hit(number, offer(kind=kind, title=title, organisation=organisation)),
            score,
            {"text": score},
            (),
            False,
            None,
        )
        for number, (score, kind, title, organisation) in enumerate(ordered)
    ]


def ids(offers: list[RankedOffer]) -> list[UUID]:
    return [offer.hit.id for offer in offers]


def titles(offers: list[RankedOffer]) -> list[str]:
    return [offer.hit.card.title for offer in offers]


@given(st.lists(SPECS, max_size=40), KINDS, st.integers(1, 50), st.booleans())
def test_a_list_has_no_offer_twice_and_is_as_long_as_it_can_be(
    specs: list[Spec], kinds: tuple[Kind, ...], limit: int, vary: bool
) -> None:
    ranked = candidates(*specs)
    chosen = compose(ranked, kinds, limit, vary_kinds=vary)
    assert len(set(ids(chosen))) == len(chosen) == min(limit, len(ranked))
    assert set(ids(chosen)) <= set(ids(ranked))
    assert compose(ranked, kinds, limit, vary_kinds=vary) == chosen


@given(st.lists(SPECS, max_size=40), st.integers(1, 50))
def test_each_kind_asked_for_gets_its_share_if_it_has_candidates(specs: list[Spec], limit: int) -> None:
    kinds = (Kind.AGR, Kind.TRAINING)
    ranked = [offer for offer in candidates(*specs) if offer.hit.card.kind in kinds]
    chosen = Counter(offer.hit.card.kind for offer in compose(ranked, kinds, limit, vary_kinds=False))
    available = Counter(offer.hit.card.kind for offer in ranked)
    for kind in kinds:
        assert chosen[kind] >= min(available[kind], limit // 4)


def test_a_kind_asked_for_is_shown_even_with_low_scores() -> None:
    jobs: list[Spec] = [(0.9 - n / 100, Kind.EMPLOYMENT, f"Emploi {n}", None) for n in range(20)]
    ranked = candidates(*jobs, (0.1, Kind.AGR, "Prêt", None))
    chosen = compose(ranked, (Kind.EMPLOYMENT, Kind.AGR), 10, vary_kinds=False)
    assert titles(chosen)[-1] == "Prêt"
    assert "Prêt" not in titles(compose(ranked, (), 10, vary_kinds=False))


@given(st.lists(SPECS, min_size=1, max_size=20), KINDS, st.booleans())
def test_the_best_comes_first(specs: list[Spec], kinds: tuple[Kind, ...], vary: bool) -> None:
    ranked = candidates(*specs)
    chosen = compose(ranked, kinds, len(ranked), vary_kinds=vary)
    assert chosen[0].score == ranked[0].score


def test_a_repeated_title_comes_after_another_title_of_close_score() -> None:
    ranked = candidates(
        (0.9, Kind.AGR, "Soudeur", None), (0.89, Kind.AGR, "SOUDEUR", None), (0.85, Kind.AGR, "Gardien", None)
    )
    assert titles(compose(ranked, (), 3, vary_kinds=False)) == ["Soudeur", "Gardien", "SOUDEUR"]


def test_a_title_repeated_by_another_organisation_is_penalised_only_without_words() -> None:
    ranked = candidates(
        (0.9, Kind.AGR, "Soudeur", "A"), (0.89, Kind.AGR, "SOUDEUR", "B"), (0.85, Kind.AGR, "Gardien", "C")
    )
    assert titles(compose(ranked, (), 3, vary_kinds=False)) == ["Soudeur", "SOUDEUR", "Gardien"]
    assert titles(compose(ranked, (), 3, vary_kinds=True)) == ["Soudeur", "Gardien", "SOUDEUR"]


def test_a_repeated_title_comes_before_a_much_worse_offer() -> None:
    ranked = candidates(
        (0.9, Kind.AGR, "Soudeur", None), (0.89, Kind.AGR, "Soudeur", None), (0.5, Kind.AGR, "Gardien", None)
    )
    assert titles(compose(ranked, (), 2, vary_kinds=False)) == ["Soudeur", "Soudeur"]


def test_an_employer_is_varied_but_unknown_employers_do_not_count_as_the_same() -> None:
    a, b, c = (0.9, Kind.AGR, "a", "A"), (0.89, Kind.AGR, "b", "A"), (0.87, Kind.AGR, "c", "B")
    assert titles(compose(candidates(a, b, c), (), 3, vary_kinds=False)) == ["a", "c", "b"]
    unknown = candidates((0.9, Kind.AGR, "a", None), (0.89, Kind.AGR, "b", None), (0.87, Kind.AGR, "c", "B"))
    assert titles(compose(unknown, (), 3, vary_kinds=False)) == ["a", "b", "c"]


def test_kinds_are_varied_without_words() -> None:
    jobs: list[Spec] = [(0.9, Kind.EMPLOYMENT, f"Emploi {n}", None) for n in range(5)]
    ranked = candidates(*jobs, (0.89, Kind.AGR, "Prêt", None), (0.89, Kind.TRAINING, "Cours", None))
    first = compose(ranked, (), 3, vary_kinds=True)
    assert {offer.hit.card.kind for offer in first} == set(Kind)
    assert {offer.hit.card.kind for offer in compose(ranked, (), 3, vary_kinds=False)} == {Kind.EMPLOYMENT}
