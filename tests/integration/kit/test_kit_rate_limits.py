"""Several limits for one request: what one of them refuses uses up none of the others."""

import pytest

from oim.features.sign_in import SignInServices
from oim.kit.errors import TooManyError
from oim.kit.rate_limits import RateLimit

NARROW, WIDE = RateLimit("narrow", "2 per hour"), RateLimit("wide", "5 per hour")
SPARING = RateLimit("wide", "5 per hour", reserve=3)  # the same count, of which others keep three


@pytest.mark.parametrize("limits", [(NARROW, WIDE), (WIDE, NARROW)])
def test_a_refused_request_counts_for_nothing(
    sign_in: SignInServices, limits: tuple[RateLimit, RateLimit]
) -> None:
    limiter = sign_in.rate_limiter
    for _ in range(2):
        limiter.hit((limit, "all") for limit in limits)
    for _ in range(3):
        with pytest.raises(TooManyError):
            limiter.hit((limit, "all") for limit in limits)
    assert limiter.read_quota(WIDE, "all").remaining == 3


def test_a_reserve_is_left_to_others(sign_in: SignInServices) -> None:
    limiter = sign_in.rate_limiter
    for _ in range(2):
        limiter.hit([(SPARING, "all")])
    with pytest.raises(TooManyError) as refused:
        limiter.hit([(SPARING, "all")])
    assert 3500 < refused.value.wait <= 3600
    for _ in range(3):
        limiter.hit([(WIDE, "all")])
    with pytest.raises(TooManyError):
        limiter.hit([(WIDE, "all")])
