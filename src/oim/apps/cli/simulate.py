"""`oim simulate`: look at what simulated telephones and mailboxes received, in place of real gateways."""

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
POLL_INTERVAL = 0.5  # seconds between two looks at the inbox


@app.callback()
def simulate() -> None:
    """Declare a group: an app of a single command, run alone, would take no command name (`inbox`)."""


@app.command("inbox", help=t("Show what simulated telephones and mailboxes received within the hour, codes "
                             "included. Example: oim simulate inbox --follow"))  # fmt: skip
def inbox(follow: Follow = False, json_: AsJson = False) -> None:
    """Print the messages received within the hour, oldest first; with `--follow` also those to come."""
    messages, last = bootstrap.inbox(Settings()), ""
    while True:
        for message in messages.list_messages():
            # `at` is ISO 8601 in UTC, so texts compare as instants; "" is before all.
            if message.at > last:
                typer.echo(json.dumps(asdict(message), ensure_ascii=False)) if json_ else _show(message)
                last = message.at
        if not follow:
            break
        time.sleep(POLL_INTERVAL)
    if not last and not json_:
        output.print(t("Nothing came within the hour."))


def _show(message: ReceivedMessage) -> None:
    """Print a message in one line, with the time of day of its ISO 8601 instant."""
    output.print(f"{message.at[11:19]}  {message.channel}  {message.address}  {message.text}", markup=False)
