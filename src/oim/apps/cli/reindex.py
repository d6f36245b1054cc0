"""`oim reindex`: the index built anew beside the one in force, then swapped."""

from __future__ import annotations

from oim import bootstrap
from oim.apps.cli.terminal import output, progress_bar, t
from oim.apps.cli.tools import index_all, open_tools
from oim.features import opportunities
from oim.features.matching import reindex as rebuild

HELP = t("Build the index anew and swap, for example after a change of embedding model. Example: oim reindex")


def reindex() -> None:
    """Build, swap, catch up; print how many offers the index holds."""
    with open_tools() as kit, progress_bar() as bar:
        with kit.database.read() as session:
            total = opportunities.count_offers(session)
        task = bar.add_task(t("Indexing"), total=total, detail="")
        held = rebuild(
            kit.database,
            bootstrap.indexes(kit.settings),
            bootstrap.embedder(bootstrap.embedder_url(kit.settings)),
            kit.engine,
            lambda done: bar.update(task, completed=done),
        )
        bar.stop()
        index_all(kit)
    output.print(t("The new index serves: %(held)s offers", held=held))
