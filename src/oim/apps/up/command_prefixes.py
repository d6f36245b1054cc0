"""Command prefixes for child processes: drop root privileges, and die with the process that started them.

Both are done by programs of util-linux (`unshare`, `setpriv`): Python's own hook for this, `preexec_fn`, is
unsafe in a process with threads.
"""

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

NOBODY_UID = 65534  # the conventional user `nobody`, which owns no files of the system
# Arguments: a program ($0) and a folder ($1). Succeeds if the program runs and can write in the folder.
PROBE_SCRIPT = '"$0" --version && cd "$1" && test -w .'


@dataclass(frozen=True, slots=True)
class RunAs:
    """How to run a program without root privileges: a command prefix, and the uid that must own its files."""

    prefix: tuple[str, ...] = ()
    owner: int | None = None


RUN_AS_SELF = RunAs()
# Tried in this order. The first works even on files that only root can reach, since outside its namespace
# the user is still root (0); but containers often forbid user namespaces.
RUN_AS_OTHER_USER = (
    RunAs(("unshare", "--user", "--map-user=1000", "--map-group=1000", "--"), 0),
    RunAs(("setpriv", f"--reuid={NOBODY_UID}", f"--regid={NOBODY_UID}", "--clear-groups", "--"), NOBODY_UID),
)


def choose_unprivileged(program: Path, folder: Path) -> RunAs:
    """Choose how `program` can run without root privileges and write in `folder`; change its owner if needed.

    PostgreSQL refuses to run as root. Raises UnavailableError if no candidate works.
    """
    if os.geteuid() != 0:
        return RUN_AS_SELF
    for run_as in RUN_AS_OTHER_USER:
        # First without the folder: its owner is changed only for a candidate that can run at all.
        if not _can_run(*run_as.prefix, str(program), "--version"):
            continue
        _change_owner(folder, run_as.owner)
        if _can_run(*run_as.prefix, "sh", "-c", PROBE_SCRIPT, str(program), str(folder)):
            return run_as
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
    """Return the prefix that makes the kernel send this signal when the thread that starts the child ends.

    It works even when that thread's process is killed (PR_SET_PDEATHSIG of prctl(2)). Empty where the system
    lacks `setpriv --pdeathsig`. A change of user clears the signal, so this prefix comes after that one.
    """
    prefix = ("setpriv", "--pdeathsig", number.name.removeprefix("SIG"), "--")
    return prefix if _can_run(*prefix, "true") else ()


def _can_run(*command: str) -> bool:
    """Return whether a command exists here and succeeds."""
    if shutil.which(command[0]) is None:
        return False
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 (fixed programs)
    return done.returncode == 0


def _change_owner(folder: Path, owner: int | None) -> None:
    """Give a folder and all it contains to a user, unless the folder is theirs already."""
    if owner is None or folder.stat().st_uid == owner:
        return
    for parent, folders, files in os.walk(folder, topdown=False):
        for name in (*folders, *files):
            os.chown(Path(parent) / name, owner, owner, follow_symlinks=False)
    # The folder itself last: the check above takes its owner as proof that everything below was changed.
    os.chown(folder, owner, owner)
