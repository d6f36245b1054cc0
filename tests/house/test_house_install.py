"""The editable install that `make install` makes starts from any folder, whatever the locale."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import editables
import pytest

ROOT = Path(__file__).parents[2]
BUILD = "from hatchling.build import build_editable; print(build_editable('.'))"
SHOW = "import sys, oim; sys.stdout.buffer.write(oim.__file__.encode())"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of one file, installed, in a folder with accents, a space and an apostrophe."""
    folder = tmp_path_factory.mktemp("install") / "Projet d'Été n°1" / "oim à moi"
    (folder / "src" / "oim").mkdir(parents=True)
    for name in ("pyproject.toml", "README.md", "src/oim/__init__.py"):
        shutil.copy(ROOT / name, folder / name)
    venv.create(folder / ".venv", symlinks=True)
    (packages,) = (folder / ".venv" / "lib").glob("python*/site-packages")
    build = [sys.executable, "-c", BUILD]
    wheel = subprocess.run(build, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()
    with ZipFile(folder / wheel) as archive:
        archive.extractall(packages)
    (packages / "editables").symlink_to(Path(editables.__file__).parent)
    return folder


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
def test_it_starts_from_a_folder_with_accents(checkout: Path, locale: str) -> None:
    unset = ("LC_", "LANG", "PYTHONUTF8", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(unset)}
    shown = subprocess.run(
        [checkout / ".venv" / "bin" / "python", "-c", SHOW],
        env=environment | {"LC_ALL": locale},
        cwd=checkout.parent,
        capture_output=True,
        check=False,
    )
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert Path(shown.stdout.decode()) == checkout / "src" / "oim" / "__init__.py"
