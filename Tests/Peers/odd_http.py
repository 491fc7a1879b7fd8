#!/usr/bin/env python3
"""An HTTP server of bad manners, on a bare socket: what it does is chosen by the path.

Prints `PORT <n>` when it listens, then one JSON object for each request that it read whole:
  {"event": "request", "connection": n, "method", "path", "headers": {...}, "body"}
Ends when standard input is closed.

  /echo          200, the request as JSON            /status/NNN    that status, a small body
  /redirect      302 to /echo                        /empty         200 without a body
  /big           200, ten megabytes                  /long-header   200, a header that never ends
  /hang          reads, and never answers            /reset         reads, and resets the connection
  /half          200, half of the declared body      /trickle       200, one byte a second
  /garbage       no HTTP at all                      /interim       103, and then 200
  /twice         200 with the same header twice      /kept-reset    200 at first; resets what comes after it
  /document/…    200, what the rest of the path is as URL-safe Base64
--tls serves with a certificate of its own for 127.0.0.1; its path is printed as `CERTIFICATE <path>`.
"""

import argparse
import base64
import contextlib
import itertools
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time

PRINTING = threading.Lock()


def say(line):
    with PRINTING:
        print(line, flush=True)


def read_request(stream):
    """Method, path, headers (lower case) and body; None where the connection ends."""
    line = stream.readline()
    if not line.strip():
        return None
    method, path, _ = line.decode("latin-1").split(" ", 2)
    headers = {}
    while (line := stream.readline()).strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    return method, path, headers, body


def answer(status, body=b"", *headers):
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def serve(connection, number):
    with contextlib.suppress(OSError, ValueError), contextlib.closing(connection):
        stream = connection.makefile("rb")
        for count in itertools.count():
            request = read_request(stream)
            if request is None:
                return
            method, path, headers, body = request
            facts = {"event": "request", "connection": number, "method": method, "path": path, "headers": headers,
                     "body": body.decode("utf-8", "replace")}
            say(json.dumps(facts))
            if not respond(connection, path.split("?")[0], facts, count):
                return


def respond(connection, path, facts, count):
    """Answers one request; false where the connection is over."""
    send = connection.sendall
    if path == "/echo":
        send(answer(200, json.dumps(facts).encode(), "Content-Type: application/json"))
    elif path.startswith("/status/"):
        send(answer(int(path.rsplit("/", 1)[1]), b"well"))
    elif path == "/redirect":
        send(answer(302, b"", "Location: /echo"))
    elif path == "/empty":
        send(answer(200))
    elif path == "/twice":
        send(answer(200, b"", "X-Word: one", "x-word:  two "))
    elif path == "/interim":
        send(b"HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n" + answer(200, b"late"))
    elif path.startswith("/document/"):
        send(answer(200, base64.urlsafe_b64decode(path.rsplit("/", 1)[1] + "==")))
    elif path == "/big":
        send(answer(200, b"x" * 10_000_000))
    elif path == "/long-header":
        send(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 1000) for n in range(10_000)))
    elif path == "/hang":
        time.sleep(60)
        return False
    elif path == "/reset" or path == "/kept-reset" and count > 0:
        reset(connection)
        return False
    elif path == "/kept-reset":
        send(answer(200))
    elif path == "/half":
        send(b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\nhalf")
        return False
    elif path == "/trickle":
        send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _ in range(100):
            send(b".")
            time.sleep(1)
    elif path == "/garbage":
        send(b"220 mail.example ESMTP\r\n")
        return False
    else:
        send(answer(404))
    return True


def certificate(folder):
    key, cert = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


def accept(listener, context):
    for number in itertools.count(1):
        connection, _ = listener.accept()
        threading.Thread(target=greet, args=(connection, number, context), daemon=True).start()


def greet(connection, number, context):
    if context:
        try:
            connection = context.wrap_socket(connection, server_side=True)
        except (OSError, ssl.SSLError):
            return
    serve(connection, number)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        context, path = certificate(folder) if options.tls else (None, None)
        listener = socket.create_server(("127.0.0.1", 0))
        say(f"PORT {listener.getsockname()[1]}")
        if path:
            say(f"CERTIFICATE {path}")
        threading.Thread(target=accept, args=(listener, context), daemon=True).start()
        sys.stdin.read()


if __name__ == "__main__":
    main()
