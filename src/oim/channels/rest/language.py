"""The language an answer is written in."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from oim.kit.i18n import Translator, negotiate_language, translator


def get_translator(request: Request) -> Translator:
    """The translator for a request's `Accept-Language`."""
    return translator(negotiate_language(request.headers.get("accept-language")))


TranslatorOf = Annotated[Translator, Depends(get_translator)]
