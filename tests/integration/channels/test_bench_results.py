"""The benchmark of the pages asks for results, not for the redirect that leads to them."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from bench import pages
from bench.corpus import PROFILE_TEXTS
from bench.load import Request


def test_results_are_asked_for_at_the_address_that_the_search_leads_to(
    web: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(_: int, request: Request) -> tuple[bytes, dict[str, str]]:
        answer = web().request(request.method, request.path, data=dict(parse_qsl(request.body.decode())))
        return answer.content, dict(answer.headers)

    monkeypatch.setattr(pages, "fetch", fetch)
    addresses = pages.find_results(0)
    assert len(addresses) == len(PROFILE_TEXTS)
    answer = web().get(addresses[0])  # another browser, without a cookie
    assert answer.status_code == 200
    assert PROFILE_TEXTS[0] in answer.text
