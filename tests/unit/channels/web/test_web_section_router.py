"""Pages are found by their section of the path, and other sections are not looked through."""

from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from route_list import pages_app
from starlette.routing import Match

from oim.channels.web.section_router import SectionRouter


def count_tried_routes(path: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many routes are tried for a path that no page has."""
    tried = []
    for context in iter_route_contexts(pages_app().routes):
        route: Any = context.original_route

        def note(scope: Any, route: Any = route) -> tuple[Match, dict[str, Any]]:
            tried.append(route)
            return Match.NONE, {}

        monkeypatch.setattr(route, "matches", note)
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    for route in pages_app().routes:
        route.matches(scope)
    return len(tried)


def test_only_the_routes_of_its_section_are_tried_for_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    total = len(list(iter_route_contexts(pages_app().routes)))
    elsewhere = count_tried_routes("/nowhere", monkeypatch)
    public = count_tried_routes("/fr/nowhere", monkeypatch)
    own = count_tried_routes("/fr/me/nowhere", monkeypatch)
    assert elsewhere < 12, "those outside the languages"
    assert public < own < total / 2, "those of one language, and of `me` where the path is of it"


@pytest.mark.parametrize(
    ("path", "is_tried"),
    [
        ("/fr/me", True),
        ("/fr/me/cv", True),
        ("/fr/me/", True),
        ("/fr/mentions", False),
        ("/fr/staff/me", False),
        ("/me", False),
        ("/", False),
        ("*", False),
        ("", False),
    ],
)
def test_a_path_is_of_a_section_by_its_whole_name(
    path: str, is_tried: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    monkeypatch.setattr(
        "fastapi.APIRouter.matches", lambda _, scope: tried.append(scope["path"]) or (Match.FULL, {})
    )
    match, _ = SectionRouter("me", depth=2).matches({"path": path})
    assert (match, tried) == ((Match.FULL, [path]) if is_tried else (Match.NONE, []))
