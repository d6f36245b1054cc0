"""What the child process cannot reach, by what the kernel offers: other files, the network, other processes.

Landlock allows reading the program itself and the libraries of the system, and nothing else; a filter of
system calls (seccomp) allows no socket, no look into another process and no signal to one: `kill(-1)` would
end all that runs as the same user. Both are called by `ctypes`, which is all that Python offers. Where the
kernel lacks one, the other still holds, and `oim doctor` says so.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

# What programs need to run, wherever it comes from. Not all of /etc, nor /opt: keys may lie there.
SYSTEM_PATHS = ("/usr", "/lib", "/lib64", "/bin", "/nix/store", "/etc/ld.so.cache", "/etc/localtime")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
# Landlock, whose system calls have these numbers on every machine; rights as bits of linux/landlock.h.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _RULE_PATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_READ = _EXECUTE | _READ_FILE | _READ_DIR
# By the version of Landlock: how many rights to files it knows.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_NEWEST_RIGHTS = 16  # from version 5 on
_CONNECTIONS, _SCOPES = (
    3,
    3,
)  # all rights to TCP (from 4 on); to sockets without a file, and signals (from 6 on)

# Numbers of system calls, by the machine, after the number by which the kernel names that machine. Sockets;
# tracing, reading and writing another process; taking a file from one; rings that call without the filter;
# signals, also to oneself: `abort` then ends the process all the same, and Tesseract is ended by our parent;
# how much of the processor and the disk another process gets.
_SYSCALLS: Mapping[str, tuple[int, Sequence[int]]] = {
    "x86_64": (
        0xC000003E,
        (
            *(41, 42, 49, 53, 101, 310, 311, 438, 425, 426, 427),
            *(62, 200, 234, 129, 297, 424),
            *(141, 142, 144, 203, 251, 314),
        ),
    ),
    "aarch64": (
        0xC00000B7,
        (
            *(198, 203, 200, 199, 117, 270, 271, 438, 425, 426, 427),
            *(129, 130, 131, 138, 240, 424),
            *(140, 118, 119, 122, 30, 274),
        ),
    ),
}
# `prlimit64`, by which a process limits itself too; and `fcntl`, which can have a file signal any process (by
# F_SETOWN and F_SETOWN_EX).
_PRLIMIT: Mapping[str, int] = {"x86_64": 302, "aarch64": 261}
_FCNTL: Mapping[str, int] = {"x86_64": 72, "aarch64": 25}
_SELF, _OWNER_COMMANDS = 0, (8, 15)
_X32_BIT = 0x40000000  # of a call by x86_64's second set of numbers, which nothing of ours uses
_EPERM = 1
# Operations and results of the kernel's language for filters (classic BPF).
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _GIVE = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | _EPERM, 0x80000000
_Line = tuple[int, int, int, int]  # operation, lines to skip if so and if not, operand


def isolate() -> dict[str, bool]:
    """Isolate this process and all that it starts; return what holds: `files`, `network`, `processes`.

    Modules that are imported later are still found. Nothing that was opened before is closed.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    # Without it neither is allowed to whoever is not root.
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return {"files": False, "network": False, "processes": False}
    files, calls = _hide_files(libc), _forbid_calls(libc)
    return {"files": files, "network": calls, "processes": calls}


def _hide_files(libc: ctypes.CDLL) -> bool:
    """Hide every file but the program's own and the system's; return whether the kernel does."""
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_FLAG)
    if version < 1:
        return False
    files = (1 << _RIGHTS.get(version, _NEWEST_RIGHTS)) - 1
    attributes = struct.pack(
        "QQQ", files, _CONNECTIONS if version >= 4 else 0, _SCOPES if version >= 6 else 0
    )
    # An older kernel takes only as many fields as it knows.
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    try:
        for path in (*SYSTEM_PATHS, *_list_own_paths()):
            _allow(libc, ruleset, path, _READ)
        for path in DEVICES:
            _allow(libc, ruleset, path, _READ_FILE | _WRITE_FILE)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _list_own_paths() -> list[str]:
    """List where this Python, its modules and Tesseract's data lie."""
    # Of a virtual environment only its libraries: a home may lie beside them.
    known = {*sys.path, sys.base_prefix, os.environ.get("TESSDATA_PREFIX", "")}
    return [path for path in known if path not in ("", "/")]


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    """Allow rights to a file, or to all in a folder; what is not there needs none."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):  # noqa: PTH112 (pathlib takes longer to import)
                rights &= ~_READ_DIR
            rule = struct.pack("=Qi", rights, descriptor)
            libc.syscall(_ADD_RULE, ruleset, _RULE_PATH, rule, 0)
        finally:
            os.close(descriptor)


def _forbid_calls(libc: ctypes.CDLL) -> bool:
    """Have system calls that reach out of the process fail; return whether the kernel does."""
    if (kind := platform.machine()) not in _SYSCALLS:
        return False
    program = _build_filter(kind)
    buffer = ctypes.create_string_buffer(program, len(program))
    # `struct sock_fprog`: how many instructions, and where they are.
    header = struct.pack("HP", len(program) // 8, ctypes.addressof(buffer))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) == 0)


def _build_filter(kind: str) -> bytes:
    """Build the filter in the kernel's language for it: these calls fail, others are made."""
    machine, numbers = _SYSCALLS[kind]
    rest = len(numbers)
    lines = [
        (_LOAD, 0, 0, 4),  # the machine of the call, which must be the one that the numbers are of
        (_IF_EQUAL, 1, 0, machine),
        (_GIVE, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # the number of the call
        *_decide_by_argument(_PRLIMIT[kind], 0, (_SELF,), _ALLOW, _REFUSE),
        *_decide_by_argument(_FCNTL[kind], 1, _OWNER_COMMANDS, _REFUSE, _ALLOW),
        (_IF_AT_LEAST, rest + 1, 0, _X32_BIT),
        *((_IF_EQUAL, rest - index, 0, number) for index, number in enumerate(numbers)),
        (_GIVE, 0, 0, _ALLOW),
        (_GIVE, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def _decide_by_argument(
    number: int, position: int, values: Sequence[int], result: int, otherwise: int
) -> list[_Line]:
    """Build the lines that decide a call by whether its argument at a position is one of some values.

    Of the argument the lower half counts, as the kernel reads a process or a command.
    """
    count = len(values)
    return [
        (_IF_EQUAL, 0, count + 3, number),
        (_LOAD, 0, 0, 16 + 8 * position),
        *((_IF_EQUAL, count - index, 0, value) for index, value in enumerate(values)),
        (_GIVE, 0, 0, otherwise),
        (_GIVE, 0, 0, result),
    ]
