"""Every error is a problem (RFC 9457) in the caller's language, and never a 500."""

import json
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from oim.features.matching import Answer
from oim.kit.errors import BadInputError, ConflictError, NotFoundError, UnavailableError

RECOMMEND = "/v1/recommendations"


def problem(response: Response, status: int, language: str = "fr") -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["content-language"] == language
    details: dict[str, Any] = response.json()
    assert (
        {"type", "title", "status", "detail"}
        <= set(details)
        <= {"type", "title", "status", "detail", "errors"}
    )
    assert details["status"] == status
    assert details["type"].startswith("urn:oim:problem:")
    assert details["title"]
    assert "%(" not in response.text
    return details


def field_errors(details: dict[str, Any]) -> dict[str, str]:
    return {item["field"]: item["message"] for item in details["errors"]}


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"text": 7}, "text", "Ce doit être un texte."),
        ({"text": "x" * 4001}, "text", "Ce texte est trop long : 4000 caractères au plus."),
        ({"wages": 3}, "wages", "Ce champ est inconnu."),
        ({"limit": 0}, "limit", "Ce doit être au moins 1."),
        ({"limit": 51}, "limit", "Ce doit être au plus 50."),
        ({"limit": "x"}, "limit", "Ce doit être un nombre entier."),
        ({"limit": 1.5}, "limit", "Ce doit être un nombre entier."),
        ({"limit": None}, "limit", "Ce doit être un nombre entier."),
        ({"limit": []}, "limit", "Ce doit être un nombre entier."),
        ({"birth_year": 1850}, "birth_year", "Ce doit être au moins 1900."),
        ({"education": 9}, "education", "Ce doit être au plus 8."),
        (
            {"kinds": ["job"]},
            "kinds.0",
            "Ce n’est pas une des valeurs acceptées : 'employment', 'training', 'agr'.",
        ),
        ({"kinds": "agr"}, "kinds", "Ce doit être une liste."),
        ({"kinds": ["agr"] * 4}, "kinds", "Cette liste est trop longue : 3 éléments au plus."),
        ({"gender": "x"}, "gender", "Ce n’est pas une des valeurs acceptées : 'female', 'male'."),
        (
            {"region": "Littoral"},
            "region",
            "Ce n’est pas une des valeurs acceptées : "
            "CM-AD, CM-CE, CM-EN, CM-ES, CM-LT, CM-NO, CM-NW, CM-OU, CM-SU, CM-SW.",
        ),
        ({"region": "CM-OU-03"}, "region", None),
        ({"region": "\0"}, "region", None),
        ({"commune": "nowhere\u200b"}, "commune", "Cette valeur n’est pas utilisable."),
        ({"department": "nowhere"}, "department", "Cette valeur n’est pas utilisable."),
        ([], "body", "Ce doit être un objet JSON, envoyé en application/json."),
        ("text", "body", "Ce doit être un objet JSON, envoyé en application/json."),
        (7, "body", None),
    ],
)
def test_a_field_with_an_invalid_value_is_named(
    api: TestClient, body: Any, field: str, message: str | None
) -> None:
    details = problem(api.post(RECOMMEND, json=body), 422)
    assert list(field_errors(details)) == [field]
    assert details["title"] == "Quelque chose dans la requête n’est pas utilisable"
    assert details["detail"] == field_errors(details)[field]
    if message:
        assert details["detail"] == message


def test_all_invalid_fields_are_listed_at_once(api: TestClient) -> None:
    details = problem(api.post(RECOMMEND, json={"limit": 0, "kinds": ["x"], "wages": 1}), 422)
    assert set(field_errors(details)) == {"limit", "kinds.0", "wages"}


def test_at_most_twenty_invalid_fields_are_listed(api: TestClient) -> None:
    details = problem(api.post(RECOMMEND, json={f"field {number}": 1 for number in range(1000)}), 422)
    assert len(details["errors"]) == 20


@pytest.mark.parametrize("accept", ["en", "en-GB, fr;q=0.5", "de, en;q=0.9, fr;q=0.8", "en; q=0.9"])
def test_english_is_used_where_it_is_preferred(api: TestClient, accept: str) -> None:
    details = problem(api.post(RECOMMEND, json={"limit": 51}, headers={"Accept-Language": accept}), 422, "en")
    assert details["detail"] == "This must be at most 50."
    assert details["title"] == "Something in the request cannot be used"


