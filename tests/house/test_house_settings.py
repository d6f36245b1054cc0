"""Every setting is documented, with its default, and nothing else is; every URL has a table of adapters."""

import re
from pathlib import Path

from oim.bootstrap.tables import TABLES
from oim.kit.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented() -> None:
    documented = re.findall(
        r"^\| `OIM_([A-Z_]+)` \| `?([^`|]*?)`? \| (.+) \|$", PAGE.read_text("utf-8"), re.M
    )
    expected = {}
    for name, field in Settings.model_fields.items():
        default = (
            field.default.get_secret_value() if hasattr(field.default, "get_secret_value") else field.default
        )
        expected[name.upper()] = ("" if default is None else str(default), field.description)
    assert {name: (default, text) for name, default, text in documented} == expected


def test_every_url_has_a_table_of_adapters() -> None:
    assert set(TABLES) == {name for name in Settings.model_fields if name.endswith("_url")}


def test_the_page_names_every_scheme_but_aliases() -> None:
    """A scheme that nobody is told of may as well not be there."""
    lines = dict(re.findall(r"^\| `OIM_([A-Z_]+_URL)` \|(.*)$", PAGE.read_text("utf-8"), re.M))
    for setting, table in TABLES.items():
        schemes = [key.removesuffix("://") for key in table if key.endswith("://")]
        known = [scheme for scheme in schemes if f"{scheme}://" in lines[setting.upper()]]
        assert known or not schemes, setting
