"""`oim simulate`: what would happen outside, on this machine."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import Annotated

import typer

from oim import bootstrap
from oim.adapters.simulator import ReceivedMessage
from oim.apps.cli.terminal import output, t
from oim.kit.settings import Settings

app = typer.Typer(help=t("Telephones that are not there."), no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]
Follow = Annotated[bool, typer.Option("--follow", help=t("Go on, and print what comes."))]
POLL_INTERVAL = 0.5  # seconds


@app.callback()
def simulate() -> None:
    """Group what can be simulated."""


@app.command("inbox", help=t("Show what simulated telephones and mailboxes received within the hour, codes "
                             "included. Example: oim simulate inbox --follow"))  # fmt: skip
def inbox(follow: Follow = False, json_: AsJson = False) -> None:
    """Oldest first."""
    held, last = bootstrap.inbox(Settings()), ""
    while True:
        for one in held.list_messages():
            if one.at > last:
                typer.echo(json.dumps(asdict(one), ensure_ascii=False)) if json_ else _show(one)
                last = one.at
        if not follow:
            break
        time.sleep(POLL_INTERVAL)
    if not last and not json_:
        output.print(t("Nothing came within the hour."))


def _show(message: ReceivedMessage) -> None:
    output.print(f"{message.at[11:19]}  {message.channel}  {message.address}  {message.text}", markup=False)
