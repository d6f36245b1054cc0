"""Fair shares of reading: one CV at a time of a person, and a budget of the seconds that reading takes."""

from io import BytesIO
from uuid import uuid4

import pytest

from oim.features import cv
from oim.features.cv.shares import ADDRESS_SECONDS, PERSON_SECONDS
from oim.features.sign_in import SignInServices
from oim.kit.errors import BadInputError, ConflictError, TooManyError

AWA, BEN = uuid4(), uuid4()
CAFE = "an address"


def read(sign_in: SignInServices, seconds: float, person: object = AWA, source: str = CAFE) -> None:
    """Take a turn that lasts so many seconds, as it says."""
    with cv.take_turn(sign_in.cache, sign_in.rate_limiter, person, source) as charge:  # type: ignore[arg-type]
        charge(seconds)


def test_one_cv_of_a_person_is_read_at_a_time(sign_in: SignInServices) -> None:
    with cv.take_turn(sign_in.cache, sign_in.rate_limiter, AWA, CAFE):
        with pytest.raises(ConflictError, match="being read already"):
            read(sign_in, 1)
        read(sign_in, 1, BEN)  # another person
        with pytest.raises(ConflictError):  # who was refused ended nobody's turn
            read(sign_in, 1)
    read(sign_in, 1)


def test_a_turn_that_took_too_long_does_not_end_the_next(sign_in: SignInServices) -> None:
    key = f"cv-turn:{AWA}"
    with (
        cv.take_turn(sign_in.cache, sign_in.rate_limiter, AWA, CAFE),
        sign_in.cache.commands() as commands,
    ):
        assert 0 < commands.ttl(key) <= 60
        commands.set(key, "of another process")
    with pytest.raises(ConflictError):
        read(sign_in, 1)


def test_a_turn_that_failed_is_over(sign_in: SignInServices) -> None:
    with (
        pytest.raises(BadInputError),
        cv.take_turn(sign_in.cache, sign_in.rate_limiter, AWA, CAFE),
    ):
        raise BadInputError("refused")
    read(sign_in, 1)


def test_who_has_spent_all_seconds_waits_and_others_do_not(sign_in: SignInServices) -> None:
    read(sign_in, 10_000)  # more than there are, which is known only afterwards
    with pytest.raises(TooManyError, match="already taken much time") as raised:
        read(sign_in, 1)
    assert 3600 <= raised.value.wait <= 7200
    assert sign_in.rate_limiter.read_points(PERSON_SECONDS, str(AWA)) == 0
    assert sign_in.rate_limiter.read_points(ADDRESS_SECONDS, CAFE) == 0
    read(sign_in, 1, BEN, "another address")


def test_all_who_share_an_address_have_a_budget_together(sign_in: SignInServices) -> None:
    for _ in range(12):
        read(sign_in, 149.2, uuid4())
    assert sign_in.rate_limiter.read_points(ADDRESS_SECONDS, CAFE) == 0


def test_what_others_at_an_address_spent_leaves_each_person_some_seconds(sign_in: SignInServices) -> None:
    sign_in.rate_limiter.charge(ADDRESS_SECONDS, CAFE, 1800)
    read(sign_in, 20)
    read(sign_in, 20)  # more than was left of 30, which is known only afterwards
    with pytest.raises(TooManyError, match="already taken much time"):
        read(sign_in, 1)
    read(sign_in, 1, BEN)
    read(sign_in, 1, AWA, "another address")


@pytest.mark.parametrize("content", [b"MZ" + bytes(100), b"%PDF-1.7"])
def test_the_seconds_of_a_file_that_is_refused_are_charged_too(content: bytes) -> None:
    seconds: list[float] = []
    with pytest.raises(BadInputError):
        cv.read_upload(BytesIO(content), "cv.pdf", seconds.append)
    [spent] = seconds
    assert spent > 0
