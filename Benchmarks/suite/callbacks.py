"""Takes the receipts that Kannel passes on by HTTP: answers every request at once and counts."""

import asyncio
import sys

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Sink(asyncio.Protocol):
    """One connection. A GET has no body, so a request ends at the empty line."""

    count = 0

    def connection_made(self, transport):
        self.transport = transport
        self.rest = b""

    def data_received(self, data):
        data = self.rest + data
        requests = data.count(b"\r\n\r\n")
        self.rest = data[data.rfind(b"\r\n\r\n") + 4:] if requests else data
        Sink.count += requests
        self.transport.write(ANSWER * requests)


async def main():
    """Prints the port, then the count whenever a line is asked for on standard input."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.readline():
        print(Sink.count, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
