"""The command line: help loads no feature, and what prints data prints it as one JSON object where asked."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from subprocess import PIPE

import pytest
from typer._click.core import Command
from typer.core import TyperGroup

from oim.apps.cli.groups import load_command
from oim.apps.cli.recommend import KindName
from oim.apps.cli.staff import RoleName
from oim.apps.cli.table import COMMANDS
from oim.features.access import STAFF_ROLES
from oim.features.opportunities import Kind

# What `oim --help` does without; each takes longer to load than it has in all.
HEAVY = {
    *("alembic", "celery", "cryptography", "fastapi", "httpx2", "lightgbm", "numpy", "psycopg", "pydantic"),
    *("qdrant_client", "redis", "rich", "scipy", "sqlalchemy", "structlog", "uvicorn"),
}
LISTING_MODULES = {"oim.apps", "oim.apps.cli", "oim.kit", "oim.kit.environment", "oim.kit.clock"} | {
    f"oim.apps.cli.{name}"
    for name in ("completion", "groups", "help", "language", "program", "table", "usage")
}
ACTS = "it acts, and prints one sentence"
WITHOUT_JSON = {
    "up": "it runs until Ctrl-C",
    "serve engine": "it runs until Ctrl-C",
    "serve site": "it runs until Ctrl-C",
    "bench": "its benchmarks print tables, of a program of their own",
    "completion": "it prints a script",
    "train adapter": "it writes two files",
    "train vectors": "it writes a file",
    "keys make": ACTS,
    "keys drop": ACTS,
    "ranker use": ACTS,
    "ranker rollback": ACTS,
    "staff disable": ACTS,
    **{f"trust {verb}": ACTS for verb in ("known", "unknown", "verify", "unverify", "release", "withdraw")},
}
# One interpreter forks for each run of `oim`: only the imports that it names are paid once.
FORKS = """
import atexit, json, os, sys
from importlib import import_module
from oim.apps.cli import main

for name in sys.argv[1:]:
    import_module(name)
for line in sys.stdin:
    number, arguments, environment = json.loads(line)
    if os.fork() == 0:
        for descriptor in (1, 2):
            os.dup2(os.open(f"{number}.{descriptor}", os.O_WRONLY | os.O_CREAT), descriptor)
        os.environ.update(environment)
        sys.argv = ["oim", *arguments]
        atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
        main()
    os.wait()
    print(number, flush=True)
"""
Run = Callable[..., tuple[set[str], str]]


# What every command needs, to read settings and to print lines and errors.
NEEDED_BY_ALL = ("oim.apps.cli.terminal", "oim.kit.errors", "oim.kit.settings", "oim.kit.telemetry")


@contextmanager
def _interpreter(folder: Path, *imported: str) -> Iterator[Run]:
    """A function that runs `oim`, and returns the modules that are loaded then, and what it printed."""
    numbers = count()
    command = [sys.executable, "-c", FORKS, *imported]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=folder) as process:

        def run(*arguments: str, **environment: str) -> tuple[set[str], str]:
            number = next(numbers)
            print(json.dumps([number, arguments, environment]), file=process.stdin, flush=True)
            assert process.stdout.readline() == f"{number}\n"
            printed, errors = ((folder / f"{number}.{descriptor}").read_text() for descriptor in (1, 2))
            return set(json.loads(errors.splitlines()[-1])), printed

        yield run
        process.stdin.close()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with _interpreter(tmp_path_factory.mktemp("runs")) as run:
        yield run


@pytest.fixture(scope="module")
def run_command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The same where what every command needs is loaded before: for what must not be loaded besides."""
    with _interpreter(tmp_path_factory.mktemp("commands"), *NEEDED_BY_ALL) as run:
        yield run


def _verbs() -> Iterator[tuple[str, Command]]:
    for name in COMMANDS:
        command = load_command(name)
        if isinstance(command, TyperGroup):
            yield from ((f"{name} {verb}", inner) for verb, inner in command.commands.items())
        else:
            yield name, command


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["--help"], {}),
        (["--version"], {}),
        ([], {}),
        (["recomend"], {}),
        (["completion", "fish"], {}),
        ([], {"_OIM_COMPLETE": "complete_bash", "COMP_WORDS": "oim re", "COMP_CWORD": "1"}),
    ],
    ids=["help", "version", "nothing", "a typing mistake", "a script", "a word to complete"],
)
def test_what_needs_no_feature_loads_none(
    run: Run, arguments: list[str], environment: dict[str, str]
) -> None:
    modules, _ = run(*arguments, **environment)
    if "--help" not in arguments:  # Typer itself reads what it parses through pydantic
        modules -= {name for name in modules if name.startswith("pydantic")}
    if "completion" in arguments:  # a command like any other: it reads the settings
        modules -= {name for name in modules if name.split(".")[0] in {"rich", "structlog"}}
        modules -= {"oim.kit.settings", "oim.kit.telemetry", "oim.kit.errors"}
    assert sorted({name.split(".")[0] for name in modules} & HEAVY) == []
    ours = {name for name in modules if name.startswith("oim.") and not name.startswith("oim.kit.i18n")}
    assert sorted(ours - LISTING_MODULES) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_parsed_without_what_it_works_with(run_command: Run, name: str) -> None:
    modules, printed = run_command(name, "--help")
    assert f"oim {name}" in printed
    # Settings are read before a command is; what its errors and its lines need is there too.
    needed = {"pydantic", "cryptography", "rich", "structlog"}
    assert sorted({module.split(".")[0] for module in modules} & HEAVY - needed) == []
    assert sorted(module for module in modules if module.startswith(("oim.features", "oim.adapters"))) == []
    # And no other command.
    assert {other for other in COMMANDS if f"oim.apps.cli.{other}" in modules} == {"completion", name}


def test_the_kinds_to_choose_from_are_those_of_offers() -> None:
    assert list(KindName) == list(Kind)


def test_the_roles_to_choose_from_are_those_of_staff() -> None:
    assert set(RoleName) == set(STAFF_ROLES)


def test_words_are_completed(run: Run) -> None:
    _, printed = run(_OIM_COMPLETE="complete_bash", COMP_WORDS="oim re", COMP_CWORD="1")
    assert printed.split() == ["recommend", "reindex"]
    _, printed = run(_OIM_COMPLETE="complete_bash", COMP_WORDS="oim staff dis", COMP_CWORD="2")
    assert printed.split() == ["disable"]
    _, printed = run(_OIM_COMPLETE="complete_bash", COMP_WORDS="oim recommend --lim", COMP_CWORD="2")
    assert printed.split() == ["--limit"]


def test_what_prints_data_prints_it_as_json() -> None:
    without = {
        name for name, command in _verbs() if "--json" not in {o for p in command.params for o in p.opts}
    }
    assert sorted(without ^ WITHOUT_JSON.keys()) == []
