"""What a file is, by what it holds and not by its name."""

from __future__ import annotations

from oim.features.cv.readers.refusals import Refusal, RefusedError

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
