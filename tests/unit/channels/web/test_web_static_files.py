"""The style sheet, where a test of pages relies on what it does not contain."""

from pathlib import Path

from oim.channels import web

STYLE = Path(web.__file__).parent / "static" / "style.css"


def test_no_colour_depends_on_the_language() -> None:
    # The journeys check the contrast of a state in one language only.
    style = STYLE.read_text("utf-8")
    assert "--" in style
    assert ":lang" not in style
    assert "[lang" not in style
