"""Files opened as streams of text: gzip, byte order marks and encodings are settled here.

A byte that the encoding does not know is read as Windows-1252, so files of mixed encodings stay readable.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from charset_normalizer import from_bytes

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

HEAD_SIZE = 64 * 1024  # bytes
GZIP_MAGIC = b"\x1f\x8b"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY_ENCODINGS = [
    "cp1252",
    "cp850",
    "mac_roman",
]  # what programs in French and English write where it is not UTF-8
CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
MAX_CONTROL_SHARE = 0.02


def _decode_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("oim-windows", _decode_as_cp1252)


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file, unpacked and decoded, and the encoding it has."""

    text: str
    encoding: str


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file being read: its text, and the raw file under it, whose position tells the progress."""

    raw: BinaryIO
    text: TextIO


def read_head(path: Path) -> Head:
    """The first 64 KB. Raises BadInputError for a file that is missing, empty, broken or not text."""
    try:
        with path.open("rb") as raw:
            first = _decompress(raw).read(HEAD_SIZE)
    except (EOFError, OSError, zlib.error) as error:
        raise BadInputError(
            mark("%(file)s cannot be read: %(why)s."),
            file=path.name,
            why=getattr(error, "strerror", None) or error,
        ) from error
    if not first.strip():
        raise BadInputError(mark("%(file)s is empty."), file=path.name)
    encoding = _detect_encoding(first)
    if encoding is None:
        raise BadInputError(
            mark("%(file)s is not text. A spreadsheet must first be saved as CSV."), file=path.name
        )
    return Head(first.decode(encoding, "replace").removeprefix("\ufeff"), encoding)


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[TextFile]:
    """The file's text from its beginning, in an encoding that `head` gave."""
    errors = "replace" if encoding.startswith("utf-16") else "oim-windows"
    with path.open("rb") as raw, TextIOWrapper(_decompress(raw), encoding, errors) as text:
        yield TextFile(raw, text)


def read_lines(text: TextIO, max_length: int) -> Iterator[str]:
    """The lines of a text. Of one over `longest` characters the first `longest` + 1 are given."""
    while line := text.readline(max_length + 1):
        end = line
        while len(end) > max_length and not end.endswith("\n"):
            end = text.readline(max_length + 1)
        yield line


def _decompress(raw: BinaryIO) -> BinaryIO:
    packed = raw.read(2) == GZIP_MAGIC
    raw.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw


def _detect_encoding(first: bytes) -> str | None:
    """The encoding of a file's first bytes; None for what is not text."""
    for mark_, encoding in BYTE_ORDER_MARKS:
        if first.startswith(mark_):
            return encoding
    wide = _detect_utf16(first)
    if wide:
        return wide
    if len(first) - len(first.translate(None, CONTROL_BYTES)) > MAX_CONTROL_SHARE * len(first):
        return None
    return "utf-8" if _is_utf8(first) else _detect_legacy(first)


def _detect_utf16(first: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Latin text is zero."""
    if first[1::2].count(0) > 0.9 * len(first[1::2]):
        return "utf-16-le"
    return "utf-16-be" if first[::2].count(0) > 0.9 * len(first[::2]) else None


def _is_utf8(first: bytes) -> bool:
    """Whether UTF-8 reads it, but for fewer stray bytes than letters beyond ASCII."""
    text = first.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken <= 1 or sum(c > "\x7f" for c in text) > 2 * broken


def _detect_legacy(first: bytes) -> str:
    best = from_bytes(first, cp_isolation=LEGACY_ENCODINGS).best()
    return best.encoding if best else "cp1252"
