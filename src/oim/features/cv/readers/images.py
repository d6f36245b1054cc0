"""Photos and scans: looked at by their headers first, then read by Tesseract where it is installed.

Tesseract is given the picture by a pipe: nothing of a person is written to a disk.
"""

from __future__ import annotations

import shutil
import subprocess
import warnings
from collections.abc import Iterable, Iterator
from io import BytesIO

from PIL import Image, ImageOps, ImageSequence

from oim.features.cv.readers.limits import allow_ocr
from oim.features.cv.readers.result import Refusal, RefusedError

MAX_PIXELS = 50_000_000
MIN_SIDE = 300  # pixels of a side: a smaller picture is a portrait or a mark
MAX_OCR_SIDE = 3_000  # pixels of the longer side, as Tesseract gets it: A4 at some 250 dots an inch
MAX_FRAMES = 3  # pages of a TIFF
OCR_LANGUAGES = ("fra", "eng")
IMAGE_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


def read(content: bytes) -> tuple[list[str], bool]:
    """The lines of the text, read in a picture. Raises RefusedError."""
    try:
        with Image.open(BytesIO(content), formats=IMAGE_FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise RefusedError(Refusal.BOMB)
            return run_ocr(_read_frames(picture)), True
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedError(Refusal.BOMB) from error


def run_ocr(images: Iterable[Image.Image]) -> list[str]:
    """The lines in pictures; the first is unpacked within the bounds of any file. Raises RefusedError."""
    program = shutil.which("tesseract")
    if program is None:
        raise RefusedError(Refusal.NO_OCR)
    lines: list[str] = []
    languages = ""
    for picture in images:
        packed = _prepare_image(picture)
        if not languages:
            allow_ocr()
            languages = _select_languages(program)
        said = _run_tesseract([program, "stdin", "stdout", "-l", languages], packed)
        lines += [*said.splitlines(), ""]
    return lines


def _select_languages(program: str) -> str:
    """Those of our languages that Tesseract knows. Raises RefusedError."""
    known = _run_tesseract([program, "--list-langs"], b"").split()
    if not (languages := [one for one in OCR_LANGUAGES if one in known]):
        raise RefusedError(Refusal.NO_OCR)
    return "+".join(languages)


def _run_tesseract(command: list[str], stdin: bytes) -> str:
    done = subprocess.run(  # noqa: S603 (a fixed program; the picture goes through a pipe)
        command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    )
    return done.stdout.decode("utf-8", "replace")


def _read_frames(picture: Image.Image) -> Iterator[Image.Image]:
    for frame, _ in zip(ImageSequence.Iterator(picture), range(MAX_FRAMES), strict=False):
        if frame.width * frame.height > MAX_PIXELS:
            raise RefusedError(Refusal.BOMB)
        yield frame


def _prepare_image(picture: Image.Image) -> bytes:
    """Grey, upright, no larger than is of use, as a PGM."""
    picture.draft("L", (MAX_OCR_SIDE, MAX_OCR_SIDE))  # a JPEG is unpacked no larger than that
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        clear = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    grey = upright.convert("L")
    grey.thumbnail((MAX_OCR_SIDE, MAX_OCR_SIDE), Image.Resampling.LANCZOS)
    packed = BytesIO()
    grey.save(packed, "PPM")
    return packed.getvalue()
