"""A proxy between a client and a database server, which cuts a connection at a COMMIT."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import make_url

from tests.databases.servers import Database

_PORTS = {"postgresql": 5432, "mariadb": 3306}


class Proxy:
    """Passes bytes on, until a COMMIT comes over a connection over which a given text came before.

    :param target: where the server is: host and port, or the path of its socket.
    :param marker: the text.
    :param pass_on: whether the server gets that COMMIT; its answer is kept back in any case.
    """

    def __init__(self, target: tuple[str, int] | str, marker: bytes, *, pass_on: bool) -> None:
        self._target = target
        self._marker: bytes | None = marker
        self._pass_on = pass_on
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)

    @property
    def has_cut(self) -> bool:
        """Whether it has cut a connection."""
        return self._marker is None

    def close(self) -> None:
        """End all connections and threads."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._sockets:
            _end(one)
        for thread in self._threads:
            thread.join()

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = self._connected()
                self._sockets += [client, server]
                self._start(self._to_server, client, server)
                self._start(self._to_client, server, client)

    def _connected(self) -> socket.socket:
        if isinstance(self._target, tuple):
            return socket.create_connection(self._target)
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._target)
        return server

    def _to_server(self, client: socket.socket, server: socket.socket) -> None:
        armed = False
        with suppress(OSError):
            while data := client.recv(65536):
                armed = armed or (self._marker is not None and self._marker in data)
                if armed and self._marker is not None and b"COMMIT" in data:
                    self._cut(client, server, data)
                    return
                server.sendall(data)
        _end(server)

    def _cut(self, client: socket.socket, server: socket.socket, data: bytes) -> None:
        self._marker = None
        # From here on the client hears nothing, also not the answer.
        with suppress(OSError):
            client.shutdown(socket.SHUT_WR)
        if self._pass_on:
            server.sendall(data)
            # The server has executed what it got when it closes the connection behind it.
            server.shutdown(socket.SHUT_WR)
        else:
            _end(server)
        _end(client)

    def _to_client(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                client.sendall(data)
        _end(client)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def cut_at_commit(database: Database, marker: bytes, *, pass_on: bool) -> Iterator[tuple[Database, Proxy]]:
    """Yield the same database as it is reached through a proxy, and that."""
    url = make_url(database.url)
    path = url.query.get("unix_socket") or url.query.get("host")
    target: tuple[str, int] | str = (url.host or "127.0.0.1", url.port or _PORTS[database.engine])
    if isinstance(path, str):
        target = f"{path}/.s.PGSQL.{url.port or 5432}" if database.engine == "postgresql" else path
    proxy = Proxy(target, marker, pass_on=pass_on)
    # What is encrypted cannot be read on the way.
    query = {"sslmode": "disable", "gssencmode": "disable"} if database.engine == "postgresql" else {}
    through = url.set(host="127.0.0.1", port=proxy.port, query=query)
    try:
        yield Database(database.engine, through.render_as_string(hide_password=False)), proxy
    finally:
        proxy.close()
