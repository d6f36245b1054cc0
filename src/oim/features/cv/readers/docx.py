"""Reading DOCX: a zip archive whose directory is checked before anything is unpacked.

Its parts may have any names: the package's relations say which one is the document, as Word Online names it
`word/document2.xml`.
"""

from __future__ import annotations

import posixpath
import zlib
from io import BytesIO
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile, ZipInfo

from oim.features.cv.readers.docx_xml import RelationsHandler, TextHandler, TypesHandler, parse_xml
from oim.features.cv.readers.limits import (
    ALWAYS_ALLOWED_BYTES,
    MAX_COMPRESSION_RATIO,
    MAX_DOCUMENT_BYTES,
    MAX_MEMBERS,
    MAX_PART_BYTES,
    MAX_UNPACKED_BYTES,
)
from oim.features.cv.readers.result import Refusal, RefusedError

_ENCRYPTED_FLAG = 0x1  # of a member's flags
# Names in small letters, as `_check_members` returns them.
_CONTENT_TYPES = "[content_types].xml"
_PACKAGE_RELATIONS = "_rels/.rels"
_USUAL_DOCUMENT = "word/document.xml"
# What the types of a text document end with, and of a template that was filled in.
_MAIN_TYPES = ("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml")
_PROGRAM_PARTS = ("vbaproject.bin", "vbadata.xml")
_PROGRAM_FOLDERS = ("/embeddings/", "/activex/")
_MACRO_MARK = b"macroenabled"


def read(content: bytes) -> tuple[list[str], bool]:
    """Read the lines of text in a DOCX, and whether they come from OCR (never). Raises RefusedError."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            members = _check_members(archive)
            _refuse_macros(archive, members)
            handler = TextHandler()
            document = _find_document(archive, members)
            parse_xml(_read_part(archive, document, MAX_DOCUMENT_BYTES), handler)
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
    if _CONTENT_TYPES not in members:
        raise RefusedError(Refusal.KIND)
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise RefusedError(Refusal.LOCKED)
    if any(
        name.endswith(_PROGRAM_PARTS) or any(folder in f"/{name}" for folder in _PROGRAM_FOLDERS)
        for name in members
    ):
        raise RefusedError(Refusal.PROGRAM)
    return members


def _find_document(archive: ZipFile, members: dict[str, ZipInfo]) -> ZipInfo:
    """Find the part with the text: what the package's relations lead to, or its list of types names.

    Raises RefusedError for a package that has none: a workbook, slides, or any other zip.
    """
    handler, relations = TypesHandler(), RelationsHandler()
    parse_xml(_read_part(archive, members[_CONTENT_TYPES], MAX_PART_BYTES), handler)
    if _PACKAGE_RELATIONS in members:
        parse_xml(_read_part(archive, members[_PACKAGE_RELATIONS], MAX_PART_BYTES), relations)
    types = {_part_name(part): type_ for part, type_ in handler.types.items()}
    candidates = [
        # Some writers give no types: the relation is believed then.
        *([_part_name(relations.main_part)] if relations.main_part else []),
        *(part for part, type_ in types.items() if type_.endswith(_MAIN_TYPES)),
        _USUAL_DOCUMENT,
    ]
    for name in candidates:
        if name in members and types.get(name, _MAIN_TYPES[0]).endswith(_MAIN_TYPES):
            return members[name]
    raise RefusedError(Refusal.KIND)


def _part_name(target: str) -> str:
    """Convert the target of a relation from the package's root to a member's name: `/word/./document.xml`."""
    return posixpath.normpath(unquote(target).replace("\\", "/")).lstrip("/").lower()


def _refuse_macros(archive: ZipFile, members: dict[str, ZipInfo]) -> None:
    """Refuse a document that declares macros, or whose relations lead to programs. Raises RefusedError."""
    if _MACRO_MARK in _read_part(archive, members[_CONTENT_TYPES], MAX_PART_BYTES).lower():
        raise RefusedError(Refusal.PROGRAM)
    for name, member in members.items():
        if name.endswith(".rels"):
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
