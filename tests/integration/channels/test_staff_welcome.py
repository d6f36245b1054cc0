"""The pages of an invitation: the password first, and the authenticator's key only after it."""

import re
from collections.abc import Callable
from uuid import uuid4

import pyotp
from fastapi.testclient import TestClient
from house_factory import House

from oim.features import staff
from oim.features.access import SYSTEM, Role


def test_the_key_is_shown_after_the_password_and_not_before(
    house: House, web: Callable[..., TestClient]
) -> None:
    with house.database.write() as session:
        _, secret = staff.invite(session, SYSTEM, f"{uuid4().hex}@example.org", "Esther", Role.ANALYST)
    browser, path = web(), f"/fr/staff/welcome/{secret}"
    for page in (browser.get(path), browser.post(path, data={"password": "court"})):
        assert 'id="password"' in page.text
        assert "<svg" not in page.text.partition("<main")[2].partition("</main")[0]
        assert 'id="code"' not in page.text
    assert browser.post(path, data={"code": "000000"}).status_code == 404
    moved = browser.post(path, data={"password": "quatre mots bien longs"})
    assert moved.status_code == 303
    next_page = browser.get(moved.headers["location"]).text
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", next_page)
    assert key
    code = pyotp.TOTP(key[1].replace(" ", "")).now()
    assert browser.post(moved.headers["location"], data={"code": code}).text.count("<code>") == 8
    assert browser.get(path).status_code == 404
