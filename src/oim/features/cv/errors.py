"""The message for each cause of refusal of a file: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from oim.features.cv.readers.result import Refusal
from oim.kit.errors import BadInputError, TooLargeError
from oim.kit.i18n import mark

# The child process prints only the code of a cause; its words are added here, where gettext finds them.
MESSAGES: Mapping[Refusal, str] = {
    Refusal.EMPTY: mark("This file is empty. Choose the file of your CV."),
    Refusal.SIZE: mark("This file is too large: 10 MB at most."),
    Refusal.KIND: mark("A CV is a PDF, a Word document (DOCX) or a photo (JPEG, PNG, WebP, TIFF)."),
    Refusal.LOCKED: mark(
        "This file is protected: it opens only with a password or a key. Save it without protection and "
        "send that."
    ),
    Refusal.PROGRAM: mark(
        "This file holds macros, programs or other files within it. Save it as a PDF and send that."
    ),
    Refusal.BOMB: mark("This file unpacks to far more than a CV needs. Save it as a new PDF and send that."),
    Refusal.PAGES: mark("This PDF has more than 30 pages. Send the pages of your CV only."),
    Refusal.UNREADABLE: mark("This file cannot be read: it is damaged. Save it anew and send it again."),
    Refusal.TIME: mark("Reading this file took too long. Save it as a simple PDF or DOCX and send that."),
    Refusal.NO_TEXT: mark("Almost no text was found in this file. Send a sharper photo, a PDF or a DOCX."),
    Refusal.NO_OCR: mark("Photos and scans cannot be read here. Send your CV as a PDF with text, or a DOCX."),
}


def refusal_error(cause: Refusal) -> BadInputError:
    """Build the error for a cause of refusal, on the form field `file`."""
    return BadInputError(MESSAGES[cause], field="file")


def too_large_error() -> TooLargeError:
    """Build the error for a file that is refused for its size before it is read."""
    return TooLargeError(MESSAGES[Refusal.SIZE], field="file")
