"""`oim reindex`: build a new index beside the one in use, then swap them."""

from __future__ import annotations

from oim import bootstrap
from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import output, progress_bar, t


def reindex(json_: AsJson = False) -> None:
    """Build and swap the index, then index what changed meanwhile; print how many offers were built in."""
    from oim.apps.cli.tools import index_all, open_tools
    from oim.features import opportunities
    from oim.features.matching import reindex as rebuild

    with open_tools() as tools, progress_bar() as bar:
        with tools.database.read() as session:
            total = opportunities.count_offers(session)
        task = bar.add_task(t("Indexing"), total=total, detail="")
        offers = rebuild(
            tools.database,
            bootstrap.indexes(tools.settings),
            bootstrap.embedder(bootstrap.embedder_url(tools.settings)),
            tools.engine,
            lambda done: bar.update(task, completed=done),
        )
        bar.stop()  # `index_all` draws a bar of its own, and two at once garble the terminal
        index_all(tools)
    if json_:
        print_json({"offers": offers})
    else:
        output.print(t("The new index serves: %(held)s offers", held=offers))
