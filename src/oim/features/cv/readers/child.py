"""The child: one file from its standard input, one JSON object to its standard output."""

from __future__ import annotations

import json
import sys
from importlib import import_module

from oim.features.cv.readers.limits import confine
from oim.features.cv.readers.result import Refusal, RefusedError, has_enough_text, limit_lines

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SIGNATURES = (
    (b"%PDF-", PDF),
    (b"PK\x03\x04", DOCX),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")  # Word keeps a document with a password in there
_PDF_HEADER_WINDOW = 1024  # bytes within which a PDF may begin
MAX_BYTES = 10 * 1024 * 1024
_READERS = {PDF: "pdf", DOCX: "docx"}  # imported only for their kind, or a DOCX would wait for a PDF's
_IMAGE_READER = "images"


def detect_media_type(content: bytes) -> str:
    """The media type of a file that may be a CV. Raises RefusedError."""
    if not content:
        raise RefusedError(Refusal.EMPTY)
    for start, kind in _SIGNATURES:
        if content.startswith(start):
            return kind
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(_OLE_SIGNATURE) and _ENCRYPTED_STREAM in content:
        raise RefusedError(Refusal.LOCKED)
    if _SIGNATURES[0][0] in content[:_PDF_HEADER_WINDOW] and not content.startswith(b"MZ"):
        return PDF
    raise RefusedError(Refusal.KIND)


def main() -> None:
    """Read what is given, and say what it holds or why it is refused."""
    confine()
    try:
        said = read_file(sys.stdin.buffer.read(MAX_BYTES + 1))
    except RefusedError as error:
        said = {"refused": error.cause.value}
    except MemoryError:
        said = {"refused": Refusal.BOMB.value}
    except Exception:  # whatever a library stumbles upon in a broken file
        said = {"refused": Refusal.UNREADABLE.value}
    sys.stdout.buffer.write(json.dumps(said).encode("ascii"))
    sys.stdout.flush()


def read_file(content: bytes) -> dict[str, object]:
    """What a file holds, ready for JSON. Raises RefusedError, and whatever a library stumbles upon."""
    if len(content) > MAX_BYTES:
        raise RefusedError(Refusal.SIZE)
    kind = detect_media_type(content)
    reader = import_module(f"{__package__}.{_READERS.get(kind, _IMAGE_READER)}")
    text, scanned = reader.read(content)
    lines = limit_lines(text)
    if not has_enough_text(lines):
        raise RefusedError(Refusal.NO_TEXT)
    return {"media_type": kind, "scanned": scanned, "lines": lines}
