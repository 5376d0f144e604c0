"""A secret on this machine and a server that writes down whoever calls: what no file may read or ask."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CANARY = "TOP-SECRET-CANARY"


@dataclass
class Bait:
    """Where the secret lies and the server listens; ``calls`` are the first bytes of whoever called."""

    secret: Path
    port: int
    calls: list[bytes] = field(default_factory=list)

    def in_(self, content: bytes) -> bytes:
        """``content`` with the secret's path and the server's port in place of their names."""
        return content.replace(b"/SECRET", str(self.secret).encode()).replace(b"PORT", str(self.port).encode())


@contextmanager
def bait(folder: Path) -> Iterator[Bait]:
    """A readable secret in ``folder``, and a server on the loopback."""
    secret = folder / "secret.csv"
    secret.write_text(f"name,lat,lon\n{CANARY},53.42,-2.32\n")
    secret.chmod(0o644)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        laid, stop = Bait(secret, server.getsockname()[1]), threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    caller, _ = server.accept()
                except TimeoutError:
                    continue
                with caller:
                    caller.settimeout(1)
                    laid.calls.append(caller.recv(200))
                    caller.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield laid
        finally:
            stop.set()
            thread.join()
