"""Documents of a source read as streams of text: gzip, byte order marks and encodings are settled here.

A byte that the encoding does not know is read as Windows-1252, so files of mixed encodings stay readable.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BufferedReader, RawIOBase, TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

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
# What programs in French and English write where it is not UTF-8.
LEGACY_ENCODINGS = ["cp1252", "cp850", "mac_roman"]
CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
MAX_CONTROL_SHARE = 0.02


def _decode_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("oim-windows", _decode_as_cp1252)


@dataclass(frozen=True, slots=True)
class RawDocument:
    """Bytes that a source gives, before anything is known of them: a file here, or what was fetched.

    `open` is called once, and the bytes are read once, first to last: they may come over a network.
    """

    name: str
    open: Callable[[], BinaryIO]
    size: int | None = None  # bytes, for the progress; None where it is not known before the end


@dataclass(frozen=True, slots=True)
class TextDocument:
    """A document being read as text. `head` is the beginning of the text, which `text` gives again."""

    head: str
    encoding: str
    text: PeekableText
    bytes_read: Callable[[], int]  # of the raw bytes, packed as they came


class PeekableText:
    """A text read once, whose next characters can be looked at before they are read."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._peeked = ""

    def peek(self, size: int) -> str:
        """Up to `size` characters, which the next read gives again."""
        while len(self._peeked) < size and (part := self._text.read(size - len(self._peeked))):
            self._peeked += part
        return self._peeked[:size]

    def read(self, size: int = -1, /) -> str:
        """`size` characters, or all that are left; fewer only at the end."""
        if not self._peeked:
            return self._text.read(size)
        if size < 0:
            part, self._peeked = self._peeked, ""
            return part + self._text.read()
        part, self._peeked = self._peeked[:size], self._peeked[size:]
        return part + self._text.read(size - len(part)) if len(part) < size else part

    def readline(self, size: int, /) -> str:
        """A line with its end, or its first `size` characters; empty at the end."""
        if not self._peeked:
            return self._text.readline(size)
        end = self._peeked.find("\n", 0, size) + 1 or size
        line, self._peeked = self._peeked[:end], self._peeked[end:]
        if len(line) < size and not line.endswith("\n"):
            line += self._text.readline(size - len(line))
        return line


def file_document(path: Path) -> RawDocument:
    """A file of this machine as a document. Whether it can be read shows when it is opened."""
    size = path.stat().st_size if path.is_file() else None
    return RawDocument(path.name, lambda: path.open("rb"), size)


@contextmanager
def open_document(document: RawDocument) -> Iterator[TextDocument]:
    """The text of a document, unpacked and decoded, while the block runs.

    Raises BadInputError for one that is missing, empty, broken or not text.
    """
    with ExitStack() as stack:
        try:
            raw = _CountedBytes(stack.enter_context(document.open()))
            unpacked = _decompress(BufferedReader(raw))
            first = unpacked.read(HEAD_SIZE)
        except (EOFError, OSError, zlib.error) as error:
            raise BadInputError(
                mark("%(file)s cannot be read: %(why)s."),
                file=document.name,
                why=getattr(error, "strerror", None) or error,
            ) from error
        encoding = _check_text(first, document.name)
        errors = "replace" if encoding.startswith("utf-16") else "oim-windows"
        whole = BufferedReader(_RejoinedBytes(first, unpacked))
        text = stack.enter_context(TextIOWrapper(whole, encoding, errors))
        head = first.decode(encoding, "replace").removeprefix("\ufeff")
        yield TextDocument(head, encoding, PeekableText(text), raw.position)


def _check_text(first: bytes, name: str) -> str:
    """The encoding of a document that begins so. Raises BadInputError."""
    if not first.strip():
        raise BadInputError(mark("%(file)s is empty."), file=name)
    encoding = _detect_encoding(first)
    if encoding is None:
        raise BadInputError(
            mark("%(file)s is not text. A spreadsheet must first be saved as CSV."), file=name
        )
    return encoding


class _CountedBytes(RawIOBase):
    """Bytes of any source, and how many of them were read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        part = self._source.read(len(buffer))
        buffer[: len(part)] = part
        self._count += len(part)
        return len(part)

    def position(self) -> int:
        return self._count


class _RejoinedBytes(RawIOBase):
    """Bytes that were read already, then the rest of where they came from."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first = first
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        part, self._first = self._first[: len(buffer)], self._first[len(buffer) :]
        part = part or self._rest.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)


def read_lines(text: PeekableText, max_length: int) -> Iterator[str]:
    """The lines of a text. Of one over `max_length` characters the first `max_length` + 1 are given."""
    while line := text.readline(max_length + 1):
        end = line
        while len(end) > max_length and not end.endswith("\n"):
            end = text.readline(max_length + 1)
        yield line


def _decompress(raw: BufferedReader) -> BinaryIO:
    packed = raw.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC)
    return cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else cast(BinaryIO, raw)


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
