"""The benchmark of the site runs to its end, beside a running stack."""

from urllib.parse import urlsplit

from bench.pages import measure_site
from journey_live import settings_of


def test_the_site_is_measured_beside_its_peers(stack, tmp_path):
    settings = settings_of(stack).model_copy(update={"port": urlsplit(stack.address).port})
    table = measure_site(settings, tmp_path, seconds=0.1, rounds=1)
    rows = dict(zip(table.columns[0].cells, table.columns[-1].cells, strict=True))
    assert rows.keys() == {"home", "list", "offer", "results", "recommend"}
    assert all(float(ratio) > 0 for ratio in rows.values())
