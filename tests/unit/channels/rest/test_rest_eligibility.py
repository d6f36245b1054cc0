"""Eligibility and steps as the API shows them, and the fields of a profile that decide it."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from oim.channels.rest.eligibility import StepOut, VerdictOut
from oim.features.matching.verdict import Criterion, Need, State, Step, Verdict
from oim.features.opportunities import Kind
from oim.kit.i18n import translator

MC2 = Need(Criterion.MEMBERSHIP, {"name": "MC2"}, changeable=True)
AGE = Need(Criterion.AGE, {"low": 18, "high": None})


def test_a_verdict_carries_its_codes_and_its_words() -> None:
    verdict = Verdict(state=State.NOT_ELIGIBLE, met=(Criterion.GENDER,), missing=(MC2,), unknown=(AGE,))
    body = VerdictOut.from_domain(verdict, translator("en")).model_dump(mode="json")
    assert (body["state"], body["almost"], body["met"], body["unknown"]) == (
        "not_eligible",
        True,
        ["gender"],
        ["age"],
    )
    assert body["missing"] == [
        {"code": "membership", "values": {"name": "MC2"}, "text": "Become a member of an MC2"}
    ]
    assert body["ask"]["text"] == "Are you 18 years old or more?"
    assert VerdictOut.from_domain(Verdict(), translator("fr")).ask is None


def test_a_step_names_its_offer() -> None:
    step = Step(need=MC2, offer=UUID(int=7), kind=Kind.TRAINING, title="Épargner", organisation="MC2")
    body = StepOut.from_domain(step, translator("fr"))
    assert (body.code, body.opportunity_id, body.kind) == (Criterion.MEMBERSHIP, UUID(int=7), Kind.TRAINING)
    assert "Épargner" in body.text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (None, None, None)),
        ({"memberships": [], "documents": [], "savings": 0}, ((), (), 0)),
        ({"memberships": ["MC2"], "documents": ["CNI"], "savings": 5000}, (("MC2",), ("CNI",), 5000)),
    ],
)
def test_a_field_left_out_differs_from_an_empty_one(
    api: TestClient, engine: Any, body: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    assert api.post("/v1/recommendations", json=body).status_code == 200
    profile, _ = engine.requests[-1]
    assert (profile.memberships, profile.documents, profile.savings) == expected


@pytest.mark.parametrize("body", [{"savings": -1}, {"memberships": "MC2"}, {"documents": ["x" * 201]}])
def test_invalid_memberships_documents_or_savings_are_refused(api: TestClient, body: dict[str, Any]) -> None:
    assert api.post("/v1/recommendations", json=body).status_code == 422


def test_the_documentation_shows_eligibility(api: TestClient) -> None:
    schemas = api.get("/v1/openapi.json").json()["components"]["schemas"]
    assert {"eligibility", "steps"} <= schemas["RecommendationOut"]["properties"].keys()
    assert "memberships" in schemas["RecommendationRequest"]["properties"]
