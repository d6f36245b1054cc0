"""The text of a CV is read as it was written, from each kind of file."""

import file_factory as files
import pytest
from sandboxed_reading import NO_TESSERACT, cause, read

from oim.features.cv.readers.result import Refusal


def test_the_lines_of_a_pdf_are_read() -> None:
    text = read(files.pdf([files.stream(files.draw_text(["Caissière à l'hôtel (Yaoundé)", *files.CV]))]))
    assert (text.media_type, text.scanned) == ("application/pdf", False)
    assert text.lines[:2] == ("Caissière à l'hôtel (Yaoundé)", files.CV[0])


def test_a_pdf_with_a_link_is_read() -> None:
    link = "/Annots [<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://x.example) >> >>]"
    assert read(files.pdf(page=link)).lines[0] == files.CV[0]


def test_the_lines_of_a_docx_are_read() -> None:
    text = read(files.docx())
    assert text.media_type.endswith("wordprocessingml.document")
    assert text.lines == files.CV


def test_a_docx_with_a_template_on_its_writers_disk_is_read() -> None:
    own = files.relations("attachedTemplate", "file:///C:/Users/writer/Normal.dotm")
    assert read(files.docx(extra_parts={"word/_rels/settings.xml.rels": own})).lines == files.CV


def test_a_table_row_is_one_line_and_a_list_item_has_a_bullet() -> None:
    def cell(words: str) -> str:
        return f"<w:tc>{files.paragraphs([words])}</w:tc>"

    cells = cell("2015 - 2018") + cell("Comptable, Société Exemple de Douala")
    row = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    item = "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Tenue de la caisse</w:t></w:r></w:p>"
    assert read(files.docx(files.document(row + item))).lines == (
        "2015 - 2018\tComptable, Société Exemple de Douala",
        "• Tenue de la caisse",
    )


def test_text_that_word_stores_twice_is_read_once_and_deleted_text_is_not() -> None:
    words = "<w:t>Formation en couture à Douala</w:t>"
    body = (
        f'<w:p><w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice>{words}</mc:Choice>'
        f"<mc:Fallback>{words}</mc:Fallback></mc:AlternateContent></w:r>"
        "<w:del><w:r><w:delText>perdu</w:delText></w:r></w:del>"
        "<w:r><w:tab/><w:t>Atelier de Bonapriso</w:t><w:br/><w:t>2019</w:t></w:r></w:p>"
    )
    assert read(files.docx(files.document(body))).lines == (
        "Formation en couture à Douala\tAtelier de Bonapriso",
        "2019",
    )


@NO_TESSERACT
@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_a_photo_is_read(form: str) -> None:
    text = read(files.picture(form=form))
    assert text.scanned
    assert [line for line in text.lines if line][1] == files.CV[1]


def test_without_tesseract_a_photo_is_refused_and_a_docx_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert cause(files.picture()) is Refusal.NO_OCR
    assert read(files.docx()).lines == files.CV


@NO_TESSERACT
def test_a_scanned_pdf_is_read() -> None:
    text = read(files.picture(form="PDF"))
    assert (text.media_type, text.scanned) == ("application/pdf", True)
    assert files.CV[1] in text.lines
