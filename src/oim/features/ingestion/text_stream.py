"""Read documents as streams of text: unpack gzip, detect the encoding, decode.

A byte that is invalid in the detected encoding is read as Windows-1252, so files of mixed encodings stay
readable.
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

HEAD_SIZE = 64 * 1024  # bytes from which encoding and format are detected
# The first two bytes of every gzip file (RFC 1952).
GZIP_MAGIC = b"\x1f\x8b"
# The codec "utf-16" reads the byte order from the mark and drops it; "utf-8-sig" drops it too.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings that French and English programs write besides UTF-8: of Windows, of DOS, of old Macs.
LEGACY_ENCODINGS = ["cp1252", "cp850", "mac_roman"]
# Control bytes that text does not have: all but tab, line feed, form feed, carriage return and escape.
CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
MAX_CONTROL_SHARE = 0.02  # of the bytes; above, the file is binary (a spreadsheet, a PDF)


def _decode_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Decode invalid bytes as Windows-1252: an error handler for `codecs.register_error`."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


# The registry is one for the whole process, hence the prefix of the name.
codecs.register_error("oim-windows", _decode_as_cp1252)


@dataclass(frozen=True, slots=True)
class RawDocument:
    """The bytes of a source, before format and encoding are known: of a local file or of a download.

    `open` is called once, and the bytes are read once, first to last: they may come over a network.
    """

    name: str
    open: Callable[[], BinaryIO]
    size: int | None = None  # bytes, for the progress; None where it is not known before the end


@dataclass(frozen=True, slots=True)
class TextDocument:
    """A document being read as text. `head` is the beginning of the text; `text` yields it again."""

    head: str
    encoding: str
    text: PeekableText
    bytes_read: Callable[[], int]  # of the raw bytes, packed as they came


class PeekableText:
    """A stream of text whose next characters can be peeked at before they are read."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._peeked = ""

    def peek(self, size: int) -> str:
        """Return up to `size` characters, which the next read returns again."""
        # A stream may return fewer characters than requested before its end: only an empty part is the end.
        while len(self._peeked) < size and (part := self._text.read(size - len(self._peeked))):
            self._peeked += part
        return self._peeked[:size]

    def read(self, size: int = -1, /) -> str:
        """Return `size` characters, or all remaining ones if negative; fewer only at the end."""
        if not self._peeked:
            return self._text.read(size)
        if size < 0:
            part, self._peeked = self._peeked, ""
            return part + self._text.read()
        part, self._peeked = self._peeked[:size], self._peeked[size:]
        return part + self._text.read(size - len(part)) if len(part) < size else part

    def readline(self, size: int, /) -> str:
        """Return a line with its line end, or its first `size` characters; empty at the end."""
        if not self._peeked:
            return self._text.readline(size)
        # `find` returns -1 without a line end: -1 + 1 is 0, which is false, so `size` applies.
        end = self._peeked.find("\n", 0, size) + 1 or size
        line, self._peeked = self._peeked[:end], self._peeked[end:]
        if len(line) < size and not line.endswith("\n"):
            line += self._text.readline(size - len(line))
        return line


def file_document(path: Path) -> RawDocument:
    """Wrap a local file as a document. A file that cannot be read fails only when it is opened."""
    size = path.stat().st_size if path.is_file() else None
    return RawDocument(path.name, lambda: path.open("rb"), size)


@contextmanager
def open_document(document: RawDocument) -> Iterator[TextDocument]:
    """Open a document as unpacked, decoded text within the `with` block.

    Raises BadInputError for a document that is missing, empty, damaged or not text.
    """
    with ExitStack() as stack:
        try:
            raw = _CountedBytes(stack.enter_context(document.open()))
            unpacked = _decompress(BufferedReader(raw))
            first_bytes = unpacked.read(HEAD_SIZE)
        except (EOFError, OSError, zlib.error) as error:
            raise BadInputError(
                mark("%(file)s cannot be read: %(why)s."),
                file=document.name,
                why=getattr(error, "strerror", None) or error,
            ) from error
        encoding = _check_text(first_bytes, document.name)
        # Windows-1252 has one byte a character, so it cannot stand in for a broken pair of UTF-16.
        errors = "replace" if encoding.startswith("utf-16") else "oim-windows"
        # The stream cannot seek back, so the bytes already read are put in front of the remaining ones. Line
        # ends of any kind become "\n" in TextIOWrapper: the readers of lines below rely on it.
        whole = BufferedReader(_RejoinedBytes(first_bytes, unpacked))
        text = stack.enter_context(TextIOWrapper(whole, encoding, errors))
        # Decoded apart from `text`: the last character may be cut in two, which only the format test sees.
        head = first_bytes.decode(encoding, "replace").removeprefix("\ufeff")
        yield TextDocument(head, encoding, PeekableText(text), raw.position)


