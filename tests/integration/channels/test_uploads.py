"""Bombs, macros and files that are no CV, uploaded through the pages and REST: refused, nothing stored."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import file_factory
import pytest
from fastapi.testclient import TestClient
from file_factory import MEGABYTE, measure_memory_growth
from house_factory import House
from people_factory import add_people, person
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlalchemy import delete, func, select

from oim.channels.http import cv_upload
from oim.features import cv
from oim.features.cv.errors import MESSAGES
from oim.features.cv.models import DocumentRow
from oim.features.cv.readers.result import Refusal
from oim.features.people.models import PersonRow
from oim.kit.i18n import translator
from oim.kit.rate_limits import RateLimit

MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
NOTHING = {"fr": "Aucun fichier n’est arrivé. Choisissez-en un, et renvoyez-le."}
MAX_GROWTH = 40 * MEGABYTE  # bytes that the largest body takes while this same process sends and receives it
REFUSED: dict[str, tuple[Refusal, str, Callable[[], bytes]]] = {
    "a zip bomb": (
        Refusal.BOMB,
        "cv.docx",
        lambda: file_factory.docx(extra_parts={"word/media/a.bin": bytes(20 * MEGABYTE)}),
    ),
    "a PDF bomb": (
        Refusal.BOMB,
        "cv.pdf",
        lambda: file_factory.pdf([file_factory.flate(bytes(40 * MEGABYTE), 2)]),
    ),
    "a picture bomb": (Refusal.BOMB, "cv.png", lambda: file_factory.png(30_000, 30_000)),
    "macros": (Refusal.PROGRAM, "cv.docx", lambda: file_factory.docx(content_type=MACROS)),
    "a program called a PDF": (Refusal.KIND, "cv.pdf", lambda: b"MZ" + bytes(5000)),
    "a text called a DOCX": (Refusal.KIND, "cv.docx", lambda: b"Awa Ngono, couturiere" * 50),
    "half a PDF": (Refusal.UNREADABLE, "cv.pdf", lambda: file_factory.pdf()[:300]),
    "eleven megabytes": (Refusal.SIZE, "cv.pdf", lambda: b"%PDF-1.7\n" + bytes(11 * MEGABYTE)),
    "ten megabytes and a byte": (Refusal.SIZE, "cv.pdf", lambda: bytes(10 * MEGABYTE + 1)),
}


@pytest.fixture
def person_id(house: Any) -> Iterator[UUID]:
    [id_] = add_people(house.database)
    yield id_
    with house.database.write() as session:
        session.execute(delete(PersonRow).where(PersonRow.id == id_))


def stored_files(house: Any) -> tuple[int, list[str]]:
    """The number of documents in the database, and the names of stored files."""
    with house.database.read() as session:
        rows = session.scalar(select(func.count()).select_from(DocumentRow)) or 0
    return rows, list(house.blobs.keys("documents/"))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", REFUSED)
def test_a_page_refuses_the_file_and_says_why(
    house: Any, web: Callable[..., TestClient], person_id: UUID, name: str, language: str
) -> None:
    cause, file_name, make = REFUSED[name]
    browser, content, before = web(person(person_id)), make(), stored_files(house)
    with measure_memory_growth() as growth:
        answer = browser.post(f"/{language}/me/cv", files={"file": (file_name, content)})
    assert answer.status_code == (413 if cause is Refusal.SIZE else 400)
    words = translator(language)(MESSAGES[cause])
    assert HTMLParser(answer.text).css_first("#file-error").text() == words
    assert stored_files(house) == before
    assert growth[0] < MAX_GROWTH


@pytest.mark.parametrize("name", REFUSED)
def test_the_api_refuses_the_file_and_says_why(
    house: Any, api: TestClient, token: Callable[..., dict[str, str]], person_id: UUID, name: str
) -> None:
    cause, file_name, make = REFUSED[name]
    before = stored_files(house)
    headers = {**token(person(person_id)), "Accept-Language": "en"}
    answer = api.put("/v1/me/cv", files={"file": (file_name, make())}, headers=headers)
    assert answer.status_code == (413 if cause is Refusal.SIZE else 422)
    assert answer.json()["errors"] == [{"field": "file", "message": translator("en")(MESSAGES[cause])}]
    assert stored_files(house) == before


@pytest.mark.parametrize(
    "upload",
    [
        {},
        {"data": {"file": "words"}},
        {"files": {"other": ("cv.pdf", b"%PDF-1.7")}},
        {"content": b"\xff" * 1000, "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"\xff" * 1000, "headers": {"Content-Type": "multipart/form-data"}},
        {"content": b"{}", "headers": {"Content-Type": "application/json"}},
    ],
)
def test_a_form_without_a_single_file_is_refused_and_says_why(
    house: Any, web: Callable[..., TestClient], person_id: UUID, upload: dict[str, Any]
) -> None:
    before = stored_files(house)
    answer = web(person(person_id)).post("/fr/me/cv", **upload)
    assert answer.status_code == 400
    assert HTMLParser(answer.text).css_first("#file-error").text() == NOTHING["fr"]
    assert stored_files(house) == before


SEVERAL = "Plusieurs fichiers sont arrivés. Choisissez-en un, et envoyez-le seul."
EMPTY = "Ce fichier est vide. Choisissez le fichier de votre CV."


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("file", ("a.pdf", b"%PDF-1.7")), ("file", ("b.pdf", b"%PDF-1.7"))], SEVERAL),
        ([("file", ("a.pdf", b"%PDF-1.7")), ("other", ("b.pdf", b"%PDF-1.7"))], SEVERAL),
        ([("file", (f"{number}.pdf", b"%PDF-1.7")) for number in range(20)], SEVERAL),
        ([("file", ("cv.pdf", b""))], EMPTY),
    ],
    ids=["two", "two fields", "twenty", "empty"],
)
def test_of_several_files_none_is_taken_silently_and_an_empty_one_is_told_so(
    house: Any, web: Callable[..., TestClient], person_id: UUID, files: list[Any], words: str
) -> None:
    before = stored_files(house)
    page = web(person(person_id)).post("/fr/me/cv", files=files)
    assert page.status_code == 400
    assert HTMLParser(page.text).css_first("#file-error").text() == words
    assert stored_files(house) == before


def test_the_api_asks_for_one_file_of_two(
    api: TestClient, token: Callable[..., dict[str, str]], person_id: UUID
) -> None:
    headers = {**token(person(person_id)), "Accept-Language": "fr"}
    files = [("file", (name, b"%PDF-1.7")) for name in ("a.pdf", "b.pdf")]
    answer = api.put("/v1/me/cv", files=files, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "file", "message": SEVERAL}]


@pytest.mark.parametrize("megabytes", [0, 3])
def test_an_upload_passes_through_no_file_on_a_disk(
    house: Any,
    web: Callable[..., TestClient],
    person_id: UUID,
    megabytes: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *_, **__: opened.append("on a disk"))
    picture = {"word/media/a.png": secrets.token_bytes(megabytes * MEGABYTE)}
    answer = web(person(person_id)).post(
        "/fr/me/cv",
        files={"file": ("cv.docx", file_factory.docx(extra_parts=picture))},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert opened == []


def test_a_stranger_cannot_upload_a_file(house: Any, web: Callable[..., TestClient], api: TestClient) -> None:
    file = {"file": ("cv.pdf", file_factory.pdf())}
    before = stored_files(house)
    assert web().post("/fr/me/cv", files=file).status_code in (303, 401)
    assert api.put("/v1/me/cv", files=file).status_code == 401
    assert stored_files(house) == before


def test_uploads_are_limited_per_person(
    house: Any,
    web: Callable[..., TestClient],
    api: TestClient,
    token: Callable[..., dict[str, str]],
    person_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("oim.features.cv.upload.UPLOAD_RULE", RateLimit("cv", "3 per hour"))
    browser, other = web(person(person_id)), add_people(house.database)[0]
    file = {"file": ("cv.txt", b"words" * 100)}
    statuses = [browser.post("/fr/me/cv", files=file).status_code for _ in range(3)]
    assert statuses == [400] * 3
    assert browser.post("/fr/me/cv", files=file).status_code == 429
    answer = api.put("/v1/me/cv", files=file, headers=token(person(person_id)))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert web(person(other)).post("/fr/me/cv", files=file).status_code == 400


IS_READING = [("fr", "déjà en cours de lecture"), ("en", "being read already")]


@contextmanager
def while_one_is_read(house: House, person_id: UUID) -> Iterator[dict[str, tuple[str, bytes]]]:
    """A file to send while another of the person is read; none is stored."""
    sign_in, before = house.sign_in, stored_files(house)
    with cv.take_turn(sign_in.cache, sign_in.rate_limiter, person_id, "elsewhere"):
        yield {"file": ("cv.docx", file_factory.docx())}
    assert stored_files(house) == before


@pytest.mark.parametrize(("language", "words"), IS_READING)
def test_a_page_refuses_a_second_cv_while_one_is_read(
    house: House, web: Callable[..., TestClient], person_id: UUID, language: str, words: str
) -> None:
    with while_one_is_read(house, person_id) as file:
        answer = web(person(person_id)).post(f"/{language}/me/cv", files=file)
    assert answer.status_code == 409
    assert words in answer.text


def test_the_api_refuses_a_second_cv_while_one_is_read(
    house: House, api: TestClient, token: Callable[..., dict[str, str]], person_id: UUID
) -> None:
    with while_one_is_read(house, person_id) as file:
        answer = api.put("/v1/me/cv", files=file, headers=token(person(person_id)))
    assert answer.status_code == 409
    assert "déjà en cours de lecture" in answer.json()["detail"]


def test_many_cvs_at_once_hold_no_personal_page(
    house: House, web: Callable[..., TestClient], person_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No place to read, as while others send theirs.
    monkeypatch.setattr(cv_upload, "READING", replace(cv_upload.READING, places=0, wait=0))
    browser = web(person(person_id))
    refused = browser.post("/en/me/cv", files={"file": ("cv.docx", file_factory.docx())})
    assert refused.status_code == 503
    assert "Many people are sending their CV now" in refused.text
    assert refused.headers["Retry-After"]
    assert browser.get("/en/me/cv").status_code == 200
