"""A router of the pages below one part of the path, which FastAPI looks through for no other path."""

from fastapi import APIRouter
from starlette.routing import Match
from starlette.types import Scope


class SectionRouter(APIRouter):
    """Routes whose paths all have `name` as their part number `depth`: `/fr/me/cv` has `me` as its second.

    FastAPI tries the routes of all routers one after the other, twice for the one it takes. With some 240
    pages that takes two milliseconds for the last of them and for every address that does not exist.
    """

    def __init__(self, name: str, depth: int) -> None:
        super().__init__()
        self._name, self._depth = name, depth

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match one of the routes, if the path is of this section."""
        parts = scope["path"].split("/", self._depth + 1)
        if len(parts) <= self._depth or parts[self._depth] != self._name:
            return Match.NONE, {}
        return super().matches(scope)
