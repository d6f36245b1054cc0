"""Several limits for one request: what one of them refuses uses up none of the others."""

from concurrent.futures import ThreadPoolExecutor

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


def test_all_limits_of_a_request_are_one_step_of_valkey(sign_in: SignInServices) -> None:
    """A code counts against a dozen, which was twenty waits, and others counted between them."""

    def count_scripts() -> int:
        with sign_in.cache.commands() as valkey:
            return int(valkey.info("commandstats").get("cmdstat_evalsha", {}).get("calls", 0))

    limits = [(RateLimit(f"limit-{number}", "5 per hour"), "all") for number in range(12)]
    sign_in.rate_limiter.hit(limits)
    before = count_scripts()
    sign_in.rate_limiter.hit(limits)
    assert count_scripts() - before == 1
    assert [sign_in.rate_limiter.read_quota(*limit).remaining for limit in limits] == [3] * 12


def test_requests_at_the_same_instant_take_nothing_of_a_reserve(sign_in: SignInServices) -> None:
    def hit(_: int) -> bool:
        try:
            sign_in.rate_limiter.hit([(WIDE, "other"), (SPARING, "all")])
        except TooManyError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(hit, range(16))) == 2
    assert [sign_in.rate_limiter.read_quota(WIDE, subject).remaining for subject in ("other", "all")] == [
        3,
        3,
    ]


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


def test_what_was_done_is_charged_although_another_took_points_meanwhile(
    sign_in: SignInServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    limiter = sign_in.rate_limiter
    read_points, reads = limiter.read_points, 0

    def read_before_another_takes(limit: RateLimit, subject: str) -> int:
        nonlocal reads
        left, reads = read_points(limit, subject), reads + 1
        if reads == 1:
            limiter.spend(limit, subject, 60)
        return left

    monkeypatch.setattr(limiter, "read_points", read_before_another_takes)
    points = RateLimit("points", "100 per hour")
    limiter.charge(points, "all", 70)
    assert (read_points(points, "all"), reads) == (0, 2)
