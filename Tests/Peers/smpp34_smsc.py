#!/usr/bin/env python3
"""A foreign SMSC for tests: the server of the PyPI package smpp34 behind a thin relay.

Prints `PORT <n>` when it listens, then one JSON object a line:
  {"event": "bound", "session": ...}
  {"event": "submit", "messageId", "source", "sourceTon", "sourceNpi", "destination", "destinationTon",
   "destinationNpi", "dataCoding", "esmClass", "text", "hex", "registeredDelivery", "validityPeriod"}
  {"event": "receipt", "messageId", "stat", "status"}     the client's answer to its receipt; null: none
  {"event": "answer", "status"}                           the client's answer to any deliver_sm, on its way to smpp34
  {"event": "enquire_link"}                               the client's, on its way to smpp34
  {"event": "unbound", "session": ...}
Commands are JSON objects, one a line on standard input, whose end ends it, as SIGTERM and SIGINT do:
  {"cmd": "mo", "source": "...", "destination": "...", "hex": "...", "dataCoding": 0, "esmClass": 0}
  {"cmd": "unbind"}
With --certificate and --key it speaks TLS.

The relay exists because smpp34 hides from its users what it reads: validity_period, answers, enquire_link.
"""

import argparse
import asyncio
import collections
import contextlib
import json
import os
import signal
import socket
import ssl
import struct
import sys
import threading

try:
    import smpp34
except ImportError:
    sys.exit("the Python package smpp34 is missing: run `make setup`")

STATES = {"delivered": "DELIVRD", "undeliverable": "UNDELIV", "expired": "EXPIRED", "rejected": "REJECTD",
          "deleted": "DELETED", "unknown": "UNKNOWN"}
STATE_NUMBERS = {"DELIVRD": 2, "EXPIRED": 3, "DELETED": 4, "UNDELIV": 5, "UNKNOWN": 7, "REJECTD": 8}
SUBMIT_SM = 0x00000004
ENQUIRE_LINK = 0x00000015
DELIVER_SM_RESP = 0x80000005
BINDS = {0x00000001, 0x00000002, 0x00000009}


def say(**fields):
    print(json.dumps(fields, ensure_ascii=False), flush=True)


def free_port(host):
    with contextlib.closing(socket.socket()) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def readable(octets, data_coding):
    if data_coding == 8:
        return octets.decode("utf-16-be", "replace")
    return octets.decode("latin-1")


