"""A template is compiled by one process, and read by those after it."""

from pathlib import Path

import pytest
from jinja2 import Environment

from oim.channels.web.template_environment import create_environment

TEMPLATE = "error.html"


class CompiledAgainError(Exception):
    """A source was compiled."""


def refuse_to_compile(environment: Environment) -> None:
    def compile_(*_: object, **__: object) -> None:
        raise CompiledAgainError

    environment.compile = compile_  # type: ignore[method-assign]


def test_a_template_is_compiled_by_the_first_process_alone(tmp_path: Path) -> None:
    create_environment(tmp_path).get_template(TEMPLATE)
    later = create_environment(tmp_path)
    refuse_to_compile(later)
    assert later.get_template(TEMPLATE).name == TEMPLATE
    with pytest.raises(CompiledAgainError):
        later.get_template("base.html")


def test_what_was_spoilt_is_compiled_again(tmp_path: Path) -> None:
    create_environment(tmp_path).get_template(TEMPLATE)
    for file in tmp_path.iterdir():
        file.write_bytes(file.read_bytes()[:100])
    later = create_environment(tmp_path)
    assert later.get_template(TEMPLATE).name == TEMPLATE


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert create_environment(missing).get_template(TEMPLATE).name == TEMPLATE
    assert list(tmp_path.iterdir()) == []