@pytest.mark.parametrize("accept", ["", "de", "*", "fr-CM, en;q=0.9", "\xff", "en;q=x", ",;q=,"])
def test_french_is_the_default(api: TestClient, accept: str) -> None:
    headers = {"Accept-Language": accept.encode("latin-1")}
    problem(api.post(RECOMMEND, json={"limit": 51}, headers=headers), 422, "fr")


@pytest.mark.parametrize(
    "content",
    [b"{", b'{"text": "x"', b"{'text': 'x'}", b"", b"nul", b'{"text": "a\nb"}', b'{"text": \x00}'],
)
def test_broken_json_gives_one_error_on_the_body(api: TestClient, content: bytes) -> None:
    response = api.post(RECOMMEND, content=content, headers={"Content-Type": "application/json"})
    details = problem(response, 422)
    expected = "Ce n’est pas du JSON valable." if content else "Ce champ est obligatoire."
    assert field_errors(details) == {"body": expected}


@pytest.mark.parametrize(
    "content",
    [
        b'{"text": "\xff\xfe"}',
        b"[" * 200_000,
        b'{"text": ' * 100_000,
        b'{"limit": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_no_parser_can_read_is_refused(api: TestClient, content: bytes) -> None:
    details = problem(api.post(RECOMMEND, content=content, headers={"Content-Type": "application/json"}), 400)
    assert details["title"] == "La requête est illisible"


@pytest.mark.parametrize(
    "body",
    [
        r'{"text": "\ud800"}',
        r'{"\ud800": 1}',
        r'{"kinds": ["\udfff"]}',
        r'{"region": "\udc00"}',
        r'{"occupations": ["\ud800"]}',
        '{"' + "x" * 5000 + '": 1}',
    ],
)
def test_lone_surrogates_and_very_long_names_are_refused(api: TestClient, body: str) -> None:
    details = problem(api.post(RECOMMEND, content=body, headers={"Content-Type": "application/json"}), 422)
    assert all(len(item["field"]) <= 100 for item in details["errors"])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "-0.0001", "10e30", "[1]"])
def test_odd_numbers_are_refused(api: TestClient, number: str) -> None:
    content = f'{{"experience_years": {number}}}'
    response = api.post(RECOMMEND, content=content, headers={"Content-Type": "application/json"})
    problem(response, 422)


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_body_that_is_not_sent_as_json_is_refused(api: TestClient, media_type: str) -> None:
    details = problem(api.post(RECOMMEND, content=b'{"limit": 1}', headers={"Content-Type": media_type}), 422)
    assert field_errors(details) == {"body": "Ce doit être un objet JSON, envoyé en application/json."}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"kind": "job"}, "kind"),
        ({"region": "Littoral"}, "region"),
        ({"region": "\0"}, "region"),
        ({"after": "x" * 101}, "after"),
        ({"after": "x"}, "after"),
        ({"after": "nan~" + str(UUID(int=0))}, "after"),
        ({"after": "1e400~" + str(UUID(int=0))}, "after"),
        ({"after": "-1e17~" + str(UUID(int=0))}, "after"),
        ({"after": "5~\0"}, "after"),
    ],
)
def test_an_invalid_query_parameter_is_named(api: TestClient, query: dict[str, str], field: str) -> None:
    details = problem(api.get("/v1/opportunities", params=query), 422)
    assert list(field_errors(details)) == [field]


@pytest.mark.parametrize("id_", ["x", "1", "%ff", "%00", "00000000-0000-0000-0000-00000000000g"])
def test_an_invalid_identifier_is_named(api: TestClient, id_: str) -> None:
    details = problem(api.get(f"/v1/opportunities/{id_}"), 422)
    assert field_errors(details) == {"opportunity_id": "Ce n’est pas un identifiant."}


