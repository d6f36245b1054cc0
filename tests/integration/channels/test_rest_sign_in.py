"""Signing in by the API with an `Idempotency-Key`: the same key, the same answer, also after a kill."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pyotp
import pytest
from fastapi.testclient import TestClient
from house_factory import House
from httpx2 import Response
from people_factory import add_known, code_of

from oim.features import staff
from oim.features.access import SYSTEM, Role
from oim.features.people import Channel, Contact
from oim.features.sign_in import Sessions
from oim.kit.clock import now

Post = Callable[..., Response]


@pytest.fixture
def contact() -> Contact:
    """A number of its own for each test, since codes and PINs are counted by it."""
    return Contact(Channel.SMS, f"+23767{uuid4().int % 10**7:07}")


@pytest.fixture
def post(api: TestClient) -> Post:
    """Call a route with a key; a new one, unless one is named."""

    def call(path: str, key: str = "", **body: object) -> Response:
        return api.post(path, json=body, headers={"Idempotency-Key": key or uuid4().hex})

    return call


@pytest.fixture
def killed_before_opening() -> Iterator[Callable[[], None]]:
    """A process that dies after the commit, before it opens a session. Call the result to live again."""

    def die(*_: object) -> bool:
        raise RuntimeError("killed")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sessions, "activate", die)
        yield patch.undo


def obtain_challenge(house: House, post: Post, contact: Contact) -> dict[str, str]:
    """Ask for a code. Returns the body that redeems it."""
    challenge = post("/v1/sign-in/codes", contact=contact.value).json()["challenge"]
    return {"challenge": challenge, "code": code_of(house.database)}


def obtain_ticket(house: House, post: Post, contact: Contact) -> str:
    return post("/v1/sign-in/tickets", **obtain_challenge(house, post, contact)).json()["ticket"]


def is_signed_in(api: TestClient, response: Response) -> bool:
    headers = {"Authorization": f"Bearer {response.json()['token']}"}
    return api.get("/v1/me", headers=headers).status_code == 200


def check_repeated(first: Response, repeated: Response) -> None:
    """The repeated call gave the very answer of the first."""
    assert (repeated.status_code, repeated.content) == (first.status_code, first.content)
    assert repeated.headers["Idempotency-Replayed"] == "true"


def test_a_code_asked_for_again_with_the_same_key_is_sent_once(
    house: House, post: Post, contact: Contact
) -> None:
    first = post("/v1/sign-in/codes", "code", contact=contact.value)
    check_repeated(first, post("/v1/sign-in/codes", "code", contact=contact.value))
    body = {"challenge": first.json()["challenge"], "code": code_of(house.database)}
    assert post("/v1/sign-in/tickets", **body).status_code == 201


def test_a_code_redeemed_again_with_the_same_key_gives_the_same_ticket(
    house: House, post: Post, contact: Contact
) -> None:
    body, key = obtain_challenge(house, post, contact), uuid4().hex
    first = post("/v1/sign-in/tickets", key, **body)
    check_repeated(first, post("/v1/sign-in/tickets", key, **body))
    assert post("/v1/sign-in/tickets", **body).status_code == 422
    assert post("/v1/sign-in/tickets", key, **{**body, "code": "0000000"}).status_code == 409


def test_a_redeeming_that_was_killed_can_be_repeated_with_the_same_key(
    house: House, post: Post, contact: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, key = obtain_challenge(house, post, contact), uuid4().hex
    with monkeypatch.context() as patch:
        patch.setattr("oim.channels.rest.idempotency.run_once", lambda *_: 1 / 0)
        assert post("/v1/sign-in/tickets", key, **body).status_code == 500
    assert post("/v1/sign-in/tickets", **body).status_code == 422
    repeated = post("/v1/sign-in/tickets", key, **body)
    assert repeated.status_code == 201
    check_repeated(repeated, post("/v1/sign-in/tickets", key, **body))


def test_a_registration_repeated_with_the_same_key_gives_the_same_session(
    house: House, api: TestClient, post: Post, contact: Contact
) -> None:
    body = {"ticket": obtain_ticket(house, post, contact), "name": "Awa", "pin": "2580"}
    key = uuid4().hex
    first = post("/v1/people", key, **body)
    check_repeated(first, post("/v1/people", key, **body))
    assert is_signed_in(api, first)
    house.sign_in.sessions.end(first.json()["token"])
    check_repeated(first, post("/v1/people", key, **body))
    assert not is_signed_in(api, first), "a session that ended does not come back"


@pytest.mark.parametrize("path", ["/v1/people", "/v1/sessions"])
def test_a_sign_in_that_was_killed_opens_its_session_when_repeated(
    house: House,
    api: TestClient,
    post: Post,
    contact: Contact,
    killed_before_opening: Callable[[], None],
    path: str,
) -> None:
    if path == "/v1/sessions":
        add_known(house.database, contact)
    body = {"ticket": obtain_ticket(house, post, contact), "name": "Awa", "pin": "2580"}
    key = uuid4().hex
    assert post(path, key, **body).status_code == 500
    killed_before_opening()
    repeated = post(path, key, **body)
    assert repeated.headers["Idempotency-Replayed"] == "true"
    assert is_signed_in(api, repeated)
    assert post(path, **body).status_code == 401, "the ticket has opened a session"


def test_a_sign_in_of_staff_that_was_killed_opens_its_session_when_repeated(
    house: House, post: Post, killed_before_opening: Callable[[], None]
) -> None:
    email, password = f"{uuid4()}@example.org", "quatre mots bien longs"
    with house.database.write() as session:
        _, secret = staff.invite(session, SYSTEM, email, "Ada", Role.ANALYST)
    enrolment = staff.begin_enrolment(house.database, secret, password)
    with house.database.read() as session:
        totp = pyotp.TOTP(staff.find_invited_member(session, enrolment).key)
    at = int(now().timestamp())
    # The present code and the next one: both are accepted, whenever the clock moves on to the next.
    staff.confirm_account(house.database, enrolment, totp.at(at))
    body = {"email": email, "password": password, "code": totp.at(at + 30)}
    key = uuid4().hex
    assert post("/v1/staff/sessions", key, **body).status_code == 500
    killed_before_opening()
    repeated = post("/v1/staff/sessions", key, **body)
    assert repeated.headers["Idempotency-Replayed"] == "true"
    actor = house.sign_in.sessions.find(repeated.json()["token"])
    assert actor is not None
    assert (str(actor.id), actor.role) == (repeated.json()["id"], Role.ANALYST)
    assert post("/v1/staff/sessions", **body).status_code == 401, "the code serves once"
