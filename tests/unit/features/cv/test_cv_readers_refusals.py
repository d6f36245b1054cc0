"""Bombs, programs and broken files are refused, each for what it is; this process's memory does not move."""

from collections.abc import Callable
from io import BytesIO

import file_factory as made
import pytest
from file_factory import MEGABYTE, growth
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from sandboxed_reading import NO_TESSERACT, cause, read

from oim.features.cv.errors import MESSAGES
from oim.features.cv.readers.child import read_file
from oim.features.cv.readers.result import Refusal, RefusedError
from oim.kit.errors import BadInputError

LITTLE = 4 * MEGABYTE
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha">{}]>'.format(
    "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
)
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


def _locked(user: str, owner: str, algorithm: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(made.pdf())))
    writer.encrypt(user, owner, algorithm=algorithm)
    packed = BytesIO()
    writer.write(packed)
    return packed.getvalue()


def _said(entity: str) -> str:
    return f"<w:p><w:r><w:t>&{entity};</w:t></w:r></w:p>"


def _annotated(action: str) -> bytes:
    return made.pdf(page=f"/Annots [<< /Type /Annot /Subtype /Link /A << {action} >> >>]")


REFUSED: dict[str, tuple[Refusal, Callable[[], bytes]]] = {
    "nothing": (Refusal.EMPTY, bytes),
    "eleven megabytes": (Refusal.SIZE, lambda: b"%PDF-1.7\n" + bytes(11 * MEGABYTE)),
    "a program": (Refusal.KIND, lambda: b"MZ" + bytes(100) + made.pdf()),
    "a page of the web": (Refusal.KIND, lambda: b"<!DOCTYPE html><html>" + bytes(100)),
    "an old Word document": (Refusal.KIND, lambda: b"\xd0\xcf\x11\xe0" + bytes(5000)),
    "a zip of other things": (
        Refusal.KIND,
        lambda: made.docx().replace(b"word/document.xml", b"text/document.xml"),
    ),
    "a DOCX with a password": (
        Refusal.LOCKED,
        lambda: b"\xd0\xcf\x11\xe0" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
    ),
    "a PDF with a password": (Refusal.LOCKED, lambda: _locked("secret", "secret", "AES-256")),
    "a PDF not to be copied": (Refusal.LOCKED, lambda: _locked("", "secret", "RC4-128")),
    "macros by their type": (Refusal.PROGRAM, lambda: made.docx(content_type=MACROS)),
    "macros by their part": (Refusal.PROGRAM, lambda: made.docx(others={"word/vbaProject.bin": b"x"})),
    "an object within": (Refusal.PROGRAM, lambda: made.docx(others={"word/embeddings/oleObject1.bin": b"x"})),
    "an object elsewhere": (
        Refusal.PROGRAM,
        lambda: made.docx(others={"word/_rels/document.xml.rels": made.relations("oleObject", "a.bin")}),
    ),
    "a template elsewhere": (
        Refusal.PROGRAM,
        lambda: made.docx(
            others={
                "word/_rels/settings.xml.rels": made.relations("attachedTemplate", "https://x.example/a.dotm")
            }
        ),
    ),
    "a script at opening": (
        Refusal.PROGRAM,
        lambda: made.pdf(catalog="/OpenAction << /S /JavaScript /JS (app.alert) >>"),
    ),
    "a script by name": (
        Refusal.PROGRAM,
        lambda: made.pdf(
            catalog="/Names << /JavaScript << /Names [(a) 100 0 R] >> >>",
            objects=[b"<< /S /JavaScript /JS (x) >>"],
        ),
    ),
    "a script in disguise": (Refusal.PROGRAM, lambda: _annotated("/S /#4aavaScript /J#53 (x)")),
    "a program to launch": (Refusal.PROGRAM, lambda: _annotated("/S /URI /Next << /S /Launch /F (a.exe) >>")),
    "a zip bomb": (Refusal.BOMB, lambda: made.docx(others={"word/media/a.bin": bytes(20 * MEGABYTE)})),
    "a text of spaces": (Refusal.BOMB, lambda: made.docx(b"<?xml version='1.0'?>" + b" " * (20 * MEGABYTE))),
    "a thousand members": (
        Refusal.BOMB,
        lambda: made.docx(others={f"{place}": b"" for place in range(1100)}),
    ),
    "a billion laughs": (Refusal.BOMB, lambda: made.docx(made.document(_said("i"), LAUGHS))),
    "a file from outside": (Refusal.BOMB, lambda: made.docx(made.document(_said("x"), OUTSIDE))),
    "a PDF bomb": (Refusal.BOMB, lambda: made.pdf([made.flate(bytes(40 * MEGABYTE), 2)])),
    "a header of 900 megapixels": (Refusal.BOMB, lambda: made.png(30_000, 30_000)),
    "100 megapixels": (Refusal.BOMB, lambda: made.png(10_000, 10_000, bytes((10_000 // 8 + 1) * 10_000))),
    "thirty-one pages": (Refusal.PAGES, lambda: made.pdf([made.stream(made.drawn(made.CV))] * 31)),
    "a PDF cut short": (Refusal.UNREADABLE, lambda: made.pdf()[:300]),
    "a DOCX cut short": (Refusal.UNREADABLE, lambda: made.docx()[:-40]),
    "XML cut short": (Refusal.UNREADABLE, lambda: made.docx(made.document(made.paragraphs(made.CV))[:-30])),
    "an empty document": (Refusal.NO_TEXT, lambda: made.docx(made.document(""))),
}


HERE = {Refusal.KIND, Refusal.LOCKED, Refusal.PROGRAM, Refusal.PAGES}  # found before anything is unpacked


@pytest.mark.parametrize("name", [name for name, (cause, _) in REFUSED.items() if cause in HERE])
def test_a_file_is_refused_for_what_it_is(name: str) -> None:
    expected, make = REFUSED[name]
    with pytest.raises(RefusedError) as refused:
        read_file(make())
    assert refused.value.cause is expected


@pytest.mark.parametrize("name", [name for name, (cause, _) in REFUSED.items() if cause not in HERE])
def test_a_bomb_or_a_broken_file_moves_no_memory_here(name: str) -> None:
    expected, make = REFUSED[name]
    content = make()
    with growth() as grown:
        assert cause(content) is expected
    assert grown[0] < LITTLE


@NO_TESSERACT
def test_a_picture_without_text_is_told_from_a_broken_one() -> None:
    assert cause(made.picture()[:2000]) is Refusal.UNREADABLE
    assert cause(made.pdf([made.stream(b"")])) is Refusal.NO_TEXT


@pytest.mark.parametrize("make", [lambda: b"MZ" + made.pdf(), lambda: made.docx(content_type=MACROS)])
def test_what_is_refused_apart_is_worded_here(make: Callable[[], bytes]) -> None:
    assert cause(make()) in HERE


def test_every_cause_has_its_own_words() -> None:
    assert len(set(MESSAGES.values())) == len(MESSAGES) == len(Refusal)


def test_what_takes_too_long_is_given_up() -> None:
    one_word = made.flate(b"BT /F1 9 Tf (" + b"a" * (15 * MEGABYTE) + b") Tj ET")
    assert cause(made.pdf([one_word])) is Refusal.TIME


@settings(max_examples=4, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]),
)
def test_any_bytes_are_refused_with_a_message(content: bytes, start: bytes) -> None:
    with pytest.raises(BadInputError):
        read(start + content)


@settings(max_examples=4, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([made.pdf(), made.docx()]))
    place = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:place] + data.draw(st.binary(min_size=1, max_size=20)) + whole[place + 10 :]
    try:
        assert read(damaged).lines
    except BadInputError:
        return