def test_an_unknown_offer_is_not_found(api: TestClient) -> None:
    path = f"/v1/opportunities/{UUID(int=7)}"
    details = problem(api.get(path), 404)
    assert details["detail"] == "Cette offre n’existe pas, ou elle n’est plus ici."
    assert details["type"] == "urn:oim:problem:not-found"
    details = problem(api.get(path, headers={"Accept-Language": "en"}), 404, "en")
    assert details["detail"] == "This offer does not exist, or is no longer here."


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1", "/v1/opportunities/a/b", "/docs/x", "/docs/assets/x"])
def test_an_unknown_path_is_not_found(api: TestClient, path: str) -> None:
    details = problem(api.get(path), 404)
    assert details["title"] == "Il n’y a rien à cette adresse"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", RECOMMEND, "POST"),
        ("DELETE", "/v1/opportunities", "GET"),
        ("PUT", f"/v1/opportunities/{UUID(int=7)}", "GET"),
        ("POST", "/healthz", "GET"),
    ],
)
def test_a_wrong_method_is_refused_with_the_allowed_one(
    api: TestClient, method: str, path: str, allowed: str
) -> None:
    response = api.request(method, path)
    details = problem(response, 405)
    assert details["title"] == "Cette méthode n’est pas permise ici"
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize(
    ("error", "status", "type_"),
    [
        (BadInputError("Ask for between 1 and %(most)s offers.", field="limit", most=50), 422, "bad-input"),
        (NotFoundError("This offer does not exist, or is no longer here."), 404, "not-found"),
        (ConflictError("Stopping"), 409, "conflict"),
        (UnavailableError("The search does not answer. Try again in a moment."), 503, "unavailable"),
    ],
)
def test_each_class_of_error_has_its_status(
    api: TestClient, engine: Any, error: Exception, status: int, type_: str
) -> None:
    engine.error = error
    details = problem(api.post(RECOMMEND, json={}), status)
    assert details["type"] == f"urn:oim:problem:{type_}"
    assert ("errors" in details) == (status == 422)


def test_an_engine_that_does_not_answer_is_reported_in_both_languages(api: TestClient, engine: Any) -> None:
    engine.error = UnavailableError("The search does not answer. Try again in a moment.")
    french = problem(api.post(RECOMMEND, json={}), 503)
    english = problem(api.post(RECOMMEND, json={}, headers={"Accept-Language": "en"}), 503, "en")
    assert french["detail"] == "La recherche ne répond pas pour le moment. Réessayez dans un instant."
    assert english["detail"] == "The search does not answer. Try again in a moment."


@pytest.mark.parametrize("path", ["/v1/opportunities", f"/v1/opportunities/{UUID(int=7)}"])
def test_a_database_that_does_not_answer_is_reported(api: TestClient, database: Any, path: str) -> None:
    database.is_down = True
    details = problem(api.get(path), 503)
    assert details["detail"] == "La base de données ne répond pas. Réessayez dans un instant."


def test_an_unexpected_error_reveals_no_details(api: TestClient, engine: Any) -> None:
    engine.error = RuntimeError("secret of the house")
    response = api.post(RECOMMEND, json={"text": "secret of a person"})
    details = problem(response, 500)
    assert details["detail"] == "Un problème est survenu chez nous"
    assert "secret" not in response.text


def test_every_field_of_a_profile_reaches_the_engine(api: TestClient, engine: Any) -> None:
    body = {
        "text": "couture",
        "birth_year": 1998,
        "gender": "female",
        "statuses": ["returnee", "youth"],
        "region": "CM-OU",
        "department": "CM-OU-03",
        "commune": "CM-OU-0301",
        "education": 3,
        "occupations": ["7531"],
        "experience_years": 0,
        "kinds": ["agr", "training"],
        "limit": 50,
    }
    assert api.post(RECOMMEND, json=body, headers={"Accept-Language": "en"}).status_code == 200
    ((profile, limit),) = engine.requests
    assert limit == body.pop("limit")
    assert profile.language == "en"
    assert body == {name: json.loads(json.dumps(getattr(profile, name))) for name in body}


@pytest.mark.parametrize("words_only", [True, False])
def test_an_answer_by_words_alone_says_so(api: TestClient, engine: Any, words_only: bool) -> None:
    engine.recommend = lambda *_, **__: Answer(items=(), missing=(), words_only=words_only)
    assert api.post("/v1/recommendations", json={"text": "couture"}).json()["words_only"] is words_only
