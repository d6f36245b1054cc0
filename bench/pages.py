"""Measure the pages and `POST /v1/recommendations`: answers a second to 16 connections, as ratios.

Pages are compared with a bare Starlette endpoint that returns the same bytes, recommendations with the same
engine, called in process by 16 threads. Contenders are loaded in turn, several times: a machine that slows
down slows all alike. Run `python -m bench.pages [seconds] [rounds]`.
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import uvicorn
from rich.console import Console
from rich.table import Table
from starlette.applications import Starlette
from starlette.requests import Request as StarletteRequest
from starlette.responses import Response
from starlette.routing import Route

from bench.corpus import PROFILE_TEXTS
from bench.engine import load_engine, open_engine
from bench.load import CONNECTIONS, Rate, Request, fetch, load_server
from bench.stack import running_stack
from oim.apps.cli.tools import create_tools
from oim.apps.up.ports import LOOPBACK, free_port
from oim.features import opportunities
from oim.kit.settings import Settings

OFFER_COUNT = 20  # offers whose pages are asked for in turn
LIMIT = 10  # offers in one recommendation
FORM_TYPE = "application/x-www-form-urlencoded"
Answers = Mapping[str, tuple[bytes, dict[str, str]]]  # body and headers by path
console = Console(width=150)


@dataclass(frozen=True)
class Contest:
    """What is asked of the site, and the name of what it is compared with."""

    requests: list[Request]
    peer: str = "bare endpoint"


def main(seconds: float, rounds: int) -> None:
    """Start everything with the sample offers, measure each contest, and print one table."""
    with running_stack() as settings:
        tools = create_tools(settings)
        with tools.database.read() as session:
            offers = opportunities.list_after(session, None, OFFER_COUNT)
        contests = _list_contests([str(offer.id) for offer in offers], find_results(settings.port))
        console.print(
            _measure_all(settings, place_beside(settings, settings.home.parent), contests, seconds, rounds)
        )
    console.print(
        f"{CONNECTIONS} connections; medians of {rounds} rounds of {seconds:g} s each. Ratios: answers a "
        "second of the site divided by those of its peer."
    )


def place_beside(settings: Settings, folder: Path) -> Settings:
    """Return settings of a second engine over the same database, with an index of its own in the folder."""
    return settings.model_copy(update={"home": folder / "beside", "keys_url": settings.ring_file.as_uri()})


def find_results(port: int) -> list[str]:
    """Send the search form with each text, and return the addresses of the results that it leads to.

    The form alone would measure a redirect. Words open in every browser, so no cookie is needed.
    """
    forms = (urlencode({"text": text}).encode() for text in PROFILE_TEXTS)
    return [
        fetch(port, Request("POST", "/fr/recommendations", form, FORM_TYPE))[1]["location"] for form in forms
    ]


def _list_contests(offers: list[str], results: list[str]) -> dict[str, Contest]:
    """List what is asked of the site, by the name of the row. `results`: addresses of results."""
    bodies = [json.dumps({"text": text, "limit": LIMIT}).encode() for text in PROFILE_TEXTS]
    peer = "engine in process"
    return {
        "home": Contest([Request("GET", "/fr/")]),
        "list": Contest([Request("GET", "/fr/opportunities")]),
        "offer": Contest([Request("GET", f"/fr/opportunities/{offer}") for offer in offers]),
        "results": Contest([Request("GET", path) for path in results], peer),
        "recommend": Contest(
            [Request("POST", "/v1/recommendations", body, "application/json") for body in bodies], peer
        ),
    }


def _measure_all(
    settings: Settings, beside: Settings, contests: Mapping[str, Contest], seconds: float, rounds: int
) -> Table:
    """Measure the site and its peers in turn; `beside`: settings of a second engine over the same offers."""
    answers = {r.path: fetch(settings.port, r) for contest in contests.values() for r in contest.requests}
    spawn = get_context("spawn")
    with (
        serve_bare(answers) as bare_port,
        # Clients in a process of their own; so is the second engine, as an index holds the GIL.
        ProcessPoolExecutor(1, spawn) as clients,
        ProcessPoolExecutor(1, spawn, open_engine, (beside,)) as engine,
    ):

        def load(port: int, contest: Contest) -> Rate:
            return clients.submit(load_server, port, contest.requests, seconds).result()

        peers: Mapping[str, Callable[[Contest], Rate]] = {
            "bare endpoint": lambda contest: load(bare_port, contest),
            "engine in process": lambda _: engine.submit(load_engine, PROFILE_TEXTS, LIMIT, seconds).result(),
        }
        # The first round fills caches, and is not measured.
        measured = [
            {name: (load(settings.port, c), peers[c.peer](c)) for name, c in contests.items()}
            for _ in range(rounds + 1)
        ][1:]
    table = Table("asked for", "site /s", "p50 ms", "p95 ms", "peer", "peer /s", "ratio", title="The site")
    for name, contest in contests.items():
        _add_row(table, name, contest.peer, [rates[name] for rates in measured])
    return table


def _add_row(table: Table, name: str, peer: str, rates: list[tuple[Rate, Rate]]) -> None:
    """Add the medians of what was measured in each round."""
    figures = [
        median(values) for values in zip(*((o.per_second, o.p50, o.p95) for o, _ in rates), strict=True)
    ]
    # Of each round by itself, because its two halves met the same machine.
    ratio = median(ours.per_second / theirs.per_second for ours, theirs in rates)
    per_second = median(theirs.per_second for _, theirs in rates)
    table.add_row(name, *(f"{value:,.1f}" for value in figures), peer, f"{per_second:,.1f}", f"{ratio:.2f}")


@contextmanager
def serve_bare(answers: Answers) -> Iterator[int]:
    """Serve these answers by a bare Starlette application in a process of its own; yield its port."""
    port = free_port()
    process = get_context("spawn").Process(target=_serve, args=(port, answers), daemon=True)
    process.start()
    try:
        while not _accepts(port):
            process.join(0.1)  # the wait between two looks
        yield port
    finally:
        process.terminate()
        process.join()


def _accepts(port: int) -> bool:
    """Return whether a server accepts connections at a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def _serve(port: int, answers: Answers) -> None:
    """Serve answers as the site is served: by uvicorn, without lines for each access."""

    async def show(request: StarletteRequest) -> Response:
        body, headers = answers[request.url.path]
        return Response(body, headers=headers)

    app = Starlette(routes=[Route("/{path:path}", show, methods=["GET", "POST"])])
    uvicorn.run(app, host=LOOPBACK, port=port, log_config=None, access_log=False)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 4.0, int(sys.argv[2]) if len(sys.argv) > 2 else 5)
