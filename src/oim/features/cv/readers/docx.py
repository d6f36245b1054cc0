"""DOCX: a zip whose directory is looked at before anything is unpacked."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from oim.features.cv.readers.docx_xml import RelationsHandler, TextHandler, parse_xml
from oim.features.cv.readers.result import Refusal, RefusedError

MAX_MEMBERS = 1_000
MAX_UNPACKED_BYTES = 50 * 1024 * 1024  # bytes, of all members together
MAX_DOCUMENT_BYTES = 12 * 1024 * 1024  # bytes of the one part that holds the text
MAX_PART_BYTES = 2 * 1024 * 1024  # bytes of a part that lists or relates others
MAX_COMPRESSION_RATIO = 150  # unpacked to packed: tables of a word processor come to 40
ALWAYS_ALLOWED_BYTES = 4 * 1024 * 1024  # bytes that are borne whatever the ratio

_ENCRYPTED_FLAG = 0x1  # of a member's flags
_CONTENT_TYPES = "[content_types].xml"
_DOCUMENT = "word/document.xml"
_PROGRAM_PARTS = ("vbaproject.bin", "vbadata.xml")
_PROGRAM_FOLDERS = ("word/embeddings/", "word/activex/")
_MACRO_MARK = b"macroenabled"


def read(content: bytes) -> tuple[list[str], bool]:
    """The lines of the text; they are never read in pictures. Raises RefusedError."""
    try:
        with ZipFile(BytesIO(content)) as held:
            members = _check_members(held)
            _refuse_macros(held, members)
            words = TextHandler()
            parse_xml(_read_part(held, members[_DOCUMENT], MAX_DOCUMENT_BYTES), words)
            return words.lines, False
    except (BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError) as error:
        raise RefusedError(Refusal.UNREADABLE) from error


def _check_members(archive: ZipFile) -> dict[str, ZipInfo]:
    """Members by their names in small letters, when they are those of a text and come to no bomb."""
    listed = archive.infolist()
    unpacked, packed = sum(one.file_size for one in listed), sum(one.compress_size for one in listed)
    if len(listed) > MAX_MEMBERS or unpacked > max(
        ALWAYS_ALLOWED_BYTES, min(MAX_UNPACKED_BYTES, MAX_COMPRESSION_RATIO * packed)
    ):
        raise RefusedError(Refusal.BOMB)
    members = {one.filename.lower(): one for one in listed}
    if _CONTENT_TYPES not in members or _DOCUMENT not in members:
        raise RefusedError(Refusal.KIND)
    if any(one.flag_bits & _ENCRYPTED_FLAG for one in listed):
        raise RefusedError(Refusal.LOCKED)
    if any(name.endswith(_PROGRAM_PARTS) or name.startswith(_PROGRAM_FOLDERS) for name in members):
        raise RefusedError(Refusal.PROGRAM)
    return members


def _refuse_macros(archive: ZipFile, members: dict[str, ZipInfo]) -> None:
    if _MACRO_MARK in _read_part(archive, members[_CONTENT_TYPES], MAX_PART_BYTES).lower():
        raise RefusedError(Refusal.PROGRAM)
    for name, one in members.items():
        if name.startswith("word/_rels/"):
            relations = RelationsHandler()
            parse_xml(_read_part(archive, one, MAX_PART_BYTES), relations)
            if relations.has_programs:
                raise RefusedError(Refusal.PROGRAM)


def _read_part(archive: ZipFile, member: ZipInfo, max_bytes: int) -> bytes:
    """A member, unpacked no further than allowed: its size may be a lie."""
    with archive.open(member) as part:
        content = part.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise RefusedError(Refusal.BOMB)
    return content