def _check_text(first_bytes: bytes, name: str) -> str:
    """Detect the encoding of a document from its first bytes. Raises BadInputError if empty or binary."""
    if not first_bytes.strip():
        raise BadInputError(mark("%(file)s is empty."), file=name)
    encoding = _detect_encoding(first_bytes)
    if encoding is None:
        raise BadInputError(
            mark("%(file)s is not text. A spreadsheet must first be saved as CSV."), file=name
        )
    return encoding


class _CountedBytes(RawIOBase):
    """A stream of bytes that counts how many were read from its source."""

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
        """How many bytes were read so far."""
        return self._count


class _RejoinedBytes(RawIOBase):
    """A stream of bytes that were read already, followed by the remaining bytes of their source."""

    def __init__(self, first_bytes: bytes, source: BinaryIO) -> None:
        self._first_bytes = first_bytes
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        size = len(buffer)
        part, self._first_bytes = self._first_bytes[:size], self._first_bytes[size:]
        part = part or self._source.read(size)
        buffer[: len(part)] = part
        return len(part)


def read_lines(text: PeekableText, max_length: int) -> Iterator[str]:
    """Yield the lines of a text. A line over `max_length` characters is cut to `max_length` + 1.

    The one character too many lets the caller see that the line was too long.
    """
    while line := text.readline(max_length + 1):
        # Skip the remainder of a long line part by part: it may be larger than memory.
        part = line
        while len(part) > max_length and not part.endswith("\n"):
            part = text.readline(max_length + 1)
        yield line


def _decompress(raw: BufferedReader) -> BinaryIO:
    """Return the unpacked stream of a gzip file, recognised by its magic number; else the stream itself."""
    packed = raw.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC)
    return cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else cast(BinaryIO, raw)


def _detect_encoding(first_bytes: bytes) -> str | None:
    """Detect the encoding of a file from its first bytes; None for a binary file."""
    for byte_order_mark, encoding in BYTE_ORDER_MARKS:
        if first_bytes.startswith(byte_order_mark):
            return encoding
    # Before the count of control bytes: the zero bytes of UTF-16 would make it pass for binary.
    utf16 = _detect_utf16(first_bytes)
    if utf16:
        return utf16
    control_count = len(first_bytes) - len(first_bytes.translate(None, CONTROL_BYTES))
    if control_count > MAX_CONTROL_SHARE * len(first_bytes):
        return None
    return "utf-8" if _is_utf8(first_bytes) else _detect_legacy(first_bytes)


def _detect_utf16(first_bytes: bytes) -> str | None:
    """Detect UTF-16 without a byte order mark: every other byte of Latin text is then zero."""
    even, odd = first_bytes[::2], first_bytes[1::2]
    if odd.count(0) > 0.9 * len(odd):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 0.9 * len(even) else None


def _is_utf8(first_bytes: bytes) -> bool:
    """Whether the bytes are UTF-8, with fewer invalid bytes than valid letters beyond ASCII."""
    text = first_bytes.decode("utf-8", "replace")
    invalid_count = text.count("\ufffd")
    # One is allowed: the head may end within a character. The sum counts the replacement characters too,
    # hence twice: there must be more true letters beyond ASCII than invalid bytes.
    return invalid_count <= 1 or sum(c > "\x7f" for c in text) > 2 * invalid_count


def _detect_legacy(first_bytes: bytes) -> str:
    """Return the legacy encoding that gives the most plausible text; Windows-1252 where none does."""
    best = from_bytes(first_bytes, cp_isolation=LEGACY_ENCODINGS).best()
    return best.encoding if best else "cp1252"
