"""DOCX: a zip whose directory is looked at before anything is unpacked."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from oim.features.cv.readers.docx_xml import Relations, Words, parse
from oim.features.cv.readers.refusals import Refusal, RefusedError

MEMBERS = 1_000
UNPACKED = 50 * 1024 * 1024  # bytes, of all members together
PART = 12 * 1024 * 1024  # bytes of the one part that holds the text
SMALL = 2 * 1024 * 1024  # bytes of a part that lists or relates others
RATIO = 150  # unpacked to packed: tables of a word processor come to 40
ALWAYS = 4 * 1024 * 1024  # bytes that are borne whatever the ratio

_ENCRYPTED = 0x1  # of a member's flags
_TYPES = "[content_types].xml"
_DOCUMENT = "word/document.xml"
_PROGRAMS = ("vbaproject.bin", "vbadata.xml")
_PROGRAM_FOLDERS = ("word/embeddings/", "word/activex/")
_MACROS = b"macroenabled"


def read(content: bytes) -> tuple[list[str], bool]:
    """The lines of the text; they are never read in pictures. Raises RefusedError."""
    try:
        with ZipFile(BytesIO(content)) as held:
            members = _checked(held)
            _without_macros(held, members)
            words = Words()
            parse(_part(held, members[_DOCUMENT], PART), words)
            return words.lines, False
    except (BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError) as error:
        raise RefusedError(Refusal.UNREADABLE) from error


def _checked(held: ZipFile) -> dict[str, ZipInfo]:
    """Members by their names in small letters, when they are those of a text and come to no bomb."""
    listed = held.infolist()
    unpacked, packed = sum(one.file_size for one in listed), sum(one.compress_size for one in listed)
    if len(listed) > MEMBERS or unpacked > max(ALWAYS, min(UNPACKED, RATIO * packed)):
        raise RefusedError(Refusal.BOMB)
    members = {one.filename.lower(): one for one in listed}
    if _TYPES not in members or _DOCUMENT not in members:
        raise RefusedError(Refusal.KIND)
    if any(one.flag_bits & _ENCRYPTED for one in listed):
        raise RefusedError(Refusal.LOCKED)
    if any(name.endswith(_PROGRAMS) or name.startswith(_PROGRAM_FOLDERS) for name in members):
        raise RefusedError(Refusal.PROGRAM)
    return members


def _without_macros(held: ZipFile, members: dict[str, ZipInfo]) -> None:
    if _MACROS in _part(held, members[_TYPES], SMALL).lower():
        raise RefusedError(Refusal.PROGRAM)
    for name, one in members.items():
        if name.startswith("word/_rels/"):
            relations = Relations()
            parse(_part(held, one, SMALL), relations)
            if relations.reach_programs:
                raise RefusedError(Refusal.PROGRAM)


def _part(held: ZipFile, one: ZipInfo, most: int) -> bytes:
    """A member, unpacked no further than allowed: its size may be a lie."""
    with held.open(one) as part:
        content = part.read(most + 1)
    if len(content) > most:
        raise RefusedError(Refusal.BOMB)
    return content
