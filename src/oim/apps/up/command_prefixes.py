"""Prefixes of a child's command: run without root's rights, die with the process that started it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark

NOBODY_UID = 65534
PROBE_SCRIPT = '"$0" --version && cd "$1" && test -w .'


@dataclass(frozen=True, slots=True)
class RunAs:
    """A way to run a program without root's rights: the prefix, and who must own what it writes."""

    prefix: tuple[str, ...] = ()
    owner: int | None = None


RUN_AS_SELF = RunAs()
# The first works on files that only root can reach, but containers often forbid it.
RUN_AS_OTHERS = (
    RunAs(("unshare", "--user", "--map-user=1000", "--map-group=1000", "--"), 0),
    RunAs(("setpriv", f"--reuid={NOBODY_UID}", f"--regid={NOBODY_UID}", "--clear-groups", "--"), NOBODY_UID),
)


def choose_unprivileged(program: Path, folder: Path) -> RunAs:
    """A way in which `program` runs without root's rights and writes in `folder`, which is given to it."""
    if os.geteuid() != 0:
        return RUN_AS_SELF
    for way in RUN_AS_OTHERS:
        if not _can_run(*way.prefix, str(program), "--version"):
            continue
        _change_owner(folder, way.owner)
        if _can_run(*way.prefix, "sh", "-c", PROBE_SCRIPT, str(program), str(folder)):
            return way
    raise UnavailableError(
        mark(
            "PostgreSQL refuses to run as root, and another user cannot reach %(program)s or %(folder)s. "
            "Set OIM_HOME to a folder that every user can enter, or run as another user."
        ),
        program=program,
        folder=folder,
    )


@cache
def die_with_parent(number: signal.Signals) -> tuple[str, ...]:
    """The prefix that has the kernel send this signal when the thread that starts the child ends.

    Empty where the system has no such thing. A change of user clears it, so it comes after that prefix.
    """
    prefix = ("setpriv", "--pdeathsig", number.name.removeprefix("SIG"), "--")
    return prefix if _can_run(*prefix, "true") else ()


def _can_run(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 (fixed programs)
    return done.returncode == 0


def _change_owner(folder: Path, owner: int | None) -> None:
    """The folder itself comes last: its owner tells whether all of it was given."""
    if owner is None or folder.stat().st_uid == owner:
        return
    for place, folders, files in os.walk(folder, topdown=False):
        for name in (*folders, *files):
            os.chown(Path(place) / name, owner, owner, follow_symlinks=False)
    os.chown(folder, owner, owner)
