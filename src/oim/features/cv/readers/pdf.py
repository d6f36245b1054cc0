"""Reading PDF: its own text where it has enough, else OCR of the pictures on its first pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

from PIL.Image import Image
from pypdf import PageObject, PasswordType, PdfReader, overwrite_configuration
from pypdf.errors import FileNotDecryptedError, LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from oim.features.cv.readers.images import run_ocr
from oim.features.cv.readers.limits import (
    MAX_DRAW_STEPS,
    MAX_IMAGE_BYTES,
    MAX_OBJECTS,
    MAX_OCR_PAGES,
    MAX_PAGES,
    MAX_PIXELS,
    MAX_STREAM_BYTES,
    MAX_TEXT_LENGTH,
    MIN_SIDE,
)
from oim.features.cv.readers.pdf_columns import has_cells, order_lines
from oim.features.cv.readers.result import Refusal, RefusedError, has_enough_text

MIN_PLACED_SHARE = 0.95  # share of a page's letters that its layout must have to be read instead

# Kinds of action that run something, by the name in their key `/S`.
_PROGRAM_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData"})
# Keys that lead back up, or to what only draws and describes: no action is found below these.
_INERT_KEYS = frozenset({"/Parent", "/P", "/StructTreeRoot", "/Resources", "/Contents", "/Metadata"})


def read(content: bytes) -> tuple[list[str], bool]:
    """Read the lines of text in a PDF, and whether they come from OCR. Raises RefusedError."""
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
    """Open a PDF with limits on all that it unpacks. Raises RefusedError."""
    overwrite_configuration(
        zlib_maximum_output_length=MAX_STREAM_BYTES,
        lzw_maximum_output_length=MAX_STREAM_BYTES,
        run_length_maximum_output_length=MAX_STREAM_BYTES,
        brotli_maximum_output_length=MAX_STREAM_BYTES,
        array_based_stream_maximum_output_length=MAX_STREAM_BYTES,
        stream_parsing_work_maximum_count=MAX_DRAW_STEPS,
        image_maximum_buffer_size=MAX_IMAGE_BYTES,
        # Else pypdf would look for that program and start it.
        jbig2dec_binary=None,
    )
    reader = _unlock(content)
    _refuse_programs(reader.root_object)
    if len(reader.pages) > MAX_PAGES:
        raise RefusedError(Refusal.PAGES)
    return reader


def _unlock(content: bytes) -> PdfReader:
    """Open a PDF, an encrypted one by the empty password, as viewers do with one that only bars copying.

    Its owner sends it to be read. Raises RefusedError for one that asks for a password, or for a key.
    """
    try:
        reader = PdfReader(BytesIO(content))
        is_locked = reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED
    except RecursionError:  # a broken file, and also a RuntimeError
        raise
    except RuntimeError as error:  # what pypdf raises over encryption for certain people, by their keys
        raise RefusedError(Refusal.LOCKED) from error
    if is_locked:
        raise RefusedError(Refusal.LOCKED)
    return reader


def _refuse_programs(root: DictionaryObject) -> None:
    """Search what the catalogue leads to, except what only draws, for actions that run programs.

    Raises RefusedError, also for a PDF of too many objects.
    """
    visited: set[tuple[int, int]] = set()
    pending: list[object] = [root]
    for _ in range(MAX_OBJECTS):
        if not pending:
            return
        node = pending.pop()
        if isinstance(node, IndirectObject):
            # Objects refer to one another in circles.
            if (key := (node.idnum, node.generation)) in visited:
                continue
            visited.add(key)
            node = node.get_object()
        if isinstance(node, ArrayObject):
            pending.extend(node)
        elif isinstance(node, DictionaryObject):
            if node.get("/S") in _PROGRAM_ACTIONS or "/JS" in node or "/JavaScript" in node:
                raise RefusedError(Refusal.PROGRAM)
            pending.extend(value for name, value in node.items() if name not in _INERT_KEYS)
    raise RefusedError(Refusal.BOMB)


def _read_text(pages: Iterable[PageObject]) -> list[str]:
    """Extract the lines of text, page by page, until the text is too long."""
    lines: list[str] = []
    remaining = MAX_TEXT_LENGTH
    for page in pages:
        page_lines = _read_page(page)
        remaining -= sum(map(len, page_lines))
        lines += [*page_lines, ""]
        if remaining <= 0:
            break
    return lines


def _read_page(page: PageObject) -> list[str]:
    """Extract the lines of a page: as drawn where each line is whole, else by their position."""
    drawn = page.extract_text()[:MAX_TEXT_LENGTH]
    try:
        placed = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False).splitlines()
    except (LimitReachedError, FileNotDecryptedError):
        raise
    except Exception:  # fonts without widths and the like, which the plain way needs not
        return drawn.splitlines()
    # The layout leaves out what is turned, or drawn by way of a form: such a page is read as drawn.
    is_whole = _count_letters("".join(placed)) >= MIN_PLACED_SHARE * _count_letters(drawn)
    return order_lines(placed) if is_whole and has_cells(placed) else drawn.splitlines()


def _count_letters(text: str) -> int:
    """Count the letters and digits of a text."""
    return sum(map(str.isalnum, text))


def _read_page_images(pages: Iterable[PageObject]) -> Iterator[Image]:
    """Yield the largest picture of each page: a scanner makes a page of one picture. Raises RefusedError."""
    # Pictures unpack to far more than text; their pixels are checked before that.
    overwrite_configuration(
        zlib_maximum_output_length=MAX_IMAGE_BYTES, lzw_maximum_output_length=MAX_IMAGE_BYTES
    )
    for page in pages:
        name = max(_measure_images(page).items(), key=lambda item: item[1], default=("", 0))[0]
        if name and (image := page.images[name].image) is not None:
            yield image


def _measure_images(page: PageObject) -> dict[str, int]:
    """Count the pixels of each picture that may be a whole page, by its name, from its header alone.

    Raises RefusedError for one that is too large.
    """
    sizes: dict[str, int] = {}
    resources = page.get("/Resources", DictionaryObject()).get_object()
    objects = resources.get("/XObject", DictionaryObject()).get_object()
    for name, reference in objects.items():
        picture = reference.get_object()
        if picture.get("/Subtype") == "/Image":
            width, height = int(picture.get("/Width", 0)), int(picture.get("/Height", 0))
            if width * height > MAX_PIXELS:
                raise RefusedError(Refusal.BOMB)
            if min(width, height) >= MIN_SIDE:
                sizes[name] = width * height
    return sizes
