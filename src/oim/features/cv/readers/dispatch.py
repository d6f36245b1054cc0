"""The child process: read one file from standard input by the reader of its kind, print one JSON object.

A file's kind is detected by its content, never by its name.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module

from oim.features.cv.readers.confinement import confine
from oim.features.cv.readers.isolation import isolate
from oim.features.cv.readers.limits import MAX_BYTES
from oim.features.cv.readers.result import Refusal, RefusedError, has_enough_text, limit_lines

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The first bytes of each kind of file. A zip (`PK`) is taken for a DOCX until `docx` has looked into it.
_SIGNATURES = (
    (b"%PDF-", PDF),
    (b"PK\x03\x04", DOCX),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
# Word wraps a DOCX with a password in an old OLE container, as a stream of this name.
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_PDF_HEADER_WINDOW = 1024  # bytes in which PDF readers look for the header: it need not come first
# Modules by kind, imported on demand: a DOCX does not wait for the imports of the PDF reader.
_READERS = {PDF: "pdf", DOCX: "docx"}
_IMAGE_READER = "images"


def detect_media_type(content: bytes) -> str:
    """Detect the media type of a file. Raises RefusedError for what cannot be a CV."""
    if not content:
        raise RefusedError(Refusal.EMPTY)
    for start, kind in _SIGNATURES:
        if content.startswith(start):
            return kind
    # `RIFF`, four bytes of length, `WEBP`.
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(_OLE_SIGNATURE) and _ENCRYPTED_STREAM in content:
        raise RefusedError(Refusal.LOCKED)
    # `MZ` starts a Windows program: one that also holds a PDF is no PDF.
    if _SIGNATURES[0][0] in content[:_PDF_HEADER_WINDOW] and not content.startswith(b"MZ"):
        return PDF
    raise RefusedError(Refusal.KIND)


def main() -> None:
    """Read the file on standard input; print its text, or the code of why it is refused.

    With the argument `isolation`: print what this process is isolated from, and read nothing.
    """
    confine()
    isolation = isolate()
    if sys.argv[1:] == ["isolation"]:
        print(json.dumps(isolation))
        return
    try:
        answer = read_file(sys.stdin.buffer.read(MAX_BYTES + 1))
    except RefusedError as error:
        answer = {"refused": error.cause.value}
    except MemoryError:  # the limit of `confine` was met
        answer = {"refused": Refusal.BOMB.value}
    except Exception:  # libraries raise errors of any type over a broken file
        answer = {"refused": Refusal.UNREADABLE.value}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))
    sys.stdout.flush()


def read_file(content: bytes) -> dict[str, object]:
    """Read a file as `oim.features.cv.types.Text` in JSON form.

    Raises RefusedError, and any error that a library raises over a broken file.
    """
    if len(content) > MAX_BYTES:
        raise RefusedError(Refusal.SIZE)
    kind = detect_media_type(content)
    reader = import_module(f"{__package__}.{_READERS.get(kind, _IMAGE_READER)}")
    text, scanned = reader.read(content)
    lines = limit_lines(text)
    if not has_enough_text(lines):
        raise RefusedError(Refusal.NO_TEXT)
    return {"media_type": kind, "scanned": scanned, "lines": lines}
