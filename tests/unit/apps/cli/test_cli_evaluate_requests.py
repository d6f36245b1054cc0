"""`oim evaluate requests`: the answers of an engine to judged requests, counted."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from oim.apps.cli import requests_evaluation
from oim.features.matching import Profile
from oim.features.opportunities import Draft
from oim.kit.errors import BadInputError

QUALITY = Path(__file__).parents[3] / "quality"
HALVES = frozenset({"seen", "unseen"})


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    """The real offers with three requests, one of them unseen."""
    for name in ("offers.csv", "trades.csv"):
        shutil.copy(QUALITY / name, tmp_path)
    lines = (QUALITY / "requests" / "english.csv").read_text("utf-8").splitlines()
    seen = [line for line in lines if ",seen," in line]
    unseen = [line for line in lines if ",unseen," in line]
    (tmp_path / "requests").mkdir()
    (tmp_path / "requests" / "english.csv").write_text("\n".join([lines[0], *seen[:2], unseen[0]]), "utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def _engine_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that finds no offer for anybody."""

    class Nothing:
        def start_semantic_occupations(self, wait: float) -> "Nothing":
            return self

        def wait_until_ready(self) -> bool:
            return True

        def recommend(self, profile: Profile, limit: int) -> SimpleNamespace:
            assert profile.text
            assert limit == requests_evaluation.LIMIT
            return SimpleNamespace(items=())

    @contextmanager
    def engine(drafts: Iterable[Draft], source: str) -> Iterator[tuple[Nothing, dict[object, str]]]:
        assert list(drafts)
        assert source == "sample"
        yield Nothing(), {}

    monkeypatch.setattr(requests_evaluation, "temporary_engine", engine)


def test_answers_are_counted_by_half(small_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = requests_evaluation.measure(small_set, HALVES)
    assert len(answers) == 3
    assert len(requests_evaluation.measure(small_set, frozenset({"seen"}))) == 2
    report = requests_evaluation.to_dict(answers)
    assert report["counts"]["all"] == {"good": 0, "acceptable": 0, "wrong": 3}
    assert [answer["judgement"] for answer in report["answers"]] == ["wrong"] * 3
    requests_evaluation.show(answers)
    table = capsys.readouterr().out.splitlines()
    assert table[1].split() == ["all", *("0", "(0%)") * 2, "3", "(100%)"]


def test_a_set_of_other_offers_is_refused(small_set: Path) -> None:
    rows = (small_set / "offers.csv").read_text("utf-8").splitlines(keepends=True)
    (small_set / "offers.csv").write_text("".join(rows[:-1]), "utf-8")
    with pytest.raises(BadInputError) as raised:
        requests_evaluation.measure(small_set, HALVES)
    assert raised.value.values["id"] == rows[-1].partition(",")[0]
