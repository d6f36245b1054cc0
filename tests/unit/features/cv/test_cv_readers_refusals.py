"""Bombs, programs and broken files are refused, each for its cause, and take no memory of this process."""

from collections.abc import Callable
from io import BytesIO

import file_factory as files
import pytest
from file_factory import MEGABYTE, measure_memory_growth
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from sandboxed_reading import NO_TESSERACT, cause, read

from oim.features.cv.errors import MESSAGES
from oim.features.cv.readers.dispatch import read_file
from oim.features.cv.readers.result import Refusal, RefusedError
from oim.kit.errors import BadInputError

MAX_GROWTH = 4 * MEGABYTE  # of this process
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
# "A billion laughs": ten entities of ten entities of ten ...
LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha">{}]>'.format(
    "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
)
# An entity that would be replaced by a file of the server.
EXTERNAL_FILE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


def _encrypt(user: str, owner: str, algorithm: str) -> bytes:
    """A PDF with a password to open it (`user`) and one to copy it (`owner`)."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(files.pdf())))
    writer.encrypt(user, owner, algorithm=algorithm)
    packed = BytesIO()
    writer.write(packed)
    return packed.getvalue()


def _paragraph_of_entity(entity: str) -> str:
    return f"<w:p><w:r><w:t>&{entity};</w:t></w:r></w:p>"


def _pdf_with_link(action: str) -> bytes:
    """A PDF whose link starts an action."""
    return files.pdf(page=f"/Annots [<< /Type /Annot /Subtype /Link /A << {action} >> >>]")


REFUSED: dict[str, tuple[Refusal, Callable[[], bytes]]] = {
    "nothing": (Refusal.EMPTY, bytes),
    "eleven megabytes": (Refusal.SIZE, lambda: b"%PDF-1.7\n" + bytes(11 * MEGABYTE)),
    "a program": (Refusal.KIND, lambda: b"MZ" + bytes(100) + files.pdf()),
    "a page of the web": (Refusal.KIND, lambda: b"<!DOCTYPE html><html>" + bytes(100)),
    "an old Word document": (Refusal.KIND, lambda: b"\xd0\xcf\x11\xe0" + bytes(5000)),
    "a zip of other things": (
        Refusal.KIND,
        lambda: files.docx().replace(b"word/document.xml", b"text/document.xml"),
    ),
    "a DOCX with a password": (
        Refusal.LOCKED,
        lambda: b"\xd0\xcf\x11\xe0" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
    ),
    "a PDF with a password": (Refusal.LOCKED, lambda: _encrypt("secret", "secret", "AES-256")),
    "macros by their type": (Refusal.PROGRAM, lambda: files.docx(content_type=MACROS)),
    "macros by their part": (
        Refusal.PROGRAM,
        lambda: files.docx(extra_parts={"word/vbaProject.bin": b"x"}),
    ),
    "an object within": (
        Refusal.PROGRAM,
        lambda: files.docx(extra_parts={"word/embeddings/oleObject1.bin": b"x"}),
    ),
    "an object elsewhere": (
        Refusal.PROGRAM,
        lambda: files.docx(
            extra_parts={"word/_rels/document.xml.rels": files.relations("oleObject", "a.bin")}
        ),
    ),
    "a template elsewhere": (
        Refusal.PROGRAM,
        lambda: files.docx(
            extra_parts={
                "word/_rels/settings.xml.rels": files.relations(
                    "attachedTemplate", "https://x.example/a.dotm"
                )
            }
        ),
    ),
    "a script at opening": (
        Refusal.PROGRAM,
        lambda: files.pdf(catalog="/OpenAction << /S /JavaScript /JS (app.alert) >>"),
    ),
    "a script by name": (
        Refusal.PROGRAM,
        lambda: files.pdf(
            catalog="/Names << /JavaScript << /Names [(a) 100 0 R] >> >>",
            objects=[b"<< /S /JavaScript /JS (x) >>"],
        ),
    ),
    "a script in disguise": (Refusal.PROGRAM, lambda: _pdf_with_link("/S /#4aavaScript /J#53 (x)")),
    "a program to launch": (
        Refusal.PROGRAM,
        lambda: _pdf_with_link("/S /URI /Next << /S /Launch /F (a.exe) >>"),
    ),
    "a zip bomb": (
        Refusal.BOMB,
        lambda: files.docx(extra_parts={"word/media/a.bin": bytes(20 * MEGABYTE)}),
    ),
    "a text of spaces": (
        Refusal.BOMB,
        lambda: files.docx(b"<?xml version='1.0'?>" + b" " * (20 * MEGABYTE)),
    ),
    "a thousand members": (
        Refusal.BOMB,
        lambda: files.docx(extra_parts={f"{index}": b"" for index in range(1100)}),
    ),
    "a billion laughs": (
        Refusal.BOMB,
        lambda: files.docx(files.document(_paragraph_of_entity("i"), LAUGHS)),
    ),
    "a file from outside": (
        Refusal.BOMB,
        lambda: files.docx(files.document(_paragraph_of_entity("x"), EXTERNAL_FILE)),
    ),
    "a PDF bomb": (Refusal.BOMB, lambda: files.pdf([files.flate(bytes(40 * MEGABYTE), 2)])),
    "a header of 900 megapixels": (Refusal.BOMB, lambda: files.png(30_000, 30_000)),
    "100 megapixels": (
        Refusal.BOMB,
        lambda: files.png(10_000, 10_000, bytes((10_000 // 8 + 1) * 10_000)),
    ),
    "thirty-one pages": (
        Refusal.PAGES,
        lambda: files.pdf([files.stream(files.draw_text(files.CV))] * 31),
    ),
    "a PDF cut short": (Refusal.UNREADABLE, lambda: files.pdf()[:300]),
    "a DOCX cut short": (Refusal.UNREADABLE, lambda: files.docx()[:-40]),
    "XML cut short": (
        Refusal.UNREADABLE,
        lambda: files.docx(files.document(files.paragraphs(files.CV))[:-30]),
    ),
    "an empty document": (Refusal.NO_TEXT, lambda: files.docx(files.document(""))),
}


# Detected before anything is unpacked, so these are tested without a child process.
REFUSED_EARLY = {Refusal.KIND, Refusal.LOCKED, Refusal.PROGRAM, Refusal.PAGES}


@pytest.mark.parametrize("name", [name for name, (refusal, _) in REFUSED.items() if refusal in REFUSED_EARLY])
def test_a_file_is_refused_for_its_cause(name: str) -> None:
    expected, make = REFUSED[name]
    with pytest.raises(RefusedError) as refused:
        read_file(make())
    assert refused.value.cause is expected


@pytest.mark.parametrize(
    "name", [name for name, (refusal, _) in REFUSED.items() if refusal not in REFUSED_EARLY]
)
def test_a_bomb_or_a_broken_file_takes_no_memory_of_this_process(name: str) -> None:
    expected, make = REFUSED[name]
    content = make()
    with measure_memory_growth() as growth:
        assert cause(content) is expected
    assert growth[0] < MAX_GROWTH


@NO_TESSERACT
def test_a_picture_without_text_and_a_broken_one_have_different_causes() -> None:
    assert cause(files.picture()[:2000]) is Refusal.UNREADABLE
    assert cause(files.pdf([files.stream(b"")])) is Refusal.NO_TEXT


@pytest.mark.parametrize("make", [lambda: b"MZ" + files.pdf(), lambda: files.docx(content_type=MACROS)])
def test_a_refusal_of_the_child_reaches_its_caller_as_a_message(make: Callable[[], bytes]) -> None:
    assert cause(make()) in REFUSED_EARLY


def test_every_cause_has_a_message_of_its_own() -> None:
    assert len(set(MESSAGES.values())) == len(MESSAGES) == len(Refusal)


def test_a_file_that_takes_too_long_is_refused() -> None:
    one_word = files.flate(b"BT /F1 9 Tf (" + b"a" * (15 * MEGABYTE) + b") Tj ET")
    assert cause(files.pdf([one_word])) is Refusal.TIME


@settings(max_examples=4)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]),
)
def test_any_bytes_are_refused_with_a_message(content: bytes, start: bytes) -> None:
    with pytest.raises(BadInputError):
        read(start + content)


@settings(max_examples=4)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([files.pdf(), files.docx()]))
    index = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:index] + data.draw(st.binary(min_size=1, max_size=20)) + whole[index + 10 :]
    try:
        assert read(damaged).lines
    except BadInputError:
        return
