"""The table of commands: where each is written, and its line of help. No command is imported for it."""

from __future__ import annotations

from dataclasses import dataclass

from oim.apps.cli.language import t


@dataclass(frozen=True, slots=True)
class Entry:
    """A command or a group of commands: the name that its module gives it, and its help."""

    attribute: str  # of the module that has the command's name
    help: str


def _command(name: str, help_: str) -> Entry:
    """Make the entry of a single command, a function of its own name."""
    return Entry(name, help_)


def _group(help_: str) -> Entry:
    """Make the entry of a group of commands, a Typer application."""
    return Entry("app", help_)


# The order of `oim --help`: what a newcomer needs first, what an operator rarely needs last.
COMMANDS = {
    "up": _command(
        "up",
        t("Start everything on this machine: database, engine, worker, web pages and API. Example: oim up"),
    ),
    "recommend": _command(
        "recommend",
        t('Recommend offers to a person. Example: oim recommend --text "couturière à Bafoussam" --limit 5'),
    ),
    "ingest": _group(t("Take offers in. Example: oim ingest file offers.csv")),
    "evaluate": _group(t("Measure how good the matching is. Example: oim evaluate offers")),
    "taxonomy": _group(t("Occupations and skills of ESCO. Example: oim taxonomy import esco")),
    "train": _group(t("Learn from data: the adapter of titles, rankers. Example: oim train ranker")),
    "ranker": _group(
        t("Rankers learned from events: which were trained, which is in force. Example: oim ranker list")
    ),
    "serve": _group(t("Serve one part of OIM on its own. Example: oim serve engine")),
    "staff": _group(t("Accounts of those who work here. Example: oim staff list")),
    "keys": _group(t("The keys that seal personal data. Example: oim keys list")),
    "audit": _group(t("The trail of who read or changed what. Example: oim audit verify")),
    "erasures": _group(t("People who were erased. Example: oim erasures replay")),
    "trust": _group(t("Whom we trust, and offers to check. Example: oim trust queue")),
    "simulate": _group(t("Telephones that are not there. Example: oim simulate inbox")),
    "reindex": _command(
        "reindex",
        t(
            "Build the index anew and swap, for example after a change of embedding model. "
            "Example: oim reindex"
        ),
    ),
    "doctor": _command("doctor", t("Check every port: what is wrong and what to do. Example: oim doctor")),
    "bench": _command(
        "bench", t("Measure the engine beside named peers, in one run. Example: oim bench --sizes 20000")
    ),
    "completion": _command(
        "completion",
        t("Print what completes commands in bash, zsh or fish. Example: source <(oim completion bash)"),
    ),
}
