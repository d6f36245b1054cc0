"""The child: one file from its standard input, one JSON object to its standard output."""

from __future__ import annotations

import json
import sys
from importlib import import_module

from oim.features.cv.readers.kinds import DOCX, PDF, detect_media_type
from oim.features.cv.readers.limits import confine
from oim.features.cv.readers.refusals import Refusal, RefusedError
from oim.features.cv.readers.result import has_enough_text, limit_lines

MAX_BYTES = 10 * 1024 * 1024
_READERS = {PDF: "pdf", DOCX: "docx"}  # imported only for their kind, or a DOCX would wait for a PDF's
_IMAGE_READER = "images"


def main() -> None:
    """Read what is given, and say what it holds or why it is refused."""
    confine()
    try:
        said = read_file(sys.stdin.buffer.read(MAX_BYTES + 1))
    except RefusedError as error:
        said = {"refused": error.cause.value}
    except MemoryError:
        said = {"refused": Refusal.BOMB.value}
    except Exception:  # whatever a library stumbles upon in a broken file
        said = {"refused": Refusal.UNREADABLE.value}
    sys.stdout.buffer.write(json.dumps(said).encode("ascii"))
    sys.stdout.flush()


def read_file(content: bytes) -> dict[str, object]:
    """What a file holds, ready for JSON. Raises RefusedError, and whatever a library stumbles upon."""
    if len(content) > MAX_BYTES:
        raise RefusedError(Refusal.SIZE)
    kind = detect_media_type(content)
    reader = import_module(f"{__package__}.{_READERS.get(kind, _IMAGE_READER)}")
    text, scanned = reader.read(content)
    lines = limit_lines(text)
    if not has_enough_text(lines):
        raise RefusedError(Refusal.NO_TEXT)
    return {"media_type": kind, "scanned": scanned, "lines": lines}
