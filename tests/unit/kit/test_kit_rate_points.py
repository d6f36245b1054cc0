"""How long to wait until enough points are left."""

import pytest
from limits import parse

from oim.kit.rate_limits import _wait_for_points

ITEM = parse("100 per 10 minutes")


@pytest.mark.parametrize(
    ("points", "before", "current", "expires", "wait"),
    [
        # 400 s of this window remain, so two thirds of the one before count: 60 of 90, and 40 of this one.
        (10, 90, 40, 1000, 67),  # until 50 of the 90 count, which is when 333 s remain
        (1, 90, 40, 1000, 7),
        # Nothing before: this window ends in 400 s, and counts less and less after that.
        (10, 0, 100, 1000, 460),
        (100, 0, 100, 1000, 1000),
        (1, 0, 100, 600.001, 7),
    ],
)
def test_the_wait_is_until_enough_is_forgotten(
    points: int, before: int, current: int, expires: float, wait: int
) -> None:
    assert _wait_for_points(ITEM, points, before, current, expires) == wait
