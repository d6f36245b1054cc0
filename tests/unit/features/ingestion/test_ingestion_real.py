"""1,548 real job advertisements from France, read with their declared mapping and with a guessed one."""

from collections import Counter
from collections.abc import Callable
from itertools import islice
from operator import attrgetter
from pathlib import Path

import pytest

from oim.features.ingestion import file_document, open_source
from oim.features.opportunities import Contract, Draft, EmploymentDetails, PayPeriod

pytestmark = pytest.mark.shared_data
ROWS = 1548


def read_offers(shared_data: Path, source: str, rows: int | None = None) -> list[Draft]:
    """Read the first rows of the file, or all, as what a source published."""
    path = shared_data / "offers" / "france_travail.csv"
    if not path.is_file():
        pytest.skip("the real advertisements (../shared/data/offers) are not here")
    with open_source(file_document(path), source) as reader:
        items = list(islice(reader.drafts(), rows))
    assert [item for item in items if not isinstance(item, Draft)] == []
    return [item for item in items if isinstance(item, Draft)]


@pytest.fixture(scope="module", params=["france-travail", pytest.param("mystery", marks=pytest.mark.drill)])
def read(request: pytest.FixtureRequest, shared_data: Path) -> list[Draft]:
    """All offers, by the declared mapping; by the guessed one in a drill."""
    return read_offers(shared_data, request.param)


def test_a_guessed_mapping_reads_what_the_declared_one_reads(shared_data: Path) -> None:
    declared, guessed = (read_offers(shared_data, source, 150) for source in ("france-travail", "mystery"))
    assert len(declared) == 150
    for name in ("external_id", "title", "description", "url", "published_at", "location", "language"):
        assert [getattr(draft, name) for draft in guessed] == [getattr(draft, name) for draft in declared], (
            name
        )
    for value in ("contract", "pay_period"):
        found = [count(offers, attrgetter(value)) for offers in (declared, guessed)]
        assert found[0] == found[1], value


def test_every_offer_has_a_way_to_answer(
    read: list[Draft], record_property: Callable[[str, object], None]
) -> None:
    without = sum(not draft.apply for draft in read)
    record_property("france-travail: offers", len(read))
    record_property("france-travail: offers without a way to answer", without)
    assert without == 0


def count(read: list[Draft], value: Callable[[EmploymentDetails], object]) -> Counter[object]:
    return Counter(value(draft.details) for draft in read if isinstance(draft.details, EmploymentDetails))


def test_every_row_becomes_a_distinct_offer(read: list[Draft]) -> None:
    assert len({draft.external_id for draft in read}) == ROWS
    assert [draft.provenance["row"] for draft in read] == list(range(1, ROWS + 1))
    assert all(draft.url and draft.title and draft.published_at and draft.location.locality for draft in read)
    assert all("<p>" not in draft.description and "&eacute;" not in draft.description for draft in read)


def test_no_offer_from_france_is_located_in_cameroon(read: list[Draft]) -> None:
    assert {draft.location.country for draft in read} == {"FR"}
    assert {draft.location.region for draft in read} == {None}


def test_contracts_and_experience_are_recognised(read: list[Draft]) -> None:
    contracts = count(read, lambda details: details.contract)
    assert contracts[Contract.PERMANENT] == 1218
    assert contracts[Contract.APPRENTICESHIP] > 150
    assert contracts[None] == 1
    experience = count(read, lambda details: details.experience_years)
    assert experience[0] > 750  # "Débutant accepté", "0 An(s)" and months
    assert experience[None] == 94  # "Expérience exigée"


def test_salaries_are_credible_or_absent(read: list[Draft]) -> None:
    periods = count(read, lambda details: details.pay_period)
    assert (periods[PayPeriod.YEAR], periods[PayPeriod.MONTH], periods[PayPeriod.HOUR]) == (210, 42, 3)
    yearly = [d.details.pay_min for d in read if getattr(d.details, "pay_period", None) is PayPeriod.YEAR]  # type: ignore[union-attr]
    assert all(low is not None and 540_000 <= low <= 75_000_000 for low in yearly)
    assert all("pay_text" in draft.provenance for draft in read if getattr(draft.details, "pay_min", None))


def test_french_is_detected(read: list[Draft]) -> None:
    assert Counter(draft.language for draft in read)["fr"] > 1500
