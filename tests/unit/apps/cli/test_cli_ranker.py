"""`oim ranker` and `oim train ranker`: what they print, with nothing and with something to tell."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from oim.apps.cli import ranker, train
from oim.apps.cli.terminal import t
from oim.features.matching.learning import Ranker
from oim.features.matching.learning import training as learning
from oim.features.matching.learning.training import TrainingResult
from oim.kit.errors import ConflictError

FIGURES = {"new": 0.71, "in_force": 0.68, "least_gain": 0.01}
CARD: dict[str, Any] = {"ndcg@10": FIGURES, "lists": {"learned": 300, "held_out": 100}}


class Nowhere:
    """A database that is asked nothing."""

    @contextmanager
    def read(self) -> Iterator[None]:
        yield None

    write = read


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def database() -> Iterator[Nowhere]:
        yield Nowhere()

    for module in (ranker, train):
        monkeypatch.setattr(module, "open_database", database)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def gives(value: object) -> Callable[..., object]:
    return lambda *_: value


def test_without_rankers_the_weights_are_in_force(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ranker, "list_rankers", gives([]))
    ranker.list_()
    assert told(capsys) == t("The documented weights are in force.")
    ranker.list_(json_=True)
    assert json.loads(capsys.readouterr().out) == []


def test_the_ranker_in_force_is_marked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    held = [Ranker(version=2, created_at=at, in_force=False, card=CARD),
            Ranker(version=1, created_at=at, in_force=True, card=CARD)]  # fmt: skip
    monkeypatch.setattr(ranker, "list_rankers", gives(held))
    ranker.list_()
    lines = capsys.readouterr().out.splitlines()
    assert [line[:3] for line in lines] == ["  2", "* 1"]


@pytest.mark.parametrize(("asked", "used"), [(2, 2), (0, None)])
def test_a_version_is_put_in_force_and_0_means_the_weights(
    monkeypatch: pytest.MonkeyPatch, asked: int, used: int | None
) -> None:
    given: list[int | None] = []
    monkeypatch.setattr(ranker, "put_ranker_in_force", lambda _, version: given.append(version))
    ranker.use_(asked)
    assert given == [used]


def test_rolling_back_says_what_is_in_force(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ranker, "rollback_ranker", gives(1))
    ranker.rollback_()
    assert told(capsys) == t("Ranker %(version)s is in force.", version=1)


@pytest.mark.parametrize("in_force", [True, False])
def test_training_says_what_it_was_worth_and_whether_it_serves(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], in_force: bool
) -> None:
    trained = TrainingResult(version=3, in_force=in_force, card=CARD)
    monkeypatch.setattr(learning, "train_ranker", gives(trained))
    train.ranker()
    ending = t("It is in force.") if in_force else t("It is recorded, not put in force.")
    assert told(capsys).endswith(ending)
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
