"""The rest of the house: migrations in order and complete, no machine's path, no registry's host."""

import re
import subprocess
from pathlib import Path

from alembic.script import ScriptDirectory

from oim.kit.db.migrate import alembic_config

ROOT = Path(__file__).parents[2]


def test_migrations_form_one_line() -> None:
    script = ScriptDirectory.from_config(alembic_config())
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_no_file_names_a_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    forbidden = re.compile(
        "|".join(("pypi" + r"\.org", "/ro" + "ot/", "/wo" + "rk/", "registry" + r"\.npmjs"))
    )
    guilty = []
    for name in listed.stdout.split("\n"):
        path = ROOT / name
        readable = name and path.is_file() and path.suffix not in {".png", ".ico"}
        if readable and forbidden.search(path.read_text(encoding="utf-8", errors="ignore")):
            guilty.append(name)
    assert guilty == []
