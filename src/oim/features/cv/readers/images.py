"""Reading photos and scans: their headers are checked first, then Tesseract reads them, where installed.

Tesseract gets the picture through a pipe, so nothing personal is written to a disk.
"""

from __future__ import annotations

import shutil
import subprocess
import warnings
from collections.abc import Iterable, Iterator
from io import BytesIO

from PIL import Image, ImageOps, ImageSequence

from oim.features.cv.readers.confinement import allow_ocr
from oim.features.cv.readers.limits import MAX_FRAMES, MAX_OCR_SIDE, MAX_PIXELS
from oim.features.cv.readers.result import Refusal, RefusedError

OCR_LANGUAGES = ("fra", "eng")  # as Tesseract names them
IMAGE_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")

# Pillow only warns of a picture between this size and twice as much: here that is an error too.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


def read(content: bytes) -> tuple[list[str], bool]:
    """Read the lines of text in a picture, and that they come from OCR. Raises RefusedError."""
    try:
        with Image.open(BytesIO(content), formats=IMAGE_FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise RefusedError(Refusal.BOMB)
            return run_ocr(_read_frames(picture)), True
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedError(Refusal.BOMB) from error


def run_ocr(images: Iterable[Image.Image]) -> list[str]:
    """Read the lines of text in pictures with Tesseract. Raises RefusedError.

    The first picture is still unpacked within the limits of every file; only then do those of OCR apply.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise RefusedError(Refusal.NO_OCR)
    lines: list[str] = []
    languages = ""
    for picture in images:
        packed = _prepare_image(picture)
        if not languages:
            # Not before: a picture that only takes time and memory to unpack must not get more of either.
            allow_ocr()
            languages = _select_languages(program)
        output = _run_tesseract([program, "stdin", "stdout", "-l", languages], packed)
        lines += [*output.splitlines(), ""]
    return lines


def _select_languages(program: str) -> str:
    """Join those of our languages whose data Tesseract has, as `fra+eng`. Raises RefusedError for none."""
    known = _run_tesseract([program, "--list-langs"], b"").split()
    if not (languages := [language for language in OCR_LANGUAGES if language in known]):
        raise RefusedError(Refusal.NO_OCR)
    return "+".join(languages)


def _run_tesseract(command: list[str], stdin: bytes) -> str:
    """Run Tesseract and return what it prints. Raises CalledProcessError."""
    completed = subprocess.run(  # noqa: S603 (a fixed program; the picture goes through a pipe)
        command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    )
    return completed.stdout.decode("utf-8", "replace")


def _read_frames(picture: Image.Image) -> Iterator[Image.Image]:
    """Yield the frames of a picture, of a TIFF its first pages. Raises RefusedError for a large one."""
    for frame, _ in zip(ImageSequence.Iterator(picture), range(MAX_FRAMES), strict=False):
        if frame.width * frame.height > MAX_PIXELS:
            raise RefusedError(Refusal.BOMB)
        yield frame


def _prepare_image(picture: Image.Image) -> bytes:
    """Make a picture grey, upright and no larger than is of use to OCR; return it as a PGM."""
    picture.draft("L", (MAX_OCR_SIDE, MAX_OCR_SIDE))  # a JPEG is unpacked no larger than that
    # A phone saves a photo as its sensor lies, with a tag that says how to turn it.
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        # On white paper: dropping transparency would show what lies under it, often black.
        transparent = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", transparent.size, "white"), transparent)
    grey = upright.convert("L")
    grey.thumbnail((MAX_OCR_SIDE, MAX_OCR_SIDE), Image.Resampling.LANCZOS)
    packed = BytesIO()
    grey.save(packed, "PPM")  # uncompressed, so there is nothing for Tesseract's libraries to decode
    return packed.getvalue()
