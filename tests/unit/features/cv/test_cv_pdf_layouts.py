"""PDFs whose text stands in columns, and PDFs that open without a password though they are encrypted."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import file_factory as files
import pytest
from pypdf import PdfReader, PdfWriter
from sandboxed_reading import cause, read

from oim.features.cv.extraction import extract_proposal
from oim.features.cv.readers import dispatch
from oim.features.cv.readers.result import Refusal
from oim.features.cv.types import Proposal, Text

TODAY = date(2026, 11, 25)
CASHIER = ("Caissière", "Boutique Exemple", 2019, 2022)
WAITRESS = ("Serveuse", "Restaurant Exemple", 2016, 2018)
LEFT, MIDDLE, RIGHT = 50, 240, 430  # points from the left edge of a page
Row = Sequence[tuple[int, str]]  # texts by where they begin


def draw_rows(rows: Sequence[Row], *, by_column: bool = False) -> bytes:
    """A page with texts at places, drawn row by row or column by column."""
    placed = [(x, 800 - 16 * number, text) for number, row in enumerate(rows) for x, text in row]
    if by_column:
        placed.sort(key=lambda text: text[0])
    drawn = [
        f"BT /F1 11 Tf 1 0 0 1 {x} {y} Tm <{text.encode('cp1252').hex()}> Tj ET".encode()
        for x, y, text in placed
    ]
    return files.pdf([files.stream(b"\n".join(drawn))])


def propose(rows: Sequence[Row], *, by_column: bool = False) -> Proposal:
    lines = dispatch.read_file(draw_rows(rows, by_column=by_column))["lines"]
    assert isinstance(lines, list)
    return extract_proposal(Text("pdf", False, tuple(lines)), TODAY)


def jobs(proposal: Proposal) -> list[tuple[str, str | None, int | None, int | None]]:
    return [(job.title, job.employer, job.from_year, job.to_year) for job in proposal.jobs]


def diplomas(proposal: Proposal) -> list[tuple[str, int | None]]:
    return [(diploma.words, diploma.year) for diploma in proposal.diplomas]


def column(x: int, *lines: str) -> list[tuple[int, str]]:
    return [(x, line) for line in lines]


SIDEBAR = ("COMPÉTENCES", "Word", "Excel", "Sage", "LANGUES", "Français", "Anglais", "")
MAIN = (
    *("EXPÉRIENCE PROFESSIONNELLE", "2019 - 2022", "Caissière, Boutique Exemple"),
    *("2016 - 2018", "Serveuse, Restaurant Exemple", "FORMATION", "2015 BTS Comptabilité"),
)


def side_by_side(left: Sequence[str], right: Sequence[str], gutter: int = MIDDLE) -> list[Row]:
    return [
        [(x, text) for x, text in ((LEFT, one), (gutter, two)) if text]
        for one, two in zip(left, right, strict=False)
    ]


# The first is of case 29. Dates in a column of their own belong to what stands in their row.
@pytest.mark.parametrize("by_column", [True, False])
@pytest.mark.parametrize(
    "rows",
    [
        [
            [(LEFT, "Caissière - Boutique Exemple"), (RIGHT, "2019 - 2022")],
            [(LEFT, "Serveuse - Restaurant Exemple"), (RIGHT, "2016 - 2018")],
            [(LEFT, "FORMATION")],
            [(LEFT, "BTS Comptabilité"), (RIGHT, "2015")],
        ],
        [
            [(LEFT, "2019 - 2022"), (MIDDLE, "Caissière - Boutique Exemple")],
            [(LEFT, "2016 - 2018"), (MIDDLE, "Serveuse - Restaurant Exemple")],
            [(LEFT, "FORMATION")],
            [(LEFT, "2015"), (MIDDLE, "BTS Comptabilité")],
        ],
        [
            [(LEFT, "Caissière"), (MIDDLE, "Boutique Exemple"), (RIGHT, "mars 2019 - mai 2022")],
            [(LEFT, "Serveuse"), (MIDDLE, "Restaurant Exemple"), (RIGHT, "janv. 2016 - juin 2018")],
            [(LEFT, "FORMATION")],
            [(LEFT, "BTS Comptabilité"), (RIGHT, "2015")],
        ],
        [
            [(LEFT, "De 2019 à 2022"), (MIDDLE, "Caissière")],
            [(MIDDLE, "Boutique Exemple")],
            [(LEFT, "De 2016 à 2018"), (MIDDLE, "Serveuse")],
            [(MIDDLE, "Restaurant Exemple")],
            [(LEFT, "FORMATION")],
            [(LEFT, "2015"), (MIDDLE, "BTS Comptabilité")],
        ],
    ],
    ids=["right", "left", "three columns", "employer below"],
)
def test_a_row_belongs_together(rows: Sequence[Row], by_column: bool) -> None:
    head: list[Row] = [
        [(LEFT, line)] for line in ("Awa NGONO", "Bafoussam, Cameroun", "677 12 34 56", MAIN[0])
    ]
    proposal = propose([*head, *rows], by_column=by_column)
    assert jobs(proposal) == [CASHIER, WAITRESS]
    assert diplomas(proposal) == [("BTS Comptabilité", 2015)]


# The first is of case 29.
@pytest.mark.parametrize("by_column", [True, False])
@pytest.mark.parametrize(
    "rows",
    [
        side_by_side(SIDEBAR[:7], MAIN),
        side_by_side((*MAIN, ""), SIDEBAR, RIGHT - 60),
        [
            [
                (
                    LEFT,
                    "Femme sérieuse et ponctuelle, qui cherche un emploi de caissière dans un grand magasin",
                )
            ],
            *side_by_side([line.capitalize() for line in SIDEBAR[:7]], [MAIN[0].capitalize(), *MAIN[1:]]),
        ],
        side_by_side(
            (*SIDEBAR, *[""] * 2),
            (
                *MAIN[:3],
                "- Tenue de la caisse et arrêté journalier",
                *MAIN[3:5],
                "- Service en salle",
                *MAIN[5:],
            ),
        ),
    ],
    ids=["left sidebar", "right sidebar", "words above", "tasks"],
)
def test_two_columns_are_read_one_after_the_other(rows: Sequence[Row], by_column: bool) -> None:
    proposal = propose(rows, by_column=by_column)
    assert jobs(proposal) == [CASHIER, WAITRESS]
    assert diplomas(proposal) == [("BTS Comptabilité", 2015)]
    assert {"Word", "Excel", "Sage"} <= set(proposal.skills)
    assert [language.code for language in proposal.languages] == ["fr", "en"]


def test_a_table_of_languages_is_rows_and_no_columns() -> None:
    spoken = (("Français", "langue maternelle"), ("Anglais", "notions"), ("Ewondo", "courant"))
    rows: list[Row] = [[(LEFT, "LANGUES")], *([(LEFT, one), (MIDDLE, two)] for one, two in spoken)]
    languages = propose([*rows, [(LEFT, "COMPÉTENCES")], [(LEFT, "Tenue de la caisse, accueil")]]).languages
    assert [(language.code, language.level and language.level.value) for language in languages] == [
        *(("fr", "native"), ("en", "A1"), ("ewo", "C1")),
    ]


def encrypt(user: str, algorithm: str) -> bytes:
    """A PDF with a CV that opens by a user's password, restricted by an owner's."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(files.pdf())))
    writer.encrypt(user, owner_password="only the owner knows", algorithm=algorithm)
    packed = BytesIO()
    writer.write(packed)
    return packed.getvalue()


# The first is case 31. In the child process: what decrypts must load where it may open little.
@pytest.mark.parametrize("algorithm", ["RC4-128", "RC4-40", "AES-128", "AES-256"])
def test_a_pdf_that_opens_without_a_password_is_read(algorithm: str) -> None:
    assert read(encrypt("", algorithm)).lines[: len(files.CV)] == files.CV


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_pdf_that_asks_for_a_password_is_refused_for_that(algorithm: str) -> None:
    assert cause(encrypt("secret", algorithm)) is Refusal.LOCKED


def test_a_pdf_encrypted_for_certain_people_is_refused_as_locked() -> None:
    plain = files.pdf(objects=[b"<< /Filter /Adobe.PubSec /V 4 /SubFilter /adbe.pkcs7.s5 >>"])
    locked = plain.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 100 0 R /ID [<00> <00>]")
    assert cause(locked) is Refusal.LOCKED
