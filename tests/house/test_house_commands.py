"""The command line: help loads no feature, and what prints data prints it as one JSON object where asked."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from typer._click.core import Command
from typer.core import TyperGroup

from oim.apps.cli.groups import load_command
from oim.apps.cli.recommend import KindName
from oim.apps.cli.table import COMMANDS
from oim.features.opportunities import Kind

# What `oim --help` does without; each takes longer to load than it has in all.
HEAVY = {
    *("alembic", "celery", "cryptography", "fastapi", "httpx2", "lightgbm", "numpy", "psycopg", "pydantic"),
    *("qdrant_client", "redis", "rich", "scipy", "sklearn", "sqlalchemy", "structlog", "uvicorn"),
}
LISTING_MODULES = {"oim.apps", "oim.apps.cli", "oim.kit", "oim.kit.environment", "oim.kit.clock"} | {
    f"oim.apps.cli.{name}" for name in ("completion", "groups", "language", "program", "table", "usage")
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
SHOW_MODULES = (
    "import atexit, json, sys\n"
    "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\n"
    "from oim.apps.cli import main\n"
    "sys.argv = ['oim', *sys.argv[1:]]\n"
    "main()"
)


def _loaded(*arguments: str, **environment: str) -> tuple[set[str], str]:
    """Run `oim`; return the modules that it loaded, and what it printed."""
    command = [sys.executable, "-c", SHOW_MODULES, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | environment)
    return set(json.loads(done.stderr.splitlines()[-1])), done.stdout


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
def test_what_needs_no_feature_loads_none(arguments: list[str], environment: dict[str, str]) -> None:
    modules, _ = _loaded(*arguments, **environment)
    if "--help" not in arguments:  # Typer itself reads what it parses through pydantic
        modules -= {name for name in modules if name.startswith("pydantic")}
    if "completion" in arguments:  # a command like any other: it reads the settings
        modules -= {name for name in modules if name.split(".")[0] in {"rich", "structlog"}}
        modules -= {"oim.kit.settings", "oim.kit.telemetry", "oim.kit.errors"}
    assert sorted({name.split(".")[0] for name in modules} & HEAVY) == []
    ours = {name for name in modules if name.startswith("oim.") and not name.startswith("oim.kit.i18n")}
    assert sorted(ours - LISTING_MODULES) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_parsed_without_what_it_works_with(name: str) -> None:
    modules, printed = _loaded(name, "--help")
    assert f"oim {name}" in printed
    # Settings are read before a command is; what its errors and its lines need is there too.
    needed = {"pydantic", "cryptography", "rich", "structlog"}
    assert sorted({module.split(".")[0] for module in modules} & HEAVY - needed) == []
    assert sorted(module for module in modules if module.startswith(("oim.features", "oim.adapters"))) == []
    # And no other command.
    assert {other for other in COMMANDS if f"oim.apps.cli.{other}" in modules} == {"completion", name}


def test_the_kinds_to_choose_from_are_those_of_offers() -> None:
    assert list(KindName) == list(Kind)


def test_words_are_completed() -> None:
    _, printed = _loaded(_OIM_COMPLETE="complete_bash", COMP_WORDS="oim re", COMP_CWORD="1")
    assert printed.split() == ["recommend", "reindex"]
    _, printed = _loaded(_OIM_COMPLETE="complete_bash", COMP_WORDS="oim staff dis", COMP_CWORD="2")
    assert printed.split() == ["disable"]
    _, printed = _loaded(_OIM_COMPLETE="complete_bash", COMP_WORDS="oim recommend --lim", COMP_CWORD="2")
    assert printed.split() == ["--limit"]


def test_what_prints_data_prints_it_as_json() -> None:
    without = {
        name for name, command in _verbs() if "--json" not in {o for p in command.params for o in p.opts}
    }
    assert sorted(without ^ WITHOUT_JSON.keys()) == []
