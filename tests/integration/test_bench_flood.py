"""The drill of costly requests times a visitor's searches without and with them, and counts their answers."""

from bench.flood import run_drill
from bench.pages import serve_bare

PATHS = ("/fr/opportunities", "/v1/opportunities", "/v1/recommendations")


def test_the_drill_times_searches_while_others_make_costly_requests() -> None:
    answer = (b'{"words_only":true}', {"Content-Type": "application/json"})
    with serve_bare(dict.fromkeys(PATHS, answer)) as port:
        drill = run_drill(port, searches=3, clients=2)
    assert (len(drill.quiet), len(drill.flooded)) == (3, 3)
    assert drill.answers["200 by words"] >= 2
    assert "ratio" in drill.describe()
