"""`oim audit`: whether the trail is as it was written, and its head to keep elsewhere."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from oim import bootstrap
from oim.apps.cli.terminal import output, report, t
from oim.apps.cli.tools import prepare_database
from oim.apps.up import running_services
from oim.features.audit import ChainBreak, load_head, parse_head, read_heads, verify
from oim.kit.i18n import mark
from oim.kit.settings import Settings

app = typer.Typer(help=t("The trail of who read or changed what."), no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]
Heads = Annotated[
    list[str] | None, typer.Option("--head", help=t("A head noted elsewhere, as oim audit head prints it."))
]
_BREAK_MESSAGES = {
    "missing": mark("Entry %(seq)s is missing."),
    "changed": mark("Entry %(seq)s is not as it was written."),
    "cut": mark("The trail ends before entry %(seq)s, which was there."),
}


@app.command("verify", help=t("Go through the trail; exit 1 at the first entry that is not as it was. "
                              "Example: oim audit verify"))  # fmt: skip
def verify_(head_: Heads = None, json_: AsJson = False) -> None:
    """Compare with the heads noted by the worker, and those given."""
    with running_services(Settings(), ("postgres",), report, prepare_database) as settings:
        heads = [*read_heads(settings.heads_file), *map(parse_head, head_ or [])]
        with bootstrap.database(settings).read() as session:
            held, broken = verify(session, heads)
    if json_:
        found = {"seq": broken.seq, "why": broken.cause} if broken else None
        typer.echo(json.dumps({"entries": held, "heads": len(heads), "break": found}))
    else:
        output.print(_describe_result(held, len(heads), broken))
    if broken:
        raise typer.Exit(1)


@app.command("head", help=t("Print the trail's head, to keep where nobody who runs OIM can write. "
                            "Example: oim audit head"))  # fmt: skip
def head_() -> None:
    """One line, or none for an empty trail."""
    with (
        running_services(Settings(), ("postgres",), report, prepare_database) as settings,
        bootstrap.database(settings).read() as session,
    ):
        found = load_head(session)
    if found:
        typer.echo(str(found))


def _describe_result(entries: int, heads: int, broken: ChainBreak | None) -> str:
    if broken:
        return t(_BREAK_MESSAGES[broken.cause], seq=broken.seq)
    return t(
        "Entries that are as they were written: %(held)s. Heads compared: %(heads)s.",
        held=entries,
        heads=heads,
    )
