"""Parsing the XML parts of a DOCX as a stream of events (SAX), so that only the text is stored.

defusedxml refuses entities, by which a few lines can grow to gigabytes or name files of this machine.
"""

from __future__ import annotations

import re
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException, EntitiesForbidden
from defusedxml.sax import parseString

from oim.features.cv.readers.limits import MAX_TEXT_LENGTH
from oim.features.cv.readers.result import BULLET, Refusal, RefusedError
from oim.features.cv.readers.table_rows import join_row

# Tags of WordprocessingML, without their namespace.
_SPACE_TAGS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# What would be read twice (`Fallback` repeats its `Choice` for old programs), was deleted while changes were
# tracked, or is the code of a field.
_SKIPPED_TAGS = frozenset({"Fallback", "del", "moveFrom", "instrText", "delText"})
_PROGRAM_RELATIONS = ("/oleObject", "/control", "/vbaProject", "/aFChunk", "/subDocument")
_TEMPLATE_RELATION = "/attachedTemplate"
_MAIN_RELATION = "/officeDocument"
# `https://…`, `\\server\…`, `file://server/…`; not `file:///C:/…`, the writer's own template.
_REMOTE_TARGET = re.compile(r"(?i)(?:https?|ftp):|\\\\|file:(?:/{2}[^/]|/{4,}|\\\\)")


def parse_xml(content: bytes, handler: ContentHandler) -> None:
    """Parse a part of a DOCX with a SAX handler. Raises RefusedError."""
    try:
        parseString(content, handler)
    except EntitiesForbidden as error:  # a "billion laughs" bomb, or a file from outside
        raise RefusedError(Refusal.BOMB) from error
    except (SAXException, DefusedXmlException, LookupError, ValueError) as error:
        raise RefusedError(Refusal.UNREADABLE) from error


class TextHandler(ContentHandler):
    """Collects the paragraphs of a document as lines.

    How the cells of a table's row become lines is decided in `table_rows`.
    """

    def __init__(self) -> None:
        super().__init__()
        # Rows that are open, innermost last, since tables nest: each a list of cells, a cell a list of
        # paragraphs. The first "row", of one cell, is the document itself.
        self._rows: list[list[list[str]]] = [[[]]]
        # Paragraphs that are open, innermost last: a text box is a paragraph within a paragraph.
        self._paragraphs: list[list[str]] = []
        self._skipped_depth = 0  # open tags from the skipped one inwards
        self._run_depth = 0
        self._in_text = False
        self._length = 0  # characters so far

    @property
    def lines(self) -> list[str]:
        """The lines read so far."""
        return [line for paragraph in self._rows[0][-1] for line in paragraph.split("\n")]

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: ARG002 (as its base)
        """Open a paragraph, row, cell or run, or note white space and list items."""
        tag = name.rpartition(":")[2]
        if tag in _SKIPPED_TAGS or self._skipped_depth:
            self._skipped_depth += 1
        elif tag == "p":
            self._paragraphs.append([])
        elif tag == "r":
            self._run_depth += 1
        elif tag == "t":
            self._in_text = True
        # Only within a run: `w:tab` also defines tab stops, among a paragraph's properties.
        elif tag in _SPACE_TAGS and self._run_depth:
            self._append_text(_SPACE_TAGS[tag])
        # Numbering properties make a paragraph an item of a list; the sign itself is not in the text.
        elif tag == "numPr" and self._paragraphs and not self._paragraphs[-1]:
            self._append_text(f"{BULLET} ")
        elif tag == "tr":
            self._rows.append([])
        elif tag == "tc":
            self._rows[-1].append([])

    def endElement(self, name: str) -> None:
        """Close a paragraph, row or run."""
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
        """Collect text, but only that of `w:t` tags."""
        if self._in_text and not self._skipped_depth:
            self._append_text(content)

    def _append_text(self, words: str) -> None:
        """Add to the innermost paragraph, until the text is too long."""
        if self._paragraphs and self._length < MAX_TEXT_LENGTH:
            self._paragraphs[-1].append(words)
            self._length += len(words)

    def _append_paragraph(self, paragraph: str) -> None:
        """Add a finished paragraph to the innermost cell."""
        if self._rows[-1]:  # false between `w:tr` and its first `w:tc`
            self._rows[-1][-1].append(paragraph)

    def _end_row(self, cells: list[list[str]]) -> None:
        """Add the lines of a finished row to the cell around it."""
        for line in join_row([[line for text in cell for line in text.split("\n")] for cell in cells]):
            self._append_paragraph(line)


class RelationsHandler(ContentHandler):
    """Notes whether a document refers to programs or to a template on another machine, and its main part."""

    def __init__(self) -> None:
        super().__init__()
        self.has_programs = False
        self.main_part: str | None = None  # as written: a path from the package's root

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: ARG002 (as its base)
        """Check one relation, by the end of its type's URL and its target."""
        kind, target = str(attrs.get("Type", "")), str(attrs.get("Target", ""))
        remote = kind.endswith(_TEMPLATE_RELATION) and _REMOTE_TARGET.match(target)
        self.has_programs |= kind.endswith(_PROGRAM_RELATIONS) or bool(remote)
        if kind.endswith(_MAIN_RELATION) and attrs.get("TargetMode", "Internal") == "Internal":
            self.main_part = self.main_part or target


class TypesHandler(ContentHandler):
    """Collects the types that `[Content_Types].xml` gives to single parts, by their names as written."""

    def __init__(self) -> None:
        super().__init__()
        self.types: dict[str, str] = {}

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: ARG002 (as its base)
        """Note the type of one part."""
        if part := str(attrs.get("PartName", "")):
            self.types[part] = str(attrs.get("ContentType", ""))
