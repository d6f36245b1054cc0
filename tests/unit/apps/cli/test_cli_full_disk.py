"""On a full disk `oim ingest` takes nothing in and says so: before it begins, or when the database stops."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from oim.apps.cli import failures, ingest, tools
from oim.apps.cli.tools import Tools
from oim.kit import disk
from oim.kit.db.failures import translate_errors
from oim.kit.errors import UnavailableError
from oim.kit.i18n import translator
from oim.kit.settings import Settings

COMMANDS: dict[str, Callable[[Path], None]] = {
    "file": lambda file: ingest.from_file(file, json_=True),
    "sample": lambda _: ingest.from_sample(json_=True),
}
NO_ROOM, ROOM = (1, 10**12), (10**12, 10**12)


class Touched(Exception):
    """Raised by the stand-in for the database and the engine."""


class NotToBeUsed:
    """A stand-in for what must not be touched."""

    def __getattr__(self, name: str) -> Any:
        raise Touched(name)


@pytest.fixture
def offers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    @contextmanager
    def open_tools() -> Iterator[Tools]:
        nothing: Any = NotToBeUsed()
        yield Tools(Settings(home=tmp_path), nothing, nothing)

    monkeypatch.setattr(tools, "open_tools", open_tools)
    file = tmp_path / "offers.csv"
    file.write_text("id,title,type\n1,Soudeur,emploi\n")
    return file


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("language", "words"), [("fr", "rien n’a été reçu"), ("en", "nothing was taken in")])
def test_a_full_disk_is_refused_before_anything_is_stored(
    offers: Path, monkeypatch: pytest.MonkeyPatch, command: str, language: str, words: str
) -> None:
    monkeypatch.setattr(disk, "measure_disk", lambda _: NO_ROOM)
    monkeypatch.setattr(failures, "t", translator("en" if language == "en" else "fr"))
    with pytest.raises(UnavailableError) as refused:
        COMMANDS[command](offers)
    line, code = failures.to_exit(refused.value) or ("", 0)
    assert (code, words in line, str(offers.parent) in line) == (1, True, True)


@pytest.mark.parametrize("command", COMMANDS)
def test_with_room_they_are_taken_in(offers: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr(disk, "measure_disk", lambda _: ROOM)
    with pytest.raises(Touched):
        COMMANDS[command](offers)


def test_a_database_without_room_says_so() -> None:
    full = psycopg.errors.DiskFull("could not extend file: No space left on device")
    with pytest.raises(UnavailableError, match="disk of the database is full"), translate_errors():
        raise OperationalError("INSERT", {}, full)
