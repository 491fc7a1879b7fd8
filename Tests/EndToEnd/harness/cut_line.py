"""A line to a mail server without TLS, which can be cut around the final dot of a message."""

import contextlib
import socket
import threading

_DOT = b"\r\n.\r\n"


class CutLine:
    """Passes on what comes, until `cut` is set: "before", and the next final dot does not reach the server; "after",
    and its answer does not reach the client. Then both connections end."""

    def __init__(self, server_port: int):
        self.server_port = server_port
        self.cut: str | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self.server_port))
                ends = client, server
                waits = threading.Event()
                threading.Thread(target=self._to_server, args=(*ends, waits), daemon=True).start()
                threading.Thread(target=self._to_client, args=(*ends, waits), daemon=True).start()

    def _to_server(self, client, server, waits):
        last = b""
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                if self.cut and _DOT in last + data:
                    if self.cut == "before":
                        break
                    waits.set()
                last = data[-len(_DOT):]
                server.sendall(data)
        self._end(client, server)

    def _to_client(self, client, server, waits):
        with contextlib.suppress(OSError):
            while (data := server.recv(65536)) and not waits.is_set():
                client.sendall(data)
        self._end(client, server)

    @staticmethod
    def _end(client, server):
        for end in (client, server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
