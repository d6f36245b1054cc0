"""The style sheet, where a test of pages relies on what it does not contain."""

import re
from pathlib import Path

from oim.channels import web

STYLE = Path(web.__file__).parent / "static" / "style.css"


def test_no_colour_depends_on_the_language() -> None:
    # The journeys check the contrast of a state in one language only.
    style = STYLE.read_text("utf-8")
    assert "--" in style
    assert ":lang" not in style
    assert "[lang" not in style


def test_no_colour_depends_on_the_width() -> None:
    # The journeys check the contrast of a state on a telephone only.
    style = STYLE.read_text("utf-8")
    wider = re.findall(r"@media \(min-width[^{]*\{((?:[^{}]*\{[^{}]*\})*)", style)
    assert len(wider) >= 2
    assert [block for block in wider if re.search(r"colou?r|background|opacity|var\(--", block)] == []
