"""Reporting what a person did with an offer that was recommended."""

import time
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from oim.features.events import sampling
from oim.features.events.models import EventRow


def kinds(house: Any, list_id: str) -> list[str]:
    with house.database.read() as session:
        rows = session.scalars(select(EventRow).where(EventRow.list_id == list_id).order_by(EventRow.id))
        return [row.kind for row in rows]


@pytest.fixture
def event(api: TestClient, house: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The event that the first offer of a list was opened, once the list is recorded."""
    monkeypatch.setattr(sampling, "SAMPLED_SHARE", 1.0)
    answer = api.post("/v1/recommendations", json={"text": "poulets", "limit": 2}).json()
    for _ in range(100):
        if kinds(house, answer["list_id"]):
            break
        time.sleep(0.05)
    offer = answer["items"][0]["opportunity"]["id"]
    return {"list_id": answer["list_id"], "opportunity_id": offer, "kind": "opened"}


def test_each_kind_of_event_is_recorded_once(api: TestClient, house: Any, event: dict[str, str]) -> None:
    shown = kinds(house, event["list_id"])
    assert set(shown) == {"shown"}
    for kind in ("opened", "opened", "saved", "applied", "redirected", "outcome"):
        response = api.post("/v1/events", json=event | {"kind": kind})
        assert (response.status_code, response.content) == (204, b"")
    reported = ["opened", "saved", "applied", "redirected", "outcome"]
    assert kinds(house, event["list_id"]) == [*shown, *reported]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"kind": "shown"}, 422),
        ({"kind": "eaten"}, 422),
        ({"list_id": "mine"}, 422),
        ({"person": "Awa"}, 422),
        ({"list_id": str(uuid4())}, 404),
        ({"opportunity_id": str(uuid4())}, 404),
    ],
)
def test_an_invalid_event_is_a_problem(
    api: TestClient, event: dict[str, str], change: dict[str, str], status: int
) -> None:
    response = api.post("/v1/events", json=event | change)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
