"""The proxy configuration that ships bounds what the program bounds, by the same numbers, and is named."""

import re
from pathlib import Path

import pytest

from oim.channels.http.connections import PATIENCE, TAKING_PATIENCE, Limits
from oim.channels.http.requests import MULTIPART_OVERHEAD
from oim.channels.rest.body_limit import BODY_MAX, UPLOAD_PATHS
from oim.channels.web.security import MAX_FORM_BYTES
from oim.features.cv import MAX_BYTES
from oim.kit.i18n import LANGUAGES

ROOT = Path(__file__).parents[2]
CONFIGURATION = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")


def values(directive: str) -> list[str]:
    """The values of a directive, in the order of the file."""
    return re.findall(rf"^\s*{re.escape(directive)}\s+(.+);$", CONFIGURATION, re.M)


@pytest.mark.parametrize(
    ("directive", "expected"),
    [
        ("client_header_timeout", [f"{PATIENCE:.0f}s"]),
        ("client_body_timeout", [f"{PATIENCE:.0f}s"]),
        ("send_timeout", [f"{TAKING_PATIENCE:.0f}s"]),
        ("limit_conn", [f"connections {Limits().per_address}"]),
        ("client_max_body_size", [str(BODY_MAX), str(MAX_BYTES + MULTIPART_OVERHEAD)]),
        ("proxy_set_header X-Forwarded-For", ["$remote_addr"]),
        ("proxy_set_header X-Forwarded-Proto", ["$scheme"]),
        ("proxy_set_header Host", ["$host"]),
    ],
)
def test_its_numbers_are_those_of_the_program(directive: str, expected: list[str]) -> None:
    assert values(directive) == expected


def test_every_upload_has_its_larger_body_and_nothing_else() -> None:
    [pattern] = re.findall(r"location ~ (\S+) \{", CONFIGURATION)
    paths = {*UPLOAD_PATHS, *(f"/{language}/me/cv" for language in LANGUAGES)}
    assert all(re.search(pattern, path) for path in paths)
    assert not any(re.search(pattern, path) for path in ("/fr/me/cv/1", "/v1/recommendations", "/fr/me"))
    assert MAX_FORM_BYTES <= BODY_MAX  # forms need no bound of their own there


def test_blocks_are_closed_and_the_documents_name_it_with_its_setting() -> None:
    code = re.sub(r'"[^"]*"|#.*', "", CONFIGURATION)
    assert code.count("{") == code.count("}")
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert "deploy/nginx.conf" in page
    assert "OIM_PROXIES" in page
    assert "OIM_PROXIES" in CONFIGURATION
