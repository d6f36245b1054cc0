"""Find free TCP ports for the servers of the stack."""

from __future__ import annotations

import errno
import socket

from oim.kit.errors import BadInputError, UnavailableError
from oim.kit.i18n import mark

LOOPBACK = "127.0.0.1"
MAX_PORTS = 21  # the preferred port and the 20 after it


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on now.

    Another process may take it before our server does: see `PortTakenError`.
    """
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))  # 0: the system chooses
        return int(probe.getsockname()[1])


def first_free_port(host: str, preferred: int) -> int:
    """Return `preferred` if it is free on `host`, else the next free one of the 20 after it.

    A preference of 0 means any free port. Raises UnavailableError if all are taken, and BadInputError if
    `host` cannot be listened on.
    """
    if preferred == 0:
        return free_port()
    last = preferred + MAX_PORTS - 1
    for port in range(preferred, min(last, 65535) + 1):
        if _is_free(host, port):
            return port
    raise UnavailableError(
        mark("Ports %(first)s to %(last)s are all taken. Set OIM_PORT to a free one."),
        first=preferred,
        last=last,
    )


def _is_free(host: str, port: int) -> bool:
    """Return whether a server could listen on this port now. Raises BadInputError if it never can."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # As servers do: a port whose connections ended a moment ago (TIME_WAIT) counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as problem:
        if isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE:
            return False
        raise BadInputError(
            mark("OIM cannot listen on %(host)s, port %(port)s (%(reason)s). Change OIM_HOST or OIM_PORT."),
            field="host",
            host=host,
            port=port,
            reason=problem,
        ) from problem
    return True
