"""Bad manners of servers, and of what stands in front of them."""

import contextlib
import json
import socket
import struct
import time

from .common import Reply


def misbehave(handler, order):
    """A reply, or None where the connection is over."""
    mode = order["mode"]
    if mode == "html":
        return Reply(order.get("status", 200), b"<html><body>Welcome</body></html>", {"Content-Type": "text/html"})
    if mode == "empty":
        return Reply(order.get("status", 200))
    if mode == "redirect":
        return Reply(order.get("status", 302), b"", {"Location": "/elsewhere"})
    if mode == "garbage":
        return Reply(200, b'{"messages": [[{"id": {"id": 12}}, null, 1e999', {"Content-Type": "application/json"})
    if mode == "big":
        return Reply(200, json.dumps({"messages": ["x" * 10_000_000]}).encode())
    if mode == "status":
        return Reply(order["status"], order.get("body", "").encode(), order.get("headers", {}))
    connection = handler.connection
    handler.close_connection = True
    if mode == "hang":
        time.sleep(60)
    elif mode == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    elif mode == "half":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
    elif mode == "trickle":
        with contextlib.suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(60):
                connection.sendall(b" ")
                time.sleep(1)
    else:
        raise ValueError(f"unknown mode {mode}")
    return None
