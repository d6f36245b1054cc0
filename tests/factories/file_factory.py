"""Files for tests: CVs as PDF, DOCX and pictures, and the parts to build broken or hostile ones of."""

from __future__ import annotations

import struct
import threading
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import psutil
from PIL import Image, ImageDraw, ImageFont

MEGABYTE = 1024 * 1024
CV = (
    "Professional experience",
    "2015 - 2018: Accountant, Example Ltd, Douala",
    "Education",
    "2014: Bachelor in accounting, University of Buea",
)
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOCUMENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def paragraphs(lines: Sequence[str]) -> str:
    """Paragraphs of a DOCX, as XML."""
    return "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)


def document(body: str, doctype: str = "") -> bytes:
    """The main part of a DOCX."""
    start = f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<w:document xmlns:w="{_NAMESPACE}"><w:body>'
    return f"{start}{body}</w:body></w:document>".encode()


def relations(kind: str, target: str, mode: str = "External") -> bytes:
    """A part of a DOCX with one relation."""
    relation = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return f'<Relationships xmlns="{_RELATIONS}">{relation}</Relationships>'.encode()


def docx(
    body: bytes | None = None,
    extra_parts: Mapping[str, bytes] | None = None,
    content_type: str = DOCUMENT_TYPE,
) -> bytes:
    """A DOCX with a CV, or with another main part, and with more parts by their names."""
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{content_type}"/></Types>'
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        parts = {
            "[Content_Types].xml": types.encode(),
            "word/document.xml": document(paragraphs(CV)) if body is None else body,
            **(extra_parts or {}),
        }
        for name, content in parts.items():
            file.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return packed.getvalue()


def stream(content: bytes, entries: str = "") -> bytes:
    """A stream object of a PDF, with more entries in its dictionary."""
    return f"<< /Length {len(content)} {entries} >>\nstream\n".encode() + content + b"\nendstream"


def draw_text(lines: Sequence[str]) -> bytes:
    """Operators of a PDF that draw lines of text."""
    operators = b" T* ".join(b"<" + line.encode("cp1252").hex().encode() + b"> Tj" for line in lines)
    return b"BT /F1 11 Tf 50 800 Td 14 TL " + operators + b" ET"


def pdf(
    contents: Sequence[bytes] = (), *, catalog: str = "", page: str = "", objects: Sequence[bytes] = ()
) -> bytes:
    """A PDF of pages by their content streams (whole objects). `objects` are numbered from 100."""
    contents = contents or (stream(draw_text(CV)),)
    pages = range(3, 3 + 2 * len(contents), 2)
    numbered = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        2: f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{n} 0 R' for n in pages)}] >>".encode(),
    }
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    for number, content in zip(pages, contents, strict=True):
        resources = f"/Resources << /Font << /F1 {font} >> {page if '/XObject' in page else ''} >>"
        head = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources} /Contents {number + 1} 0 R"
        numbered[number] = f"{head} {'' if '/XObject' in page else page} >>".encode()
        numbered[number + 1] = content
    numbered |= dict(enumerate(objects, 100))
    return _serialise_pdf(numbered)


def _serialise_pdf(numbered: Mapping[int, bytes]) -> bytes:
    """A PDF file of objects by their numbers, with its table of offsets."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = {}
    for number, content in numbered.items():
        offsets[number] = len(out)
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start, size = len(out), max(numbered) + 1
    lines = [f"{offsets[n]:010} 00000 n \n" if n in offsets else f"{0:010} 65535 f \n" for n in range(size)]
    out += f"xref\n0 {size}\n{''.join(lines)}trailer\n<< /Size {size} /Root 1 0 R >>\n".encode()
    return bytes(out) + f"startxref\n{start}\n%%EOF\n".encode()


def flate(content: bytes, times: int = 1) -> bytes:
    """A stream compressed so many times over."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    return stream(content, f"/Filter [{' '.join(['/FlateDecode'] * times)}]")


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG of one bit a pixel; the size in its header need not be true."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in parts
    )


def picture(lines: Sequence[str] = CV, form: str = "PNG") -> bytes:
    """A scan: a picture of lines of text."""
    image = Image.new("L", (1654, 120 + 60 * len(lines)), 255)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size=36)
    for index, line in enumerate(lines):
        pen.text((80, 60 + 60 * index), line, font=font, fill=10)
    packed = BytesIO()
    image.save(packed, form)
    return packed.getvalue()


@contextmanager
def measure_memory_growth() -> Iterator[list[int]]:
    """By how many bytes the memory of this process grows at most: a list of one, complete at the end."""
    process, ended = psutil.Process(), threading.Event()
    before = process.memory_info().rss
    peak = [0]

    def watch() -> None:
        while not ended.is_set():
            peak[0] = max(peak[0], process.memory_info().rss - before)
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()
