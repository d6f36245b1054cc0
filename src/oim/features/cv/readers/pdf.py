"""PDF: its text where it has any, else what can be read in the pictures of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

from PIL.Image import Image
from pypdf import PageObject, PdfReader, overwrite_configuration
from pypdf.errors import FileNotDecryptedError, LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from oim.features.cv.readers.images import PIXELS, SMALLEST, ocr
from oim.features.cv.readers.refusals import Refusal, RefusedError
from oim.features.cv.readers.result import WHOLE, says_something

PAGES = 30
OBJECTS = 20_000  # looked at for programs
STREAM = 16 * 1024 * 1024  # bytes that the text of a page may unpack to
PICTURE = 160 * 1024 * 1024  # bytes that a picture may unpack to
WORK = 300_000  # steps that draw a page
SCANNED = 3  # pages read by OCR

_PROGRAMS = frozenset({"/JavaScript", "/Launch", "/ImportData"})
_NOTHING_RUNS_THERE = frozenset({"/Parent", "/P", "/StructTreeRoot", "/Resources", "/Contents", "/Metadata"})


def read(content: bytes) -> tuple[list[str], bool]:
    """The lines of the text, and whether they were read in pictures. Raises RefusedError."""
    try:
        reader = _opened(content)
        lines = _text(reader.pages)
        if says_something(lines):
            return lines, False
        return ocr(_pictures(reader.pages[:SCANNED])), True
    except LimitReachedError as error:
        raise RefusedError(Refusal.BOMB) from error
    except FileNotDecryptedError as error:
        raise RefusedError(Refusal.LOCKED) from error


def _opened(content: bytes) -> PdfReader:
    overwrite_configuration(
        zlib_maximum_output_length=STREAM,
        lzw_maximum_output_length=STREAM,
        run_length_maximum_output_length=STREAM,
        brotli_maximum_output_length=STREAM,
        array_based_stream_maximum_output_length=STREAM,
        stream_parsing_work_maximum_count=WORK,
        image_maximum_buffer_size=PICTURE,
        jbig2dec_binary=None,
    )
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise RefusedError(Refusal.LOCKED)
    _refuse_programs(reader.root_object)
    if len(reader.pages) > PAGES:
        raise RefusedError(Refusal.PAGES)
    return reader


def _refuse_programs(root: DictionaryObject) -> None:
    """Look at everything that the catalogue leads to, but for what only draws."""
    seen: set[tuple[int, int]] = set()
    waiting: list[object] = [root]
    for _ in range(OBJECTS):
        if not waiting:
            return
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if (key := (thing.idnum, thing.generation)) in seen:
                continue
            seen.add(key)
            thing = thing.get_object()
        if isinstance(thing, ArrayObject):
            waiting.extend(thing)
        elif isinstance(thing, DictionaryObject):
            if thing.get("/S") in _PROGRAMS or "/JS" in thing or "/JavaScript" in thing:
                raise RefusedError(Refusal.PROGRAM)
            waiting.extend(value for name, value in thing.items() if name not in _NOTHING_RUNS_THERE)
    raise RefusedError(Refusal.BOMB)


def _text(pages: Iterable[PageObject]) -> list[str]:
    lines: list[str] = []
    left = WHOLE
    for page in pages:
        said = page.extract_text()[:left]
        left -= len(said)
        lines += [*said.splitlines(), ""]
        if left <= 0:
            break
    return lines


def _pictures(pages: Iterable[PageObject]) -> Iterator[Image]:
    """The largest picture of each page: what a scanner makes."""
    overwrite_configuration(zlib_maximum_output_length=PICTURE, lzw_maximum_output_length=PICTURE)
    for page in pages:
        name = max(_sizes(page).items(), key=lambda held: held[1], default=("", 0))[0]
        if name and (image := page.images[name].image) is not None:
            yield image


def _sizes(page: PageObject) -> dict[str, int]:
    """Pictures that may be a page, by name, and their pixels. Raises RefusedError."""
    sizes: dict[str, int] = {}
    resources = page.get("/Resources", DictionaryObject()).get_object()
    held = resources.get("/XObject", DictionaryObject()).get_object()
    for name, one in held.items():
        picture = one.get_object()
        if picture.get("/Subtype") == "/Image":
            width, height = int(picture.get("/Width", 0)), int(picture.get("/Height", 0))
            if width * height > PIXELS:
                raise RefusedError(Refusal.BOMB)
            if min(width, height) >= SMALLEST:
                sizes[name] = width * height
    return sizes
