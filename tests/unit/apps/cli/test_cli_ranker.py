"""`oim ranker` and `oim train ranker`: what they print, with and without rankers."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from oim.apps.cli import database, ranker, train
from oim.apps.cli.terminal import t
from oim.features import matching
from oim.features.matching.learning import Ranker
from oim.features.matching.learning import training as learning
from oim.features.matching.learning.training import TrainingResult
from oim.kit.errors import ConflictError

FIGURES = {"new": 0.71, "in_force": 0.68, "least_gain": 0.01}
CARD: dict[str, Any] = {"ndcg@10": FIGURES, "lists": {"learned": 300, "held_out": 100}}


class UnusedDatabase:
    """A stand-in for a database that is never queried."""

    @contextmanager
    def read(self) -> Iterator[None]:
        yield None

    write = read


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def open_unused_database() -> Iterator[UnusedDatabase]:
        yield UnusedDatabase()

    monkeypatch.setattr(database, "open_database", open_unused_database)


def read_output(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def returning(value: object) -> Callable[..., object]:
    return lambda *_: value


def test_without_rankers_the_weights_are_in_force(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(matching, "list_rankers", returning([]))
    ranker.list_()
    assert read_output(capsys) == t("The documented weights are in force.")
    ranker.list_(json_=True)
    assert json.loads(capsys.readouterr().out) == {"rankers": []}


def test_the_ranker_in_force_is_marked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    rankers = [Ranker(version=2, created_at=at, in_force=False, card=CARD),
            Ranker(version=1, created_at=at, in_force=True, card=CARD)]  # fmt: skip
    monkeypatch.setattr(matching, "list_rankers", returning(rankers))
    ranker.list_()
    lines = capsys.readouterr().out.splitlines()
    assert [line[:3] for line in lines] == ["  2", "* 1"]


@pytest.mark.parametrize(("argument", "version_in_force"), [(2, 2), (0, None)])
def test_a_version_is_put_in_force_and_0_means_the_weights(
    monkeypatch: pytest.MonkeyPatch, argument: int, version_in_force: int | None
) -> None:
    versions: list[int | None] = []
    monkeypatch.setattr(matching, "put_ranker_in_force", lambda _, version: versions.append(version))
    ranker.use_(argument)
    assert versions == [version_in_force]


def test_rolling_back_prints_what_is_in_force(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(matching, "rollback_ranker", returning(1))
    ranker.rollback_()
    assert read_output(capsys) == t("Ranker %(version)s is in force.", version=1)


@pytest.mark.parametrize("in_force", [True, False])
def test_training_prints_its_gain_and_whether_it_is_in_force(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], in_force: bool
) -> None:
    trained = TrainingResult(version=3, in_force=in_force, card=CARD)
    monkeypatch.setattr(learning, "train_ranker", returning(trained))
    train.ranker()
    ending = t("It is in force.") if in_force else t("It is recorded, not put in force.")
    assert read_output(capsys).endswith(ending)
    train.ranker(json_=True)
    assert json.loads(capsys.readouterr().out)["in_force"] is in_force


def test_too_few_events_are_an_error_and_print_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(_: object) -> TrainingResult:
        raise ConflictError("Too few lists.")

    monkeypatch.setattr(learning, "train_ranker", refused)
    with pytest.raises(ConflictError):
        train.ranker()
    assert capsys.readouterr().out == ""
