"""The table of moves: who may go where, and that nobody is refused without a next step."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oim.features.applications import OPEN_STAGES, PARTNER_MOVES, PERSON_MOVES, Move, Next, NextStep, Stage
from oim.features.applications.stages import MAX_WORDS_LENGTH, validate_move
from oim.kit.errors import BadInputError, ConflictError

TODAY = date(2026, 11, 25)
MOVES = st.builds(
    Move,
    st.sampled_from(Stage),
    st.builds(
        Next,
        st.none() | st.sampled_from(NextStep),
        st.sampled_from(["", "  ", "Revenez nous voir"]),
        st.none() | st.dates(TODAY - timedelta(days=30), TODAY + timedelta(days=400)),
    ),
)


@given(st.lists(MOVES, max_size=12))
def test_no_path_reaches_not_retained_without_a_next_step(path: list[Move]) -> None:
    stage = Stage.SENT
    for wanted in path:
        try:
            made = validate_move(stage, wanted, TODAY)
        except (BadInputError, ConflictError):
            continue
        stage = made.stage
        if stage is Stage.NOT_RETAINED:
            assert made.next.step is not None
            assert made.next.step is not NextStep.OTHER or made.next.words
            assert made.next.step is not NextStep.NEXT_CALL or made.next.on


def test_both_tables_speak_of_every_stage() -> None:
    assert set(PARTNER_MOVES) == set(PERSON_MOVES) == set(Stage)


def test_partners_refuse_from_every_open_stage_and_never_go_back() -> None:
    order = list(Stage)
    for stage in OPEN_STAGES:
        onward = PARTNER_MOVES[stage] - {Stage.NOT_RETAINED}
        assert Stage.NOT_RETAINED in PARTNER_MOVES[stage]
        assert all(order.index(after) >= order.index(stage) for after in onward)


def test_only_the_person_withdraws_and_from_every_open_stage() -> None:
    assert all(Stage.WITHDRAWN not in moves for moves in PARTNER_MOVES.values())
    assert {stage for stage, moves in PERSON_MOVES.items() if Stage.WITHDRAWN in moves} == OPEN_STAGES


@pytest.mark.parametrize("stage", [Stage.STARTED, Stage.WITHDRAWN])
def test_nothing_a_partner_does_leaves_what_has_ended(stage: Stage) -> None:
    for after in Stage:
        with pytest.raises(ConflictError):
            validate_move(stage, Move(after, Next(NextStep.OTHER_OFFERS)), TODAY)


def test_who_was_not_retained_can_be_called_after_all() -> None:
    assert validate_move(Stage.NOT_RETAINED, Move(Stage.INTERVIEW), TODAY).stage is Stage.INTERVIEW


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Move(Stage.NOT_RETAINED), "next_step"),
        (Move(Stage.NOT_RETAINED, Next(words="Non.")), "next_step"),
        (Move(Stage.NOT_RETAINED, Next(NextStep.OTHER, " \n ")), "words"),
        (Move(Stage.NOT_RETAINED, Next(NextStep.NEXT_CALL)), "on"),
        (Move(Stage.NOT_RETAINED, Next(NextStep.NEXT_CALL, "", TODAY - timedelta(days=1))), "on"),
        (Move(Stage.NOT_RETAINED, Next(NextStep.NEXT_CALL, "", date(2126, 1, 1))), "on"),
        (Move(Stage.OFFERED, Next(on=TODAY)), "on"),
        (Move(Stage.OFFERED, Next(words="x" * (MAX_WORDS_LENGTH + 1))), "words"),
    ],
)
def test_what_is_missing_or_wrong_is_named_by_its_field(wanted: Move, field: str) -> None:
    with pytest.raises(BadInputError) as error:
        validate_move(Stage.SEEN, wanted, TODAY)
    assert error.value.field == field


def test_a_meeting_has_a_day_and_may_have_another() -> None:
    first = validate_move(Stage.SEEN, Move(Stage.INTERVIEW, Next(on=TODAY)), TODAY)
    later = Move(Stage.INTERVIEW, Next(words="À  9 h ", on=TODAY + timedelta(days=2)))
    assert validate_move(first.stage, later, TODAY).next.words == "À 9 h"
