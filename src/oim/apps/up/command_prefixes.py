"""Command prefixes for child processes: drop root privileges, and die with the process that started them.

Both are done by programs of util-linux (`setpriv`, `unshare`, `mount`): Python's own hook for this,
`preexec_fn`, is unsafe in a process with threads.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from shlex import quote

from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark

# The conventional user `nobody`, which every system has. It then owns the database, which whatever else runs
# as `nobody` can reach: see decision 27.
NOBODY_UID = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY_UID}", f"--regid={NOBODY_UID}", "--clear-groups", "--")
# Arguments: a program ($0) and a folder ($1). Succeeds if the program runs and can write in the folder.
PROBE_SCRIPT = '"$0" --version && cd "$1" && test -w .'
STAGES = ("/mnt", "/media", "/opt")  # empty folders, of which one serves while folders are moved


def choose_unprivileged(program: Path, folder: Path) -> tuple[str, ...]:
    """Choose the prefix by which `program` runs without root privileges and writes in `folder`, given to it.

    PostgreSQL refuses to run as root, and what reads files through it must not be root towards them: it runs
    as another user. Raises UnavailableError if it cannot.
    """
    if os.geteuid() != 0:
        return ()
    for prefix in (AS_NOBODY, (*_build_namespace_prefix([*_list_installed(program), folder]), *AS_NOBODY)):
        # First without the folder: its owner is changed only where the program can run at all.
        if not _can_run(*prefix, str(program), "--version"):
            continue
        _change_owner(folder, NOBODY_UID)
        if _can_run(*prefix, "sh", "-c", PROBE_SCRIPT, str(program), str(folder)):
            return prefix
    raise UnavailableError(
        mark(
            "PostgreSQL refuses to run as root, and another user cannot reach %(program)s or %(folder)s. "
            "Set OIM_HOME to a folder that every user can enter, or run as another user."
        ),
        program=program,
        folder=folder,
    )


def _list_installed(program: Path) -> list[Path]:
    """List the folders that a program of PostgreSQL needs: its installation, and libraries of a wheel."""
    installation = program.parents[1]  # of `bin/postgres`
    package = installation.parent
    libraries = package.parent / f"{package.name}.libs"
    return [installation, libraries] if libraries.exists() else [installation]


def _build_namespace_prefix(folders: Sequence[Path]) -> tuple[str, ...]:
    """Return the prefix that opens the way to folders that lie in closed ones, for one process alone.

    In a mount namespace of the process, each closed folder is covered by an empty one that anybody may enter,
    with nothing in it but `folders`: no file of the home but the database's is even there.
    """
    above = {folder: closed for folder in folders if (closed := _find_closed(folder))}
    stage = next((name for name in STAGES if not any(folder.is_relative_to(name) for folder in folders)), "")
    places = {f"{stage}/{number}": quote(str(folder)) for number, folder in enumerate(above)}
    empty = "mount -t tmpfs -o mode=755 oim"
    script = [
        "set -e; umask 022",
        f"{empty} {stage}",
        *(f"mkdir {place}; mount --rbind {folder} {place}" for place, folder in places.items()),
        *(f"{empty} {quote(str(folder))}" for folder in sorted(set(above.values()))),
        *(f"mkdir -p {folder}; mount --move {place} {folder}" for place, folder in places.items()),
        f"umount {stage}",
        'exec "$@"',
    ]
    return ("unshare", "--mount", "--", "sh", "-c", "\n".join(script), "oim")


def _find_closed(folder: Path) -> Path | None:
    """Find the outermost folder above this one that other users cannot enter."""
    above = reversed(folder.parents)
    return next((parent for parent in above if not parent.stat().st_mode & stat.S_IXOTH), None)


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


def _change_owner(folder: Path, owner: int) -> None:
    """Give a folder and all it contains to a user, unless the folder is theirs already."""
    if folder.stat().st_uid == owner:
        return
    for parent, folders, files in os.walk(folder, topdown=False):
        for name in (*folders, *files):
            os.chown(Path(parent) / name, owner, owner, follow_symlinks=False)
    # The folder itself last: the check above takes its owner as proof that everything below was changed.
    os.chown(folder, owner, owner)
