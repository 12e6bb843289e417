"""The server: a socket on this machine, and uvicorn on it until somebody ends it."""

import errno
import ipaddress
import json
import os
import socket
from collections.abc import Callable

import h11
import uvicorn
from starlette.datastructures import MutableHeaders
from uvicorn.protocols.http.h11_impl import H11Protocol

from paperlake.errors import SettingsError
from paperlake.explore.app import make_app
from paperlake.explore.guard import add_headers
from paperlake.explore.shelf import Shelf

_MOST_CONNECTIONS = 256
_MOST_HEADER_BYTES = 16 * 1024
_LAST_SECONDS = 3
"""What answers that are on their way are given when the server ends."""


class GuardedProtocol(H11Protocol):
    """Uvicorn's own, but for its answer to what is no HTTP at all: it has the headers of every other answer."""

    def send_400_response(self, msg: str) -> None:
        """Nothing; the answer is sent, where none is on its way, and the connection closed."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            data = json.dumps({"error": msg}).encode()
            headers = MutableHeaders(
                {"Content-Type": "application/json", "Content-Length": str(len(data)), "Connection": "close"}
            )
            add_headers(headers)
            for event in (
                h11.Response(status_code=400, headers=headers.raw, reason=b"Bad Request"),
                h11.Data(data=data),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event))
        if self.cycle is not None:
            self.cycle.disconnected = True  # what is answered still, to a request whose body broke off, goes nowhere
        self.transport.close()


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it.

    >>> is_loopback("localhost"), is_loopback("127.0.0.2"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that listens; 0 picks a free port.

    Raises:
        SettingsError: another program has the port, or the host is none of this machine.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address, family=family, backlog=_MOST_CONNECTIONS)
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            remedy = "Name an address of this machine with --host; without it, it is 127.0.0.1."
            raise SettingsError("host", host, "an address of this machine", remedy) from error
        remedy = "End what listens there, or name another with --port; 0 picks a free one."
        raise SettingsError("port", port, f"a port that is free ({os.strerror(error.errno or 0)})", remedy) from error


def address_of(listening: socket.socket) -> str:
    """The address of a socket for a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def make_server(shelf: Shelf, host: str) -> uvicorn.Server:
    """The server, which a socket is still to be given."""
    config = uvicorn.Config(
        make_app(shelf, host),
        loop="asyncio",
        http=GuardedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
        timeout_graceful_shutdown=_LAST_SECONDS,
    )
    return uvicorn.Server(config)


def serve(shelf: Shelf, host: str, port: int, tell: Callable[[str], None]) -> None:
    """Nothing, once somebody ended it; `tell` is given the address as soon as it answers.

    Raises:
        SettingsError: as `open_socket` does.
    """
    with open_socket(host, port) as listening:
        tell(address_of(listening))
        try:
            make_server(shelf, host).run([listening])
        except KeyboardInterrupt:
            return
