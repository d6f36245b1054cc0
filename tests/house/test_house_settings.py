"""Every setting is documented, with its default, and nothing else is."""

import re
from pathlib import Path

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
