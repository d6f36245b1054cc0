"""`oim audit`: verify that the audit trail is as it was written, and print its head for storage elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import output, t
from oim.kit.i18n import mark
from oim.kit.settings import Settings

if TYPE_CHECKING:
    from oim.features.audit import ChainBreak


app = typer.Typer()
Heads = Annotated[
    list[str] | None, typer.Option("--head", help=t("A head noted elsewhere, as oim audit head prints it."))
]
# By `ChainBreak.cause`.
_BREAK_MESSAGES = {
    "missing": mark("Entry %(seq)s of shard %(shard)s is missing."),
    "changed": mark("Entry %(seq)s of shard %(shard)s is not as it was written."),
    "cut": mark("Shard %(shard)s ends before entry %(seq)s, which was there."),
}


@app.command("verify", help=t("Go through the trail; exit 1 at the first entry that is not as it was. "
                              "Example: oim audit verify"))  # fmt: skip
def verify_(head_: Heads = None, json_: AsJson = False) -> None:
    """Verify the chains of entries, and that they contain the heads of the worker's file and of `--head`."""
    from oim.apps.cli.database import open_database
    from oim.features.audit import parse_head, read_heads, verify

    heads = [*read_heads(Settings().heads_file), *map(parse_head, head_ or [])]
    with open_database() as database, database.read() as session:
        valid_entries, first_break = verify(session, heads)
    if json_:
        break_json = first_break and {
            "shard": first_break.shard,
            "seq": first_break.seq,
            "why": first_break.cause,
        }
        print_json({"entries": valid_entries, "heads": len(heads), "break": break_json})
    else:
        output.print(_describe_result(valid_entries, len(heads), first_break))
    if first_break:
        raise typer.Exit(1)


@app.command("head", help=t("Print the trail's head, to keep where nobody who runs OIM can write. "
                            "Example: oim audit head"))  # fmt: skip
def head_(json_: AsJson = False) -> None:
    """Print the head as one line, or nothing for an empty trail."""
    from oim.apps.cli.database import open_database
    from oim.features.audit import record_heads

    with open_database() as database, database.write() as session:
        # Recorded first, so that the line stands for every entry until now.
        head = record_heads(session)
    if json_:
        print_json({"head": str(head) if head else None})
    elif head:
        # Plain, not through rich: the line is read back by `--head`.
        typer.echo(str(head))


def _describe_result(entries: int, heads: int, first_break: ChainBreak | None) -> str:
    """Say in one line where the trail breaks, or how much of it was verified."""
    if first_break:
        return t(_BREAK_MESSAGES[first_break.cause], shard=first_break.shard, seq=first_break.seq)
    return t(
        "Entries that are as they were written: %(held)s. Heads compared: %(heads)s.",
        held=entries,
        heads=heads,
    )
