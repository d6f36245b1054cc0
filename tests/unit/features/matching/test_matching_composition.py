"""Composing a list: nothing twice, no more than asked for, varied, fair to every kind asked for."""

from collections import Counter
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from matching_factory import hit, offer

from oim.features.matching.composition import compose
from oim.features.matching.ranking import RankedOffer
from oim.features.opportunities import Kind

TITLES = ("Soudeur", "SOUDEUR", "Couturière", "Gardien", "Caissier")
Made = tuple[float, Kind, str, str | None]
MADE = st.tuples(
    st.floats(0, 1), st.sampled_from(Kind), st.sampled_from(TITLES), st.none() | st.sampled_from(("A", "B"))
)
KINDS = st.lists(st.sampled_from(Kind), unique=True).map(tuple)


def candidates(*made: Made) -> list[RankedOffer]:
    """As ranking gives them: by falling score."""
    ordered = sorted(made, key=lambda one: -one[0])
    return [
        RankedOffer(
            hit(number, offer(kind=kind, title=title, organisation=who)),
            score,
            {"text": score},
            (),
            False,
            None,
        )
        for number, (score, kind, title, who) in enumerate(ordered)
    ]


def ids(chosen: list[RankedOffer]) -> list[UUID]:
    return [one.hit.id for one in chosen]


def titles(chosen: list[RankedOffer]) -> list[str]:
    return [one.hit.card.title for one in chosen]


@given(st.lists(MADE, max_size=40), KINDS, st.integers(1, 50), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_list_repeats_nothing_and_is_as_long_as_it_can_be(
    made: list[Made], kinds: tuple[Kind, ...], limit: int, vary: bool
) -> None:
    found = candidates(*made)
    chosen = compose(found, kinds, limit, vary_kinds=vary)
    assert len(set(ids(chosen))) == len(chosen) == min(limit, len(found))
    assert set(ids(chosen)) <= set(ids(found))
    assert compose(found, kinds, limit, vary_kinds=vary) == chosen


@given(st.lists(MADE, max_size=40), st.integers(1, 50))
@settings(max_examples=60, deadline=None)
def test_each_kind_asked_for_gets_its_share_while_it_has_candidates(made: list[Made], limit: int) -> None:
    kinds = (Kind.AGR, Kind.TRAINING)
    found = [one for one in candidates(*made) if one.hit.card.kind in kinds]
    chosen = Counter(one.hit.card.kind for one in compose(found, kinds, limit, vary_kinds=False))
    held = Counter(one.hit.card.kind for one in found)
    for kind in kinds:
        assert chosen[kind] >= min(held[kind], limit // 4)


def test_a_kind_far_behind_is_shown_all_the_same() -> None:
    jobs: list[Made] = [(0.9 - n / 100, Kind.EMPLOYMENT, f"Emploi {n}", None) for n in range(20)]
    found = candidates(*jobs, (0.1, Kind.AGR, "Prêt", None))
    asked = compose(found, (Kind.EMPLOYMENT, Kind.AGR), 10, vary_kinds=False)
    assert titles(asked)[-1] == "Prêt"
    assert "Prêt" not in titles(compose(found, (), 10, vary_kinds=False))


@given(st.lists(MADE, min_size=1, max_size=20), KINDS, st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_best_comes_first(made: list[Made], kinds: tuple[Kind, ...], vary: bool) -> None:
    found = candidates(*made)
    chosen = compose(found, kinds, len(found), vary_kinds=vary)
    assert chosen[0].score == found[0].score


def test_the_same_title_gives_way_to_a_close_other_one() -> None:
    found = candidates(
        (0.9, Kind.AGR, "Soudeur", None), (0.89, Kind.AGR, "SOUDEUR", None), (0.85, Kind.AGR, "Gardien", None)
    )
    assert titles(compose(found, (), 3, vary_kinds=False)) == ["Soudeur", "Gardien", "SOUDEUR"]


def test_the_same_title_of_others_gives_way_only_when_nothing_was_said() -> None:
    found = candidates(
        (0.9, Kind.AGR, "Soudeur", "A"), (0.89, Kind.AGR, "SOUDEUR", "B"), (0.85, Kind.AGR, "Gardien", "C")
    )
    assert titles(compose(found, (), 3, vary_kinds=False)) == ["Soudeur", "SOUDEUR", "Gardien"]
    assert titles(compose(found, (), 3, vary_kinds=True)) == ["Soudeur", "Gardien", "SOUDEUR"]


def test_the_same_title_does_not_give_way_to_a_much_worse_one() -> None:
    found = candidates(
        (0.9, Kind.AGR, "Soudeur", None), (0.89, Kind.AGR, "Soudeur", None), (0.5, Kind.AGR, "Gardien", None)
    )
    assert titles(compose(found, (), 2, vary_kinds=False)) == ["Soudeur", "Soudeur"]


def test_one_employer_gives_way_to_a_close_other_one_but_unknown_ones_are_not_one() -> None:
    a, b, c = (0.9, Kind.AGR, "a", "A"), (0.89, Kind.AGR, "b", "A"), (0.87, Kind.AGR, "c", "B")
    assert titles(compose(candidates(a, b, c), (), 3, vary_kinds=False)) == ["a", "c", "b"]
    unknown = candidates((0.9, Kind.AGR, "a", None), (0.89, Kind.AGR, "b", None), (0.87, Kind.AGR, "c", "B"))
    assert titles(compose(unknown, (), 3, vary_kinds=False)) == ["a", "b", "c"]


def test_kinds_are_varied_when_nothing_was_said() -> None:
    jobs: list[Made] = [(0.9, Kind.EMPLOYMENT, f"Emploi {n}", None) for n in range(5)]
    found = candidates(*jobs, (0.89, Kind.AGR, "Prêt", None), (0.89, Kind.TRAINING, "Cours", None))
    first = compose(found, (), 3, vary_kinds=True)
    assert {one.hit.card.kind for one in first} == set(Kind)
    assert {one.hit.card.kind for one in compose(found, (), 3, vary_kinds=False)} == {Kind.EMPLOYMENT}
