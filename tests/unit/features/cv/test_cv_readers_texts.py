"""The text of a CV comes out as it was written, whichever kind of file holds it."""

import file_factory as made
import pytest
from sandboxed_reading import NO_TESSERACT, cause, read

from oim.features.cv.readers.result import Refusal


def test_a_pdf_gives_its_lines() -> None:
    text = read(made.pdf([made.stream(made.drawn(["Caissière à l'hôtel (Yaoundé)", *made.CV]))]))
    assert (text.media_type, text.scanned) == ("application/pdf", False)
    assert text.lines[:2] == ("Caissière à l'hôtel (Yaoundé)", made.CV[0])


def test_a_link_in_a_pdf_is_no_program() -> None:
    link = "/Annots [<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://x.example) >> >>]"
    assert read(made.pdf(page=link)).lines[0] == made.CV[0]


def test_a_docx_gives_its_lines() -> None:
    text = read(made.docx())
    assert text.media_type.endswith("wordprocessingml.document")
    assert text.lines == made.CV


def test_a_template_on_the_writers_own_disk_is_no_program() -> None:
    own = made.relations("attachedTemplate", "file:///C:/Users/writer/Normal.dotm")
    assert read(made.docx(others={"word/_rels/settings.xml.rels": own})).lines == made.CV


def test_rows_of_a_table_are_lines_and_items_have_their_sign() -> None:
    def cell(words: str) -> str:
        return f"<w:tc>{made.paragraphs([words])}</w:tc>"

    cells = cell("2015 - 2018") + cell("Comptable, Société Exemple de Douala")
    row = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    item = "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Tenue de la caisse</w:t></w:r></w:p>"
    assert read(made.docx(made.document(row + item))).lines == (
        "2015 - 2018\tComptable, Société Exemple de Douala",
        "• Tenue de la caisse",
    )


def test_what_word_keeps_twice_or_took_out_is_read_once_or_not_at_all() -> None:
    words = "<w:t>Formation en couture à Douala</w:t>"
    body = (
        f'<w:p><w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice>{words}</mc:Choice>'
        f"<mc:Fallback>{words}</mc:Fallback></mc:AlternateContent></w:r>"
        "<w:del><w:r><w:delText>perdu</w:delText></w:r></w:del>"
        "<w:r><w:tab/><w:t>Atelier de Bonapriso</w:t><w:br/><w:t>2019</w:t></w:r></w:p>"
    )
    assert read(made.docx(made.document(body))).lines == (
        "Formation en couture à Douala\tAtelier de Bonapriso",
        "2019",
    )


@NO_TESSERACT
@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_a_photo_is_read(form: str) -> None:
    text = read(made.picture(form=form))
    assert text.scanned
    assert [line for line in text.lines if line][1] == made.CV[1]


def test_without_tesseract_a_photo_is_refused_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert cause(made.picture()) is Refusal.NO_OCR
    assert read(made.docx()).lines == made.CV


@NO_TESSERACT
def test_a_pdf_of_pictures_is_read() -> None:
    text = read(made.picture(form="PDF"))
    assert (text.media_type, text.scanned) == ("application/pdf", True)
    assert made.CV[1] in text.lines
