"""Bombs, macros and what is no CV, sent through the pages and REST: refused in words, nothing kept."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import file_factory as made
import pytest
from fastapi.testclient import TestClient
from file_factory import MEGABYTE, measure_memory_growth
from people_factory import add_people, person
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlalchemy import delete, func, select

from oim.features.cv.errors import MESSAGES
from oim.features.cv.models import DocumentRow
from oim.features.cv.readers.result import Refusal
from oim.features.people.models import PersonRow
from oim.kit.i18n import translator

MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
NOTHING = {"fr": "Aucun fichier n’est arrivé. Choisissez-en un, et renvoyez-le."}
MOST = 40 * MEGABYTE  # what the largest body takes while it is sent and received in this same process
REFUSED: dict[str, tuple[Refusal, str, Callable[[], bytes]]] = {
    "a zip bomb": (
        Refusal.BOMB,
        "cv.docx",
        lambda: made.docx(extra_parts={"word/media/a.bin": bytes(20 * MEGABYTE)}),
    ),
    "a PDF bomb": (Refusal.BOMB, "cv.pdf", lambda: made.pdf([made.flate(bytes(40 * MEGABYTE), 2)])),
    "a picture bomb": (Refusal.BOMB, "cv.png", lambda: made.png(30_000, 30_000)),
    "macros": (Refusal.PROGRAM, "cv.docx", lambda: made.docx(content_type=MACROS)),
    "a program called a PDF": (Refusal.KIND, "cv.pdf", lambda: b"MZ" + bytes(5000)),
    "a text called a DOCX": (Refusal.KIND, "cv.docx", lambda: b"Awa Ngono, couturiere" * 50),
    "half a PDF": (Refusal.UNREADABLE, "cv.pdf", lambda: made.pdf()[:300]),
    "eleven megabytes": (Refusal.SIZE, "cv.pdf", lambda: b"%PDF-1.7\n" + bytes(11 * MEGABYTE)),
    "ten megabytes and a byte": (Refusal.SIZE, "cv.pdf", lambda: bytes(10 * MEGABYTE + 1)),
}


@pytest.fixture
def who(house: Any) -> Iterator[UUID]:
    [id_] = add_people(house.database)
    yield id_
    with house.database.write() as session:
        session.execute(delete(PersonRow).where(PersonRow.id == id_))


def kept(house: Any) -> tuple[int, list[str]]:
    """Documents of which something is kept, and files."""
    with house.database.read() as session:
        rows = session.scalar(select(func.count()).select_from(DocumentRow)) or 0
    return rows, list(house.blobs.keys("documents/"))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", REFUSED)
def test_a_page_refuses_it_in_words(
    house: Any, web: Callable[..., TestClient], who: UUID, name: str, language: str
) -> None:
    cause, file_name, make = REFUSED[name]
    browser, content, before = web(person(who)), make(), kept(house)
    with measure_memory_growth() as growth:
        answer = browser.post(f"/{language}/me/cv", files={"file": (file_name, content)})
    assert answer.status_code == 400
    words = translator(language)(MESSAGES[cause])
    assert HTMLParser(answer.text).css_first("#file-error").text() == words
    assert kept(house) == before
    assert growth[0] < MOST


@pytest.mark.parametrize("name", REFUSED)
def test_the_api_refuses_it_in_words(
    house: Any, api: TestClient, token: Callable[..., dict[str, str]], who: UUID, name: str
) -> None:
    cause, file_name, make = REFUSED[name]
    before = kept(house)
    headers = {**token(person(who)), "Accept-Language": "en"}
    answer = api.put("/v1/me/cv", files={"file": (file_name, make())}, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "file", "message": translator("en")(MESSAGES[cause])}]
    assert kept(house) == before


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"data": {"file": "words"}},
        {"files": {"other": ("cv.pdf", b"%PDF-1.7")}},
        {"files": {"file": ("cv.pdf", b"")}},
        {"content": b"\xff" * 1000, "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"\xff" * 1000, "headers": {"Content-Type": "multipart/form-data"}},
        {"content": b"{}", "headers": {"Content-Type": "application/json"}},
        {"files": [("file", ("a.pdf", b"%PDF-1.7")), ("file", ("b.pdf", b"%PDF-1.7"))]},
    ],
)
def test_what_is_no_upload_is_told_so(
    house: Any, web: Callable[..., TestClient], who: UUID, sent: dict[str, Any]
) -> None:
    before = kept(house)
    answer = web(person(who)).post("/fr/me/cv", **sent)
    assert answer.status_code == 400
    assert HTMLParser(answer.text).css_first("#file-error").text() == NOTHING["fr"]
    assert kept(house) == before


def test_a_stranger_sends_nothing(house: Any, web: Callable[..., TestClient], api: TestClient) -> None:
    file = {"file": ("cv.pdf", made.pdf())}
    before = kept(house)
    assert web().post("/fr/me/cv", files=file).status_code in (303, 401)
    assert api.put("/v1/me/cv", files=file).status_code == 401
    assert kept(house) == before


def test_files_are_counted_by_person(
    house: Any,
    web: Callable[..., TestClient],
    api: TestClient,
    token: Callable[..., dict[str, str]],
    who: UUID,
) -> None:
    browser, other = web(person(who)), add_people(house.database)[0]
    file = {"file": ("cv.txt", b"words" * 100)}
    told = [browser.post("/fr/me/cv", files=file).status_code for _ in range(20)]
    assert told == [400] * 20
    assert browser.post("/fr/me/cv", files=file).status_code == 429
    answer = api.put("/v1/me/cv", files=file, headers=token(person(who)))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert web(person(other)).post("/fr/me/cv", files=file).status_code == 400
