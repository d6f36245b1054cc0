"""The home folder: its private folders, secrets, and errors that say what to do."""

import sys
from pathlib import Path

import pytest

from oim.apps.up.home import explain_os_errors, open_home, read_json, write_json
from oim.kit.errors import BadInputError


def test_private_folders_are_created(tmp_path):
    home = open_home(tmp_path / "deep" / "home")
    for folder in (home.run, home.log, home.valkey):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not home.postgres.exists()


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_home_on_a_file_is_refused(tmp_path, place):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInputError, match="Set OIM_HOME to a folder") as raised:
        open_home(tmp_path / place)
    assert raised.value.field == "home"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a place where not even root may write")
def test_a_home_where_nobody_may_write_is_refused():
    with pytest.raises(BadInputError, match="set OIM_HOME to another folder"):
        open_home(Path("/proc/home"))


def test_the_error_quotes_the_reason_of_the_system(tmp_path):
    with (
        pytest.raises(BadInputError, match=r"cannot write /full \(No space left on device\)"),
        explain_os_errors(tmp_path),
    ):
        raise OSError(28, "No space left on device", "/full")


def test_secrets_are_saved_together_and_private(tmp_path):
    home = open_home(tmp_path)
    assert home.read_secret("one") is None
    home.save_secret("one", "1")
    home.save_secret("two", "2")
    assert (home.read_secret("one"), home.read_secret("two")) == ("1", "2")
    assert home.secrets_file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "{", "[1]"])
def test_a_broken_file_reads_as_empty(tmp_path, content):
    (tmp_path / "x.json").write_text(content)
    assert read_json(tmp_path / "x.json") == {}


def test_leftovers_of_an_interrupted_write_do_not_matter(tmp_path):
    # The beginning of a JSON object in a partial file, as a killed process leaves it.
    file = tmp_path / "x.json"
    file.with_name("x.json.new").write_text("{")
    write_json(file, {"a": 1})
    assert read_json(file) == {"a": 1}
