"""Errors that a person may see, and instants and days in Cameroon."""

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oim.kit.clock import CAMEROON, end_of_day, now, start_of_day
from oim.kit.errors import BadInputError, ConflictError, NotFoundError, OimError, UnavailableError


def test_each_kind_of_error_has_its_own_code_and_one_root() -> None:
    kinds = (BadInputError, NotFoundError, ConflictError, UnavailableError)
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        with pytest.raises(OimError):
            raise kind("It went wrong.")


def test_an_error_has_its_message_and_values_separately_for_translation() -> None:
    error = BadInputError("Ask for between 1 and %(most)s offers.", field="limit", most=50)
    assert str(error) == "Ask for between 1 and 50 offers."
    assert error.message == "Ask for between 1 and %(most)s offers."
    assert error.values == {"most": 50}
    assert error.field == "limit"


def test_a_message_without_values_may_contain_a_percent_sign() -> None:
    assert str(NotFoundError("50% of it")) == "50% of it"
    assert BadInputError("No.").field is None


def test_now_has_a_time_zone() -> None:
    assert now().utcoffset() == timedelta(0)


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2100, 1, 1)))
def test_a_day_of_cameroon_is_an_hour_ahead_of_greenwich(day: date) -> None:
    first, last = start_of_day(day), end_of_day(day)
    assert first.astimezone(UTC).hour == 23
    assert last - first == timedelta(days=1) - timedelta(seconds=1)
    assert {first.astimezone(CAMEROON).date(), last.astimezone(CAMEROON).date()} == {day}
    assert start_of_day(day + timedelta(days=1)) - last == timedelta(seconds=1)
