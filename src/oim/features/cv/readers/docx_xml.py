"""The XML of a DOCX, read as it comes, nothing of it kept but what is wanted; no entities (defusedxml)."""

from __future__ import annotations

import re
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException, EntitiesForbidden
from defusedxml.sax import parseString

from oim.features.cv.readers.result import BULLET, MAX_TEXT_LENGTH, Refusal, RefusedError

_SPACE_TAGS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SKIPPED_TAGS = frozenset({"Fallback", "del", "moveFrom", "instrText", "delText"})
_PROGRAM_RELATIONS = ("/oleObject", "/control", "/vbaProject", "/aFChunk", "/subDocument")
_TEMPLATE_RELATION = "/attachedTemplate"
_REMOTE_TARGET = re.compile(r"(?i)(?:https?|ftp):|\\\\|file:(?:/{2}[^/]|/{4,}|\\\\)")


def parse_xml(content: bytes, handler: ContentHandler) -> None:
    """Have a part read by a handler. Raises RefusedError."""
    try:
        parseString(content, handler)
    except EntitiesForbidden as error:  # a few lines that would come to gigabytes
        raise RefusedError(Refusal.BOMB) from error
    except (SAXException, DefusedXmlException, LookupError, ValueError) as error:
        raise RefusedError(Refusal.UNREADABLE) from error


class TextHandler(ContentHandler):
    """Paragraphs as lines. A row of a table whose cells hold one paragraph each is one line, by tabs."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[list[list[str]]] = [[[]]]  # of the tables around, innermost last: cells, paragraphs
        self._paragraphs: list[list[str]] = []  # those around: a text box is a paragraph in a paragraph
        self._skipped_depth = 0
        self._run_depth = 0
        self._in_text = False
        self._length = 0

    @property
    def lines(self) -> list[str]:
        """What was read."""
        return [line for paragraph in self._rows[0][-1] for line in paragraph.split("\n")]

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: ARG002 (as its base)
        tag = name.rpartition(":")[2]
        if tag in _SKIPPED_TAGS or self._skipped_depth:
            self._skipped_depth += 1
        elif tag == "p":
            self._paragraphs.append([])
        elif tag == "r":
            self._run_depth += 1
        elif tag == "t":
            self._in_text = True
        elif tag in _SPACE_TAGS and self._run_depth:
            self._append_text(_SPACE_TAGS[tag])
        elif tag == "numPr" and self._paragraphs and not self._paragraphs[-1]:
            self._append_text(f"{BULLET} ")
        elif tag == "tr":
            self._rows.append([])
        elif tag == "tc":
            self._rows[-1].append([])

    def endElement(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if self._skipped_depth:
            self._skipped_depth -= 1
        elif tag == "p" and self._paragraphs:
            self._append_paragraph("".join(self._paragraphs.pop()))
        elif tag == "r":
            self._run_depth -= 1
        elif tag == "t":
            self._in_text = False
        elif tag == "tr" and len(self._rows) > 1:
            self._end_row(self._rows.pop())

    def characters(self, content: str) -> None:
        if self._in_text and not self._skipped_depth:
            self._append_text(content)

    def _append_text(self, words: str) -> None:
        if self._paragraphs and self._length < MAX_TEXT_LENGTH:
            self._paragraphs[-1].append(words)
            self._length += len(words)

    def _append_paragraph(self, paragraph: str) -> None:
        if self._rows[-1]:
            self._rows[-1][-1].append(paragraph)

    def _end_row(self, cells: list[list[str]]) -> None:
        told = [[paragraph for paragraph in cell if paragraph.strip()] for cell in cells]
        if all(len(cell) <= 1 and not any("\n" in paragraph for paragraph in cell) for cell in told):
            self._append_paragraph("\t".join(paragraph for cell in told for paragraph in cell))
            return
        for cell in cells:
            for paragraph in cell:
                self._append_paragraph(paragraph)
            self._append_paragraph("")


class RelationsHandler(ContentHandler):
    """What a document refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.has_programs = False

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: ARG002 (as its base)
        kind = str(attrs.get("Type", ""))
        remote = kind.endswith(_TEMPLATE_RELATION) and _REMOTE_TARGET.match(str(attrs.get("Target", "")))
        self.has_programs |= kind.endswith(_PROGRAM_RELATIONS) or bool(remote)
