"""A host that is not ours: whatever a block sends there is heard, by TCP and by UDP."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"


@dataclass
class Foreign:
    """A listening host; `heard` has a line for every connection, request and datagram."""

    port: int
    page: bytes = b""
    heard: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        """Its address without a scheme; the site and the blocks are under localhost, this is none of theirs."""
        return f"127.0.0.1:{self.port}"

    def paths(self) -> set[str]:
        """The names that were asked for."""
        return {line.split()[1].strip("/").split("?")[0] for line in self.heard if " /" in line}

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(5)
            first = connection.recv(4096)
            self.heard.append(first.split(b"\r\n")[0].decode("latin-1")[:200])
            connection.sendall(REPLY % (len(self.page), self.page))

    def _accept(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _address = server.accept()
                self.heard.append("connected")
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _receive(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                data = server.recv(2048)
                self.heard.append(f"datagram {len(data)}")


@contextmanager
def listening(page: bytes = b"") -> Iterator[Foreign]:
    """Yield a foreign host on a free port, TCP and UDP; `page` is what it answers."""
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        foreign = Foreign(tcp.getsockname()[1], page)
        udp.bind(("127.0.0.1", foreign.port))
        threading.Thread(target=foreign._accept, args=(tcp,), daemon=True).start()
        threading.Thread(target=foreign._receive, args=(udp,), daemon=True).start()
        yield foreign
        tcp.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            udp.shutdown(socket.SHUT_RDWR)
