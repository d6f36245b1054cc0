"""The child: one file from its standard input, one JSON object to its standard output."""

from __future__ import annotations

import json
import sys
from importlib import import_module

from oim.features.cv.readers.kinds import DOCX, PDF, media_type
from oim.features.cv.readers.limits import confine
from oim.features.cv.readers.refusals import Refusal, RefusedError
from oim.features.cv.readers.result import bounded, says_something

MOST_BYTES = 10 * 1024 * 1024
_READERS = {PDF: "pdf", DOCX: "docx"}  # imported only for their kind, or a DOCX would wait for a PDF's
_PICTURES = "images"


def main() -> None:
    """Read what is given, and say what it holds or why it is refused."""
    confine()
    try:
        said = told(sys.stdin.buffer.read(MOST_BYTES + 1))
    except RefusedError as error:
        said = {"refused": error.cause.value}
    except MemoryError:
        said = {"refused": Refusal.BOMB.value}
    except Exception:  # whatever a library stumbles upon in a broken file
        said = {"refused": Refusal.UNREADABLE.value}
    sys.stdout.buffer.write(json.dumps(said).encode("ascii"))
    sys.stdout.flush()


def told(content: bytes) -> dict[str, object]:
    """What a file holds, ready for JSON. Raises RefusedError, and whatever a library stumbles upon."""
    if len(content) > MOST_BYTES:
        raise RefusedError(Refusal.SIZE)
    kind = media_type(content)
    reader = import_module(f"{__package__}.{_READERS.get(kind, _PICTURES)}")
    text, scanned = reader.read(content)
    lines = bounded(text)
    if not says_something(lines):
        raise RefusedError(Refusal.NO_TEXT)
    return {"media_type": kind, "scanned": scanned, "lines": lines}
