"""Reading DOCX: a zip archive whose directory is checked before anything is unpacked."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from oim.features.cv.readers.docx_xml import RelationsHandler, TextHandler, parse_xml
from oim.features.cv.readers.result import Refusal, RefusedError

MAX_MEMBERS = 1_000  # files in the archive
MAX_UNPACKED_BYTES = 50 * 1024 * 1024  # bytes, of all members together
MAX_DOCUMENT_BYTES = 12 * 1024 * 1024  # bytes of the one part that holds the text
MAX_PART_BYTES = 2 * 1024 * 1024  # bytes of a part that lists other parts, or relations between them
MAX_COMPRESSION_RATIO = 150  # unpacked to packed size: the tables of a word processor reach 40
ALWAYS_ALLOWED_BYTES = 4 * 1024 * 1024  # unpacked bytes that are accepted whatever the ratio

_ENCRYPTED_FLAG = 0x1  # of a member's flags
# Names in small letters, as `_check_members` returns them.
_CONTENT_TYPES = "[content_types].xml"
_DOCUMENT = "word/document.xml"
_PROGRAM_PARTS = ("vbaproject.bin", "vbadata.xml")
_PROGRAM_FOLDERS = ("word/embeddings/", "word/activex/")
_MACRO_MARK = b"macroenabled"


def read(content: bytes) -> tuple[list[str], bool]:
    """Read the lines of text in a DOCX, and whether they come from OCR (never). Raises RefusedError."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            members = _check_members(archive)
            _refuse_macros(archive, members)
            handler = TextHandler()
            parse_xml(_read_part(archive, members[_DOCUMENT], MAX_DOCUMENT_BYTES), handler)
            return handler.lines, False
    # `zipfile` raises RuntimeError for what it cannot decrypt or decompress.
    except (BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError) as error:
        raise RefusedError(Refusal.UNREADABLE) from error


def _check_members(archive: ZipFile) -> dict[str, ZipInfo]:
    """Check the archive's directory; return its members by their names in small letters.

    Raises RefusedError for a zip bomb, a file with a password or programs in it, or what is no DOCX.
    """
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    # The sizes that the directory states may be a lie: `_read_part` counts the bytes as well.
    if len(entries) > MAX_MEMBERS or unpacked > max(
        ALWAYS_ALLOWED_BYTES, min(MAX_UNPACKED_BYTES, MAX_COMPRESSION_RATIO * packed)
    ):
        raise RefusedError(Refusal.BOMB)
    members = {entry.filename.lower(): entry for entry in entries}
    if _CONTENT_TYPES not in members or _DOCUMENT not in members:
        raise RefusedError(Refusal.KIND)
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise RefusedError(Refusal.LOCKED)
    if any(name.endswith(_PROGRAM_PARTS) or name.startswith(_PROGRAM_FOLDERS) for name in members):
        raise RefusedError(Refusal.PROGRAM)
    return members


def _refuse_macros(archive: ZipFile, members: dict[str, ZipInfo]) -> None:
    """Refuse a document that declares macros, or whose relations lead to programs. Raises RefusedError."""
    if _MACRO_MARK in _read_part(archive, members[_CONTENT_TYPES], MAX_PART_BYTES).lower():
        raise RefusedError(Refusal.PROGRAM)
    for name, member in members.items():
        if name.startswith("word/_rels/"):
            relations = RelationsHandler()
            parse_xml(_read_part(archive, member, MAX_PART_BYTES), relations)
            if relations.has_programs:
                raise RefusedError(Refusal.PROGRAM)


def _read_part(archive: ZipFile, member: ZipInfo, max_bytes: int) -> bytes:
    """Unpack a member, at most `max_bytes` of it: the size in the directory may be a lie.

    Raises RefusedError for one that is longer.
    """
    with archive.open(member) as part:
        content = part.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise RefusedError(Refusal.BOMB)
    return content
