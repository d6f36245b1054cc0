"""Source reader: whole files opened, mapped and read as drafts and rejects, with progress."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import BinaryIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oim.features.ingestion import Reject, file_document, open_source
from oim.features.opportunities import AgrForm, Contract, Draft, EmploymentDetails, Kind, PayPeriod
from oim.kit.clock import CAMEROON
from oim.kit.errors import BadInputError

Write = Callable[[str, str | bytes], Path]

POSTING = """<html><script type="application/ld+json">{"@type": "JobPosting",
"title": "Cuisinier", "description": "&lt;p&gt;Un&lt;/p&gt;", "datePosted": "2026-05-01",
"identifier": {"@type": "PropertyValue", "name": "Hôtel X", "value": 17},
"hiringOrganization": {"@type": "Organization", "name": "Hôtel X"},
"jobLocation": {"@type": "Place", "address": {"addressLocality": "Kribi", "addressCountry": "CM"}},
"employmentType": ["FULL_TIME", "TEMPORARY"], "totalJobOpenings": 3,
"experienceRequirements": {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": 24},
"baseSalary": {"@type": "MonetaryAmount", "currency": "XAF",
 "value": {"@type": "QuantitativeValue", "minValue": 120000, "maxValue": 150000, "unitText": "MONTH"}}}
</script></html>"""


class NetworkStream:
    """A stream like that of a network connection: its bytes can be read once, without seeking."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.closed = False

    def read(self, size: int) -> bytes:
        return self._file.read(size)

    def __enter__(self) -> "NetworkStream":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.closed = True


def read(path: Path, source: str = "x") -> list[Draft | Reject]:
    with open_source(file_document(path), source) as reader:
        return list(reader.drafts())


def drafts(path: Path, source: str = "x") -> list[Draft]:
    items = read(path, source)
    assert all(isinstance(item, Draft) for item in items), items
    return [item for item in items if isinstance(item, Draft)]


def test_a_jsonld_page_with_a_job_becomes_a_draft(write: Write) -> None:
    (offer,) = drafts(write("a.html", POSTING))
    assert (offer.kind, offer.external_id, offer.title, offer.places) == (
        Kind.EMPLOYMENT,
        "17",
        "Cuisinier",
        3,
    )
    assert (offer.description, offer.organisation, offer.location.region) == ("Un", "Hôtel X", "CM-SU")
    assert offer.details == EmploymentDetails(
        contract=Contract.TEMPORARY,
        pay_min=120_000,
        pay_max=150_000,
        pay_period=PayPeriod.MONTH,
        experience_years=2,
    )


def test_a_jsonld_page_with_a_course_a_loan_and_a_grant_becomes_drafts(write: Write) -> None:
    text = """<html><script type="application/ld+json">[
    {"@type": "EducationalOccupationalProgram", "name": "CQP Maçon", "timeToComplete": "P6M"},
    {"@type": "LoanOrCredit", "name": "Crédit jeune", "amount": {"minValue": 100000, "maxValue": 2000000,
     "currency": "XAF"}, "loanTerm": {"value": 15, "unitText": "months"}, "interestRate": 5},
    {"@type": "Grant", "name": "Appui", "funder": "OIM"}]</script></html>"""
    course, loan, grant = drafts(write("a.html", text))
    assert (course.kind, course.details.duration_weeks) == (Kind.TRAINING, 26)  # type: ignore[union-attr]
    assert (loan.kind, loan.details.form, loan.details.term_months) == (Kind.AGR, AgrForm.LOAN, 15)  # type: ignore[union-attr]
    assert (loan.details.amount_min, loan.details.amount_max) == (100_000, 2_000_000)  # type: ignore[union-attr]
    assert (grant.kind, grant.details.form, grant.organisation) == (Kind.AGR, AgrForm.GRANT, "OIM")  # type: ignore[union-attr]


def test_a_feed_of_wp_job_manager_becomes_drafts(write: Write) -> None:
    item = """<item><title>Comptable H/F</title><link>https://x.cm/job/1</link><dc:creator>admin</dc:creator>
    <pubDate>Mon, 20 Apr 2026 10:00:00 +0000</pubDate><guid isPermaLink="false">https://x.cm/?p=1</guid>
    <job_listing:location>Douala</job_listing:location><job_listing:job_type>CDI</job_listing:job_type>
    <job_listing:company>ACME</job_listing:company>
    <job_listing:salary>150 000 FCFA / mois</job_listing:salary></item>
    <item><title>Formation en couture</title><link>https://x.cm/job/2</link><dc:creator>admin</dc:creator></item>"""
    text = f'<rss xmlns:job_listing="https://x.cm" xmlns:dc="urn:dc"><channel>{item}</channel></rss>'
    job, course = drafts(write("a.xml", text))
    assert (job.external_id, job.url, job.organisation) == ("https://x.cm/?p=1", "https://x.cm/job/1", "ACME")
    assert job.details == EmploymentDetails(
        contract=Contract.PERMANENT, pay_min=150_000, pay_max=150_000, pay_period=PayPeriod.MONTH
    )
    assert job.published_at == datetime(2026, 4, 20, 11, tzinfo=CAMEROON)
    assert (course.kind, course.organisation) == (Kind.TRAINING, None)  # the author only runs the site


def test_our_own_json_lines_are_read_from_any_source(write: Write) -> None:
    text = (
        '{"id": "1", "kind": "agr", "title": "Crédit", "form": "kit", "amount_max": 750000, "guarantor": 0}\n'
        '{"id": "2", "kind": "employment", "title": "Maçon", "region": "CM-LT", "contract": "day_labour"}\n'
    )
    for source in ("oim", "elsewhere"):
        loan, job = drafts(write("a.jsonl", text), source)
        assert (loan.details.form, loan.details.amount_max) == (AgrForm.KIT, 750_000)  # type: ignore[union-attr]
        assert loan.details.guarantor is False  # type: ignore[union-attr]
        assert job.details == EmploymentDetails(contract=Contract.DAY_LABOUR)
        assert job.location.region == "CM-LT"


def test_drafts_and_rejects_come_in_the_order_of_the_file(write: Write) -> None:
    items = read(write("a.csv", "titre,lieu\nMaçon,Douala\n,Buea\nChef\nCuisinier,Limbe\n"))
    assert [item.reason if isinstance(item, Reject) else item.title for item in items] == [
        "Maçon",
        "no-title",
        "ragged",
        "Cuisinier",
    ]
    assert [item.number for item in items if isinstance(item, Reject)] == [2, 3]


@pytest.mark.parametrize("pack", [lambda content: content, gzip.compress])
def test_progress_is_reported_for_a_document_that_is_read_once(
    write: Write, pack: Callable[[bytes], bytes]
) -> None:
    rows = "".join(f"Maçon {n},{Random(n).randbytes(400).hex()}\n" for n in range(600))
    file = file_document(write("a.csv", pack(f"titre,description\n{rows}".encode())))
    opened = []

    def open_stream() -> BinaryIO:
        """Open the file as a stream without seeking, once."""
        assert not opened
        opened.append(NetworkStream(file.open()))
        return opened[0]  # type: ignore[return-value]

    with open_source(replace(file, open=open_stream), "x") as reader:
        assert reader.bytes_total is not None
        positions = [reader.bytes_read() for _ in reader.drafts()]
        assert len(positions) == 600
        assert positions == sorted(positions)
        assert 0 < positions[100] < reader.bytes_total
        assert reader.bytes_read() == reader.bytes_total
        assert list(reader.drafts()) == []
    assert opened[0].closed


def test_the_file_is_closed_when_reading_stops_early(write: Write) -> None:
    with open_source(
        file_document(write("a.csv", "titre,lieu\n" + "Maçon,Douala\n" * 50_000)), "x"
    ) as reader:
        next(reader.drafts())


def test_a_truncated_gzip_file_ends_with_a_reject(write: Write) -> None:
    rows = "".join(f"Maçon {n},{Random(n).randbytes(400).hex()}\n" for n in range(600))
    packed = gzip.compress(f"titre,description\n{rows}".encode())
    items = read(write("a.csv.gz", packed[:-2_000]))
    assert len(items) > 100
    last = items[-1]
    assert isinstance(last, Reject)
    assert last.reason == "broken-file"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.html", "<html><body>Rien</body></html>", r"No offer was found in a\.html"),
        ("a.csv", "titre,lieu\n", r"a\.csv has no rows"),
        ("a.txt", "titre|lieu\r\n\r\n", r"a\.txt has no rows"),
        ("a.CSV", "\ufefftitre", r"a\.CSV has no rows"),
        ("a.tsv", "titre\tlieu", r"a\.tsv has no rows"),
        ("a.jsonl", "{oops\n{encore\n", r"None of the first records of a\.jsonl can be read.*oops"),
        ("a.csv", "foo,bar\n1,2\n", r"The columns are: foo, bar"),
    ],
)
def test_a_file_without_offers_is_an_error_and_not_an_empty_list(
    write: Write, name: str, content: str, words: str
) -> None:
    with pytest.raises(BadInputError, match=words):
        read(write(name, content))


def test_a_known_source_whose_layout_changed_is_an_error(write: Write) -> None:
    with pytest.raises(BadInputError, match="The columns are: intitule, lieu"):
        read(write("a.csv", "intitule,lieu\nMaçon,Lyon\n"), "france-travail")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300),
    st.sampled_from(["titre,lieu\n", '{"title":', "<rss><channel><item><title>", "<html>", ""]),
)
def test_any_bytes_become_drafts_or_rejects_or_a_clear_error(tmp_path: Path, tail: bytes, start: str) -> None:
    path = tmp_path / "any"
    path.write_bytes(start.encode() + tail)
    try:
        items = read(path)
    except BadInputError:
        return
    assert all(isinstance(item, Draft | Reject) for item in items)
