"""The catalogue of events: what may be recorded, how earlier versions are read, and that nobody is named."""

from __future__ import annotations

from types import NoneType
from typing import Annotated, Any, get_args, get_origin
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from oim.features.applications import OutcomeAnswer
from oim.features.events import (
    CATALOGUE,
    CONSUMERS,
    Applied,
    Dismissed,
    Event,
    EventKind,
    Outcome,
    Saved,
    Shown,
    parse_event,
    topic_of,
)
from oim.features.events.catalogue import LATEST, OfferEvent, ShownV2
from oim.features.following import DismissalReason

OFFER, LIST = uuid4(), uuid4()


def test_every_kind_has_all_its_versions_from_1_and_the_last_is_recorded() -> None:
    versions: dict[EventKind, list[int]] = {kind: [] for kind in EventKind}
    for kind, version in CATALOGUE:
        versions[kind].append(version)
    for kind, numbers in versions.items():
        assert numbers == list(range(1, len(numbers) + 1))
        assert (LATEST[kind].kind, LATEST[kind].version) == (kind, numbers[-1])


# What a field may hold: ids, numbers, yes or no, codes of a closed list. A free text may name somebody.
def _is_harmless(annotation: Any) -> bool:
    arguments = get_args(annotation)
    if get_origin(annotation) is dict:
        arguments = arguments[1:]  # the keys are names of features
    elif get_origin(annotation) is Annotated:
        arguments = arguments[:1]
    if arguments:  # of a Literal["…", "…"] these are strings
        return all(isinstance(part, str) or part is ... or _is_harmless(part) for part in arguments)
    return annotation in (UUID, int, float, bool, NoneType)


@pytest.mark.parametrize("class_", CATALOGUE.values())
def test_no_field_can_hold_words_of_people(class_: type[Event]) -> None:
    fields = {name: field.annotation for name, field in class_.model_fields.items()}
    assert [name for name, annotation in fields.items() if not _is_harmless(annotation)] == []
    assert not any("person" in name for name in fields)


@pytest.mark.parametrize("kind", ["saved", "applied", "redirected", "outcome"])
def test_an_event_of_an_earlier_version_stays_readable(kind: str) -> None:
    event = parse_event(kind, 1, {"list_id": LIST, "opportunity_id": OFFER})
    assert isinstance(event, OfferEvent)
    assert (event.kind, event.version, event.opportunity_id) == (EventKind(kind), 1, OFFER)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"opportunity_id": str(OFFER)},
        {"opportunity_id": OFFER, "name": "Awa"},
        {"opportunity_id": OFFER, "reported": 1},
        {"opportunity_id": OFFER, "list_id": "a list"},
    ],
)
def test_fields_that_are_not_in_the_catalogue_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Saved.model_validate(fields)


def test_values_out_of_range_are_refused() -> None:
    with pytest.raises(ValidationError):
        ShownV2(opportunity_id=OFFER, list_id=LIST, position=0, features={})
    with pytest.raises(ValidationError):
        Shown(list_id=LIST, offers=(), features={})
    with pytest.raises(ValidationError):
        Dismissed.model_validate({"opportunity_id": OFFER, "reason": "the employer is my uncle"})


@pytest.mark.parametrize(("kind", "version"), [("saved", 3), ("saved", 0), ("eaten", 1)])
def test_an_unknown_kind_or_version_is_refused(kind: str, version: int) -> None:
    with pytest.raises(ValueError, match=kind):
        parse_event(kind, version, {"opportunity_id": OFFER})


def test_an_event_does_not_change() -> None:
    event = Applied(opportunity_id=OFFER)
    with pytest.raises(ValidationError):
        event.list_id = LIST  # type: ignore[misc]


def test_codes_are_those_of_the_features_that_record_them() -> None:
    reasons, answers = (
        get_args(class_.model_fields[name].annotation)
        for class_, name in ((Dismissed, "reason"), (Outcome, "answer"))
    )
    assert set(reasons) == {reason.value for reason in DismissalReason}
    assert set(answers) == {answer.value for answer in OutcomeAnswer}


def test_somebody_reads_every_kind_and_no_two_consumers_share_a_name() -> None:
    topics = {topic for consumer in CONSUMERS for topic in consumer.topics}
    assert topics >= {topic_of(kind) for kind in EventKind}
    assert len({consumer.name for consumer in CONSUMERS}) == len(CONSUMERS)
