"""DOCX as other programs and templates make them: parts of other names, rows that belong together."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import file_factory as files
import pytest

from oim.features.cv.extraction import extract_proposal
from oim.features.cv.readers import dispatch
from oim.features.cv.readers.date_cells import is_dates
from oim.features.cv.readers.result import Refusal, RefusedError
from oim.features.cv.types import Proposal, Text

TODAY = date(2026, 11, 25)
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
USUAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
CASHIER = ("Caissière", "Boutique Exemple", 2019, 2022)
WAITRESS = ("Serveuse", "Restaurant Exemple", 2016, 2018)


def package(part: str, target: str, kind: str = USUAL, content_type: str = files.DOCUMENT_TYPE) -> bytes:
    """A DOCX whose main part has another name; `target` is what its relation says."""
    relation = f'<Relationship Id="r1" Type="{kind}" Target="{target}"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        override = f'<Override PartName="/{part}" ContentType="{content_type}"/>' if content_type else ""
        archive.writestr("[Content_Types].xml", f"<Types>{override}</Types>")
        if target:
            archive.writestr("_rels/.rels", f'<Relationships xmlns="{space}">{relation}</Relationships>')
        archive.writestr(part, files.document(files.paragraphs(files.CV)))
    return packed.getvalue()


# The first is case 26.
@pytest.mark.parametrize(
    "content",
    [
        package("word/document2.xml", "word/document2.xml"),
        package("word/document22.xml", "/word/document22.xml", STRICT),
        package("Word/Main Text.xml", "/Word/Main%20Text.xml"),
        package("content/text.xml", "./content/text.xml", content_type=""),
        package("word/document3.xml", ""),
        package(
            "word/document4.xml",
            "word/document4.xml",
            content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        ),
    ],
    ids=["word online", "strict", "space", "no types", "no relations", "template"],
)
def test_the_main_part_is_the_one_that_the_package_names(content: bytes) -> None:
    assert dispatch.read_file(content)["lines"] == list(files.CV)


@pytest.mark.parametrize(
    "content",
    [
        package("xl/workbook.xml", "xl/workbook.xml", content_type=SHEET),
        package("word/document2.xml", "word/missing.xml", content_type=""),
        package("word/other.xml", "", content_type=SHEET),
    ],
    ids=["workbook", "missing", "no document"],
)
def test_a_package_without_a_text_document_is_no_cv(content: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        dispatch.read_file(content)
    assert refused.value.cause is Refusal.KIND


@pytest.mark.parametrize("folder", ["word", "content", "w"])
def test_programs_are_found_beside_a_main_part_of_another_name(folder: str) -> None:
    packed = BytesIO(package(f"{folder}/document2.xml", f"{folder}/document2.xml"))
    with ZipFile(packed, "a") as archive:
        archive.writestr(f"{folder}/_rels/document2.xml.rels", files.relations("oleObject", "a.bin"))
    with pytest.raises(RefusedError) as refused:
        dispatch.read_file(packed.getvalue())
    assert refused.value.cause is Refusal.PROGRAM


def propose(*rows: Sequence[Sequence[str]], before: Sequence[str] = ()) -> Proposal:
    """What is proposed of a table whose cells have so many paragraphs."""

    def cell(lines: Sequence[str]) -> str:
        return f"<w:tc>{files.paragraphs(lines)}</w:tc>"

    table = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows)
    body = f"{files.paragraphs(before)}<w:tbl>{table}</w:tbl>"
    lines = dispatch.read_file(files.docx(files.document(body)))["lines"]
    assert isinstance(lines, list)
    return extract_proposal(Text("docx", False, tuple(lines)), TODAY)


def jobs(proposal: Proposal) -> list[tuple[str, str | None, int | None, int | None]]:
    return [(job.title, job.employer, job.from_year, job.to_year) for job in proposal.jobs]


HEADING = ("EXPÉRIENCE PROFESSIONNELLE",)
WORK = ["Caissière", "Boutique Exemple, Douala", "Tenue de la caisse"]
MEALS = ["Serveuse", "Restaurant Exemple"]


# The first is case 28; the others are further templates.
@pytest.mark.parametrize(
    "rows",
    [
        ((["2019 - 2022"], WORK), (["2016 - 2018"], MEALS)),
        ((WORK, ["2019 - 2022"]), (MEALS, ["2016 - 2018"])),
        ((["janvier 2019 -", "décembre 2022"], WORK), (["mars 2016 -", "juin 2018"], MEALS)),
        ((["03/2019 – 12/2022", "Douala, Cameroun"], WORK), (["01/2016 – 06/2018", "Douala"], MEALS)),
        (
            (
                ["2019 - 2022", "2016 - 2018"],
                ["Caissière", "Serveuse"],
                ["Boutique Exemple", "Restaurant Exemple"],
            ),
        ),
        ((["De janvier 2019 à mars 2022"], WORK), (["Du 3 mai 2016 au 30 juin 2018"], MEALS)),
        ((["2019 - 2022"], ["", *WORK]), (["2016 - 2018"], ["", *MEALS])),
    ],
    ids=["left", "right", "two lines", "with place", "column of each", "in words", "empty line"],
)
def test_dates_belong_to_the_job_beside_them(rows: Sequence[Sequence[Sequence[str]]]) -> None:
    proposal = propose(*rows, before=HEADING)
    assert jobs(proposal) == [CASHIER, WAITRESS]


def test_diplomas_and_a_job_that_goes_on_are_read_from_their_rows() -> None:
    proposal = propose(
        (HEADING, [""]),
        (["depuis 2019"], WORK),
        (["FORMATION"], [""]),
        (["2015"], ["BTS Comptabilité", "IUT de Douala"]),
    )
    assert [(job.title, job.from_year, job.present) for job in proposal.jobs] == [("Caissière", 2019, True)]
    assert [(diploma.words, diploma.year) for diploma in proposal.diplomas] == [("BTS Comptabilité", 2015)]


def test_two_long_cells_stay_two_columns() -> None:
    left = ["COMPÉTENCES", "Word", "Excel", "LANGUES", "Français", "Anglais"]
    right = [
        *HEADING,
        "2019 - 2022 : Caissière, Boutique Exemple",
        "2016 - 2018 : Serveuse, Restaurant Exemple",
    ]
    proposal = propose((left, right))
    assert jobs(proposal) == [CASHIER, WAITRESS]
    assert [language.code for language in proposal.languages] == ["fr", "en"]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2019 - 2022",
            "depuis 2019",
            "De janvier 2018 à mars 2021",
            "oct. 2018 – présent",
            "Sept 2019 to date",
        ),
        *("03/2019 – 12/2022", "Du 1er février 2016 au 30 juin 2018", "2015", "August 2019 until now"),
    ],
)
def test_dates_alone_are_dates(text: str) -> None:
    assert is_dates(text)


@pytest.mark.parametrize(
    "text",
    [
        "Marketing 2019",
        "Mairie 2019-2020",
        "Marché 2019",
        "BTS 2015",
        "mars",
        "Caissière, 2019 - 2022",
        "677 12 34 56",
    ],
)
def test_words_beside_dates_are_no_dates(text: str) -> None:
    assert not is_dates(text)
