"""`oim simulate`: look at what simulated telephones and mailboxes received, in place of real gateways."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from oim import bootstrap
from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import output, t
from oim.kit.settings import Settings

if TYPE_CHECKING:
    from oim.adapters.simulator import Inbox, ReceivedMessage


app = typer.Typer()
Follow = Annotated[bool, typer.Option("--follow", help=t("Go on, and print what comes."))]
POLL_INTERVAL = 0.5  # seconds between two looks at the inbox


@app.command("inbox", help=t("Show what simulated telephones and mailboxes received within the hour, codes "
                             "included. Example: oim simulate inbox --follow"))  # fmt: skip
def inbox(follow: Follow = False, json_: AsJson = False) -> None:
    """Print the messages received within the hour, oldest first; with `--follow` also those to come."""
    messages = bootstrap.inbox(Settings())
    if follow:
        _follow(messages, json_)
    received = messages.list_messages()
    if json_:
        print_json({"messages": [asdict(message) for message in received]})
        return
    for message in received:
        _show(message)
    if not received:
        output.print(t("Nothing came within the hour."))


def _follow(messages: Inbox, json_: bool) -> NoReturn:
    """Print each message as it comes, until Ctrl-C; as JSON, an object on a line of its own."""
    last = ""
    while True:
        for message in messages.list_messages():
            # `at` is ISO 8601 in UTC, so texts compare as instants; "" is before all.
            if message.at > last:
                print_json(asdict(message)) if json_ else _show(message)
                last = message.at
        time.sleep(POLL_INTERVAL)


def _show(message: ReceivedMessage) -> None:
    """Print a message in one line, with the time of day of its ISO 8601 instant."""
    output.print(f"{message.at[11:19]}  {message.channel}  {message.address}  {message.text}", markup=False)
