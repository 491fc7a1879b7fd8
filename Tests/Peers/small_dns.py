#!/usr/bin/env python3
"""A name server for tests, over UDP and TCP on one loopback port.

    python small_dns.py [--srv NAME,PRIORITY,WEIGHT,PORT,TARGET]… [--mx NAME,PRIORITY,TARGET]… [--odd MODE]

Prints `PORT <n>` when it listens, then {"event": "asked", "name", "type", "tcp"} for each question. A name that has no
record does not exist. Ends when standard input is closed. --odd:
  silent    nobody is answered         garbage   octets that are no message
  loop      names that point at themselves        cut   half of the answer        refused   SERVFAIL
  large     the answer over UDP says that it is too long, so that TCP is asked
"""

import argparse
import json
import socket
import struct
import sys
import threading

SRV, MX = 33, 15


def say(**fields):
    print(json.dumps(fields), flush=True)


def name_octets(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


class Zone:
    def __init__(self, options):
        self.odd, self.records = options.odd, []
        for text in options.srv:
            name, priority, weight, port, target = text.split(",")
            data = struct.pack("!HHH", int(priority), int(weight), int(port)) + self.target(target)
            self.records.append((name.lower(), SRV, data))
        for text in options.mx:
            name, priority, target = text.split(",")
            self.records.append((name.lower(), MX, struct.pack("!H", int(priority)) + self.target(target)))

    def target(self, name):
        # Behind the question begins the first record's name; what points there from within it has no end.
        return b"\xc0\x0c\xc0\x0c" if self.odd == "loop" else name_octets(name)

    def answer(self, question, is_tcp):
        if self.odd == "silent":
            return None
        if self.odd == "garbage":
            return question[:2] + b"\xff" * 40
        labels, place = [], 12
        while length := question[place]:
            labels.append(question[place + 1 : place + 1 + length].decode())
            place += 1 + length
        name, kind = ".".join(labels).lower(), struct.unpack("!H", question[place + 1 : place + 3])[0]
        say(event="asked", name=name, type=kind, tcp=is_tcp)
        found = [data for owner, its_kind, data in self.records if (owner, its_kind) == (name, kind)]
        cut = self.odd == "large" and not is_tcp
        code = 2 if self.odd == "refused" else 0 if any(owner == name for owner, *_ in self.records) else 3
        flags = 0x8180 | (0x0200 if cut else 0) | code
        body = question[12 : place + 5]
        records = [] if cut else found
        for data in records:
            pointer = b"\xc0\x0c" if self.odd != "loop" else b"\xc0" + bytes([len(body) + 12])
            body += pointer + struct.pack("!HHIH", kind, 1, 60, len(data)) + data
        message = question[:2] + struct.pack("!HHHHH", flags, 1, len(records), 0, 0) + body
        return message[: len(message) // 2] if self.odd == "cut" else message


def serve_udp(server, zone):
    while True:
        question, client = server.recvfrom(4096)
        if (answer := zone.answer(question, False)) is not None:
            server.sendto(answer, client)


def serve_tcp(server, zone):
    while True:
        client, _ = server.accept()
        with client:
            length = struct.unpack("!H", client.recv(2))[0]
            if (answer := zone.answer(client.recv(length), True)) is not None:
                client.sendall(struct.pack("!H", len(answer)) + answer)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--srv", action="append", default=[])
    parser.add_argument("--mx", action="append", default=[])
    parser.add_argument("--odd", default="")
    zone = Zone(parser.parse_args())
    while True:
        tcp, udp = socket.create_server(("127.0.0.1", 0)), socket.socket(type=socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
            break
        except OSError:
            tcp.close()
            udp.close()
    threading.Thread(target=serve_udp, args=(udp, zone), daemon=True).start()
    threading.Thread(target=serve_tcp, args=(tcp, zone), daemon=True).start()
    print(f"PORT {udp.getsockname()[1]}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
