"""Drill: strangers make costly requests at once, and meanwhile a visitor searches: how much slower is it?

Run `python -m bench.flood [searches] [clients]`. Each client asks for recommendations by a text of random
words, again as soon as it is answered, and each time from another address: no limit of calls ends the flood.
The same visitor's searches, a page and an answer of the API in turn, are timed first without it.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from time import perf_counter
from typing import Protocol
from urllib.parse import urlencode

import numpy as np
from rich.console import Console

from bench.load import LOOPBACK, Request, read_response
from bench.stack import running_stack

WORDS = 600  # in the text of a costly request, of which the site reads the first 4,000 letters
TEXT_LENGTH = 4000
VISITOR_WORDS = ("couture", "soudeur", "maïs", "chauffeur", "comptable", "élevage", "coiffure", "vente")
VISITOR_PLACES = ("Douala", "Bafoussam", "Garoua", "Bertoua", "Kribi", "Maroua", "Limbe")
WARM_UP = 10  # searches that are not measured
PAUSE = 0.02  # seconds between two searches: a visitor reads too
PATIENCE = 60.0  # seconds for the process of the flood to begin, and to end
SEED = 20261130
WORDS_ONLY = b'"words_only":true'
COMPRESSION = b"Accept-Encoding: gzip, deflate, br\r\n"  # left out, so that an answer can be looked into
console = Console(width=120)


class Answers(Protocol):
    """A queue by which the process of the flood says how many answers of each sort it got."""

    def get(self, *, timeout: float) -> Counter[str]: ...
    def put(self, counts: Counter[str]) -> None: ...


@dataclass(frozen=True)
class Drill:
    """The times of a visitor's searches in milliseconds, without and with the flood, and what that got."""

    quiet: list[float]
    flooded: list[float]
    answers: Counter[str]

    def describe(self) -> str:
        """Say the two 95th percentiles, their ratio, and how the costly requests were answered."""
        quiet, flooded = (float(np.percentile(times, 95)) for times in (self.quiet, self.flooded))
        medians = " and ".join(f"{float(np.median(times)):,.0f}" for times in (self.quiet, self.flooded))
        return (
            f"a visitor's search: p95 {quiet:,.0f} ms quiet, {flooded:,.0f} ms under the flood, "
            f"ratio {flooded / quiet:.2f} (medians {medians} ms)\ncostly requests: {dict(self.answers)}"
        )


def main(searches: int, clients: int) -> None:
    """Start everything with the sample offers, run the drill, and print it."""
    with running_stack() as settings:
        console.print(run_drill(settings.port, searches, clients).describe())


def run_drill(port: int, searches: int, clients: int) -> Drill:
    """Time so many searches, first alone and then while so many clients make costly requests."""
    # Different words each time: what was embedded once, or is a page in the cache, costs nothing.
    asked = [_make_search(number) for number in range(2 * searches + WARM_UP)]
    _time_searches(port, asked[:WARM_UP])
    quiet = _time_searches(port, asked[WARM_UP : WARM_UP + searches])
    spawn = get_context("spawn")
    begun, ended, answers = spawn.Event(), spawn.Event(), spawn.Queue()
    # In a process of its own: clients that share one with the visitor would slow it themselves.
    flood = spawn.Process(target=_flood, args=(port, clients, begun, ended, answers), daemon=True)
    flood.start()
    if not begun.wait(PATIENCE):
        raise ConnectionError("the flood did not begin")
    flooded = _time_searches(port, asked[WARM_UP + searches :])
    ended.set()
    counts = answers.get(timeout=PATIENCE)
    flood.join()
    return Drill(quiet, flooded, counts)


def _make_search(number: int) -> Request:
    """Make the visitor's search with this number: a page or an answer of the API, for three words."""
    trade, place = VISITOR_WORDS[number % len(VISITOR_WORDS)], VISITOR_PLACES[number % len(VISITOR_PLACES)]
    path = "/v1/opportunities" if number % 2 else "/fr/opportunities"
    query = urlencode({"words": f"{trade} {place} n{number}"})
    return Request("GET", f"{path}?{query}")


def _time_searches(port: int, asked: Sequence[Request]) -> list[float]:
    """Ask one after another, each on a connection of its own; return the time of each in milliseconds."""
    times = []
    for number, request in enumerate(asked):
        started = perf_counter()
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=60)
        connection.request(
            request.method, request.path, headers={"X-Forwarded-For": f"172.16.0.{number % 250}"}
        )
        response = connection.getresponse()
        response.read()
        connection.close()
        if response.status != http.HTTPStatus.OK:
            raise ConnectionError(f"{request.path}: {response.status}")
        times.append((perf_counter() - started) * 1000)
        time.sleep(PAUSE)
    return times


def _flood(port: int, clients: int, begun: Event, ended: Event, answers: Answers) -> None:
    """Make costly requests by so many clients until `ended`, and put how they were answered."""
    answers.put(asyncio.run(_ask_all(port, clients, begun, ended)))


async def _ask_all(port: int, clients: int, begun: Event, ended: Event) -> Counter[str]:
    counts: Counter[str] = Counter()
    rng = random.Random(SEED)

    async def ask_again_and_again(client: int) -> None:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        number = client
        while not ended.is_set():
            writer.write(_make_costly(rng).encode(number).replace(COMPRESSION, b""))
            if client == clients - 1:
                begun.set()  # the others have asked already
            status, body = await read_response(reader)
            counts[f"{status} by words" if WORDS_ONLY in body else str(status)] += 1
            number += clients
        writer.close()

    await asyncio.gather(*(ask_again_and_again(client) for client in range(clients)))
    return counts


def _make_costly(rng: random.Random) -> Request:
    """Make a request of random words, as long as the site reads them."""
    words = ("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(3, 9))) for _ in range(WORDS))
    text = " ".join(words)[:TEXT_LENGTH]
    return Request("POST", "/v1/recommendations", json.dumps({"text": text}).encode(), "application/json")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else 50)
