"""PDF: its text where it has any, else what can be read in the pictures of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

from PIL.Image import Image
from pypdf import PageObject, PdfReader, overwrite_configuration
from pypdf.errors import FileNotDecryptedError, LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from oim.features.cv.readers.images import MAX_PIXELS, MIN_SIDE, run_ocr
from oim.features.cv.readers.result import MAX_TEXT_LENGTH, Refusal, RefusedError, has_enough_text

MAX_PAGES = 30
MAX_OBJECTS = 20_000  # looked at for programs
MAX_STREAM_BYTES = 16 * 1024 * 1024  # bytes that the text of a page may unpack to
MAX_IMAGE_BYTES = 160 * 1024 * 1024  # bytes that a picture may unpack to
MAX_DRAW_STEPS = 300_000  # steps that draw a page
MAX_OCR_PAGES = 3  # pages read by OCR

_PROGRAM_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData"})
_INERT_KEYS = frozenset({"/Parent", "/P", "/StructTreeRoot", "/Resources", "/Contents", "/Metadata"})


def read(content: bytes) -> tuple[list[str], bool]:
    """The lines of the text, and whether they were read in pictures. Raises RefusedError."""
    try:
        reader = _open_pdf(content)
        lines = _read_text(reader.pages)
        if has_enough_text(lines):
            return lines, False
        return run_ocr(_read_page_images(reader.pages[:MAX_OCR_PAGES])), True
    except LimitReachedError as error:
        raise RefusedError(Refusal.BOMB) from error
    except FileNotDecryptedError as error:
        raise RefusedError(Refusal.LOCKED) from error


def _open_pdf(content: bytes) -> PdfReader:
    overwrite_configuration(
        zlib_maximum_output_length=MAX_STREAM_BYTES,
        lzw_maximum_output_length=MAX_STREAM_BYTES,
        run_length_maximum_output_length=MAX_STREAM_BYTES,
        brotli_maximum_output_length=MAX_STREAM_BYTES,
        array_based_stream_maximum_output_length=MAX_STREAM_BYTES,
        stream_parsing_work_maximum_count=MAX_DRAW_STEPS,
        image_maximum_buffer_size=MAX_IMAGE_BYTES,
        jbig2dec_binary=None,
    )
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise RefusedError(Refusal.LOCKED)
    _refuse_programs(reader.root_object)
    if len(reader.pages) > MAX_PAGES:
        raise RefusedError(Refusal.PAGES)
    return reader


def _refuse_programs(root: DictionaryObject) -> None:
    """Look at everything that the catalogue leads to, but for what only draws."""
    seen: set[tuple[int, int]] = set()
    waiting: list[object] = [root]
    for _ in range(MAX_OBJECTS):
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
            if thing.get("/S") in _PROGRAM_ACTIONS or "/JS" in thing or "/JavaScript" in thing:
                raise RefusedError(Refusal.PROGRAM)
            waiting.extend(value for name, value in thing.items() if name not in _INERT_KEYS)
    raise RefusedError(Refusal.BOMB)


def _read_text(pages: Iterable[PageObject]) -> list[str]:
    lines: list[str] = []
    left = MAX_TEXT_LENGTH
    for page in pages:
        said = page.extract_text()[:left]
        left -= len(said)
        lines += [*said.splitlines(), ""]
        if left <= 0:
            break
    return lines


def _read_page_images(pages: Iterable[PageObject]) -> Iterator[Image]:
    """The largest picture of each page: what a scanner makes."""
    overwrite_configuration(
        zlib_maximum_output_length=MAX_IMAGE_BYTES, lzw_maximum_output_length=MAX_IMAGE_BYTES
    )
    for page in pages:
        name = max(_measure_images(page).items(), key=lambda held: held[1], default=("", 0))[0]
        if name and (image := page.images[name].image) is not None:
            yield image


def _measure_images(page: PageObject) -> dict[str, int]:
    """Pictures that may be a page, by name, and their pixels. Raises RefusedError."""
    sizes: dict[str, int] = {}
    resources = page.get("/Resources", DictionaryObject()).get_object()
    held = resources.get("/XObject", DictionaryObject()).get_object()
    for name, one in held.items():
        picture = one.get_object()
        if picture.get("/Subtype") == "/Image":
            width, height = int(picture.get("/Width", 0)), int(picture.get("/Height", 0))
            if width * height > MAX_PIXELS:
                raise RefusedError(Refusal.BOMB)
            if min(width, height) >= MIN_SIDE:
                sizes[name] = width * height
    return sizes
