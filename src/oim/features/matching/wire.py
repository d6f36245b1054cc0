"""Profiles and answers as JSON, for an engine in another process."""

from __future__ import annotations

from pydantic import TypeAdapter

from oim.features.matching.types import Answer, Profile

PROFILE: TypeAdapter[Profile] = TypeAdapter(Profile)
ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
