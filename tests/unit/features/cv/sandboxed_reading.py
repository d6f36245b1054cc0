"""Reading files in tests as the service does: in a child process."""

from __future__ import annotations

from shutil import which
from tempfile import TemporaryFile

import pytest

from oim.features.cv.errors import MESSAGES
from oim.features.cv.readers.result import Refusal
from oim.features.cv.sandbox import read_in_subprocess
from oim.features.cv.types import Text
from oim.kit.errors import BadInputError

NO_TESSERACT = pytest.mark.skipif(which("tesseract") is None, reason="Tesseract is not installed here")


def read(content: bytes) -> Text:
    """The text of a file that is accepted."""
    with TemporaryFile() as file:
        file.write(content)
        file.flush()
        return read_in_subprocess(file.fileno())


def cause(content: bytes) -> Refusal:
    """The cause for which a file is refused."""
    with pytest.raises(BadInputError) as refused:
        read(content)
    assert refused.value.field == "file"
    return next(cause for cause, message in MESSAGES.items() if message == refused.value.message)