class Smsc:
    def __init__(self, options):
        self.options = options
        self.inner_port = free_port(options.host)
        self.server = smpp34.Server(host=options.host, port=self.inner_port, system_id="smpp34")
        self.sessions = {}
        self.seen = collections.defaultdict(collections.deque)
        self.tasks = set()
        self.count = 0

    # The relay.

    async def connection(self, reader, writer):
        try:
            inner_reader, inner_writer = await asyncio.open_connection(self.options.host, self.inner_port)
        except OSError as error:
            print(f"relay: {error}", file=sys.stderr, flush=True)
            writer.close()
            return
        await asyncio.gather(self.relay_requests(reader, inner_writer), self.relay_answers(inner_reader, writer))

    async def relay_requests(self, reader, writer):
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readexactly(4)
                length = struct.unpack(">I", head)[0]
                frame = head + await reader.readexactly(max(length, 16) - 4)
                command = struct.unpack(">I", frame[4:8])[0]
                if command == SUBMIT_SM:
                    self.note(frame)
                elif command == ENQUIRE_LINK:
                    say(event="enquire_link")
                elif command == DELIVER_SM_RESP:
                    say(event="answer", status=struct.unpack(">I", frame[8:12])[0])
                writer.write(frame)
                await writer.drain()
        writer.close()

    async def relay_answers(self, reader, writer):
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(65536):
                writer.write(chunk)
                await writer.drain()
        writer.close()

    def note(self, frame):
        with contextlib.suppress(smpp34.SmppError):
            pdu = smpp34.decode(frame)
            self.seen[self.key(pdu)].append(pdu.validity_period)

    @staticmethod
    def key(message):
        return message.source_addr, message.destination_addr, message.short_message

    # The SMSC.

    async def serve(self):
        while True:
            event = await self.server.next()
            if isinstance(event, smpp34.Esme):
                self.sessions[event.session_id] = event
                say(event="bound", session=event.session_id, systemId=event.system_id)
            elif isinstance(event, smpp34.SubmitSmEvent):
                self.submitted(event)
            elif isinstance(event, smpp34.Unbound):
                self.sessions.pop(event.session_id, None)
                say(event="unbound", session=event.session_id)

    def submitted(self, event):
        self.count += 1
        message_id = f"{self.options.id_prefix}{self.options.first_id + self.count - 1}"
        key = self.key(event)
        validity = self.seen[key].popleft() if self.seen[key] else None
        if not self.seen[key]:
            del self.seen[key]
        payload = next((tlv.value for tlv in event.tlvs if tlv.tag == smpp34.TLV_MESSAGE_PAYLOAD), b"")
        octets = event.short_message or payload
        say(event="submit", messageId=message_id, source=event.source_addr, sourceTon=event.source_addr_ton,
            sourceNpi=event.source_addr_npi, destination=event.destination_addr, destinationTon=event.dest_addr_ton,
            destinationNpi=event.dest_addr_npi, dataCoding=event.data_coding, esmClass=event.esm_class,
            text=readable(octets, event.data_coding), hex=octets.hex(), payload=payload.hex(),
            registeredDelivery=event.registered_delivery, validityPeriod=validity)
        if self.options.refuse is not None:
            event.reject(self.options.refuse)
            return
        event.accept(message_id)
        if self.options.receipts != "none" and event.registered_delivery & 0x03:
            self.start(self.send_receipt(event, message_id))

    def start(self, work):
        async def told():
            try:
                await work
            except Exception as error:
                say(event="error", error=f"{type(error).__name__}: {error}")

        task = asyncio.create_task(told())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def receiver(self, session_id=None):
        """The session of this number where it receives, else another that does."""
        session = self.sessions.get(session_id)
        if session is not None and session.can_receive:
            return session
        return next((session for session in self.sessions.values() if session.can_receive), None)

    def command(self, line):
        command = json.loads(line)
        if command["cmd"] == "mo":
            self.start(self.send_message(command))
        elif command["cmd"] == "unbind":
            self.start(self.unbind())
        else:
            raise ValueError(f"unknown command {command['cmd']}")

    async def receiving(self):
        """A client may know that it is bound before smpp34 has said so here."""
        while (session := self.receiver()) is None:
            await asyncio.sleep(0.01)
        return session

    async def unbind(self):
        session = await self.receiving()
        await session.unbind()

    async def send_message(self, command):
        session = await self.receiving()
        # smpp34 1.5.0 does not see the answer of a session that is bound as a receiver; the relay has told it.
        with contextlib.suppress(smpp34.SmppError):
            await session.deliver_sm(
                command["destination"], bytes.fromhex(command["hex"]), source_addr=command["source"],
                source_addr_ton=1, source_addr_npi=1, dest_addr_ton=0, dest_addr_npi=1,
                esm_class=command.get("esmClass", 0), data_coding=command.get("dataCoding", 0))

    async def send_receipt(self, event, message_id):
        if self.options.receipt_delay > 0:
            await asyncio.sleep(self.options.receipt_delay)
        stat = STATES[self.options.receipts]
        good = stat == "DELIVRD"
        text = (f"id:{message_id} sub:001 dlvrd:{'001' if good else '000'} submit date:2701020700 "
                f"done date:2701020701 stat:{stat} err:{'000' if good else '001'} text:")
        tlvs = []
        if not self.options.text_only:
            tlvs = [smpp34.Tlv(smpp34.TLV_RECEIPTED_MESSAGE_ID, message_id.encode() + b"\0"),
                    smpp34.Tlv(smpp34.TLV_MESSAGE_STATE, bytes([STATE_NUMBERS[stat]]))]
        status = None
        session = self.receiver(event.session_id)
        if session is not None:
            try:
                answer = await session.deliver_sm(
                    event.source_addr, text.encode(), source_addr=event.destination_addr,
                    source_addr_ton=event.dest_addr_ton, source_addr_npi=event.dest_addr_npi,
                    dest_addr_ton=event.source_addr_ton, dest_addr_npi=event.source_addr_npi,
                    esm_class=0x04, tlvs=tlvs)
                status = answer.command_status
            except (smpp34.SmppError, RuntimeError, OSError) as error:
                print(f"receipt {message_id}: {error}", file=sys.stderr, flush=True)
        say(event="receipt", messageId=message_id, stat=stat, status=status)


def watch_stdin(loop, stop, smsc):
    """Takes commands, and stops when standard input is closed. A thread, since asyncio cannot watch every kind of file."""
    def wait():
        for line in sys.stdin.buffer:
            loop.call_soon_threadsafe(smsc.command, line)
        loop.call_soon_threadsafe(stop.set)
    threading.Thread(target=wait, daemon=True).start()


def tls(options):
    if options.certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    return context


async def main(options):
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    # A parent's thread may have blocked signals, and a child inherits that.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    smsc = Smsc(options)
    await smsc.server.start()
    relay = await asyncio.start_server(smsc.connection, options.host, options.port, ssl=tls(options))
    serving = asyncio.create_task(smsc.serve())
    if not options.ignore_stdin:
        watch_stdin(loop, stop, smsc)
    print("PORT", relay.sockets[0].getsockname()[1], flush=True)
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({stopping, serving}, return_when=asyncio.FIRST_COMPLETED)
    if serving in done:
        serving.result()
    # Clients see the connections end at once, as with an SMSC that is switched off; smpp34's own stop() waits
    # for its sessions, and a test does not.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--receipts", choices=["none", *STATES], default="delivered")
    parser.add_argument("--receipt-delay", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--text-only", action="store_true", help="receipts without TLVs")
    parser.add_argument("--id-prefix", default="smpp34-")
    parser.add_argument("--first-id", type=int, default=1)
    parser.add_argument("--refuse", type=lambda text: int(text, 0), metavar="STATUS",
                        help="refuse every message with this command_status, for example 0x58")
    parser.add_argument("--certificate", metavar="FILE", help="PEM, for TLS")
    parser.add_argument("--key", metavar="FILE", help="PEM, of the certificate")
    parser.add_argument("--ignore-stdin", action="store_true", help="do not end when standard input is closed")
    asyncio.run(main(parser.parse_args()))
