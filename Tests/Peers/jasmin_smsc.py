#!/usr/bin/env python3
"""A foreign SMSC for tests: the simulator of Jasmin, ManualDeliveryReceiptHappySMSC of
tests/protocols/smpp/smsc_simulator.py in its source package (--jasmin: the .tar.gz, or the folder that it was unpacked
into), with a thin launcher.

Prints `PORT <n>` when it listens, then one JSON object a line: "bound", "refused", "submit", "receipt", "mo",
"answer" (the client's answer to our deliver_sm/data_sm), "enquire_link", "unbound", "closed", "error".
Commands are JSON objects, one a line on standard input, whose end ends it:
  {"cmd": "mo", "source": "...", "destination": "...", "text": "..." | "hex": "...", "dataCoding": 0, "esmClass": 0}
  {"cmd": "receipt", "messageId": "...", "stat": "UNDELIV"}   for an earlier submit_sm
  {"cmd": "enquire_link"}   {"cmd": "unbind"}   {"cmd": "drop"}
"""

import argparse
import importlib.util
import io
import itertools
import json
import logging
import pathlib
import signal
import sys
import tarfile
import tempfile
import time

from smpp.pdu.operations import (BindReceiver, BindTransceiver, BindTransmitter, DataSM, DeliverSM, EnquireLink,
                                 Unbind)
from smpp.pdu.pdu_encoding import DataCodingEncoder, EsmClassEncoder, RegisteredDeliveryEncoder, TimeEncoder
from smpp.pdu.pdu_types import AddrNpi, AddrTon, CommandStatus, MessageState, PDUResponse
from smpp.pdu import constants
from twisted.internet import protocol, reactor, stdio
from twisted.protocols import basic

SIMULATOR = "tests/protocols/smpp/smsc_simulator.py"
STATES = {"DELIVRD": MessageState.DELIVERED, "UNDELIV": MessageState.UNDELIVERABLE, "EXPIRED": MessageState.EXPIRED,
          "REJECTD": MessageState.REJECTED, "DELETED": MessageState.DELETED, "UNKNOWN": MessageState.UNKNOWN,
          "ACCEPTD": MessageState.ACCEPTED}
BINDS = (BindReceiver, BindTransmitter, BindTransceiver)


# smpp.pdu3 prints an "R" for each relative time it decodes: standard output is for what this says alone.
OUT, sys.stdout = sys.stdout, sys.stderr


def say(**fields):
    print(json.dumps(fields, ensure_ascii=False), file=OUT, flush=True)


def text_of(value):
    return value.decode("latin-1") if isinstance(value, bytes) else value


def load_simulator(where):
    """The simulator's module, from Jasmin's unpacked source package or straight from its archive."""
    path = pathlib.Path(where)
    if path.is_file():
        with tarfile.open(path) as archive:
            member = next(name for name in archive.getnames() if name.endswith(SIMULATOR))
            source = archive.extractfile(member).read()
        folder = tempfile.TemporaryDirectory(prefix="jasmin-")
        load_simulator.folder = folder  # removed at exit
        path = pathlib.Path(folder.name, "smsc_simulator.py")
        path.write_bytes(source)
    else:
        path = path / SIMULATOR
    spec = importlib.util.spec_from_file_location("jasmin_smsc_simulator", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def octet(encoder, value):
    return encoder.encode(value)[0]


def decoded(encoder, number):
    return encoder.decode(io.BytesIO(bytes([number])))


def describe(pdu):
    p = pdu.params
    return {
        "source": text_of(p["source_addr"]), "sourceTon": constants.addr_ton_name_map[p["source_addr_ton"].name],
        "sourceNpi": constants.addr_npi_name_map[p["source_addr_npi"].name],
        "destination": text_of(p["destination_addr"]),
        "destinationTon": constants.addr_ton_name_map[p["dest_addr_ton"].name],
        "destinationNpi": constants.addr_npi_name_map[p["dest_addr_npi"].name],
        "dataCoding": octet(DataCodingEncoder(), p["data_coding"]),
        "esmClass": octet(EsmClassEncoder(), p["esm_class"]),
        "hex": (p.get("short_message") or b"").hex(),
        "payload": (p.get("message_payload") or b"").hex(),
        "registeredDelivery": octet(RegisteredDeliveryEncoder(), p["registered_delivery"]),
        "validityPeriod": TimeEncoder().encode(p["validity_period"]).rstrip(b"\0").decode(),
        "tlvs": {name: text_of(value) if isinstance(value, (bytes, str, int)) else str(value)
                 for name, value in p.items() if name in pdu.optionalParams},
    }


class Smsc:
    """Ids, receipts, MO messages, and the commands of standard input."""

    def __init__(self, options):
        self.options = options
        self.ids = itertools.count(1)
        self.sessions = {}    # number of session -> (protocol, bind class)
        self.submits = {}     # message id -> submit_sm

    def next_id(self):
        return f"{self.options.id_prefix}{next(self.ids)}"

    def accepts(self, pdu):
        options = self.options
        if options.user is not None and text_of(pdu.params["system_id"]) != options.user:
            return CommandStatus.ESME_RINVSYSID
        if options.password is not None and text_of(pdu.params["password"]) != options.password:
            return CommandStatus.ESME_RINVPASWD
        return CommandStatus.ESME_ROK

    def bound(self, session, pdu):
        self.sessions[session.number] = (session, type(pdu))
        say(event="bound", session=session.number, systemId=text_of(pdu.params["system_id"]), bind=pdu.commandId.name)

    def gone(self, session):
        if self.sessions.pop(session.number, None):
            say(event="unbound", session=session.number)

    def receiver(self):
        for session, bind in reversed(list(self.sessions.values())):
            if bind in (BindReceiver, BindTransceiver):
                return session
        return None

    def submitted(self, pdu, message_id):
        self.submits[message_id] = pdu
        say(event="submit", messageId=message_id, **describe(pdu))
        wanted = octet(RegisteredDeliveryEncoder(), pdu.params["registered_delivery"]) & 3
        if self.options.receipts != "none" and wanted:
            reactor.callLater(self.options.receipt_delay, self.receipt, message_id, self.options.receipts)

    def receipt(self, message_id, stat):
        submit, session = self.submits[message_id].params, self.receiver()
        if session is None:
            say(event="receipt", messageId=message_id, stat=stat, error="no receiver is bound")
            return
        now = time.strftime("%y%m%d%H%M")
        short = (f"id:{message_id} sub:001 dlvrd:{'001' if stat == 'DELIVRD' else '000'} submit date:{now} "
                 f"done date:{now} stat:{stat} err:000 text:").encode() + submit["short_message"][:20]
        addresses = dict(source_addr_ton=submit["dest_addr_ton"], source_addr_npi=submit["dest_addr_npi"],
                         source_addr=submit["destination_addr"], dest_addr_ton=submit["source_addr_ton"],
                         dest_addr_npi=submit["source_addr_npi"], destination_addr=submit["source_addr"])
        tlvs = {} if self.options.text_only else dict(receipted_message_id=message_id, message_state=STATES[stat])
        esm_class = decoded(EsmClassEncoder(), 0x04)
        if self.options.receipt_pdu == "deliver_sm":
            pdu = DeliverSM(short_message=short, esm_class=esm_class, **addresses, **tlvs)
        else:
            pdu = DataSM(esm_class=esm_class, **addresses, **tlvs)
        session.transmit(pdu)
        say(event="receipt", messageId=message_id, stat=stat, sequence=pdu.seqNum)

    def command(self, line):
        command = json.loads(line)
        what, session = command["cmd"], self.receiver()
        if what == "mo":
            octets = bytes.fromhex(command["hex"]) if "hex" in command else command["text"].encode(
                "utf-16-be" if command.get("dataCoding") == 8 else "latin-1")
            pdu = DeliverSM(source_addr_ton=AddrTon.INTERNATIONAL, source_addr_npi=AddrNpi.ISDN,
                            source_addr=command["source"], destination_addr=command["destination"],
                            data_coding=decoded(DataCodingEncoder(), command.get("dataCoding", 0)),
                            esm_class=decoded(EsmClassEncoder(), command.get("esmClass", 0)), short_message=octets)
            session.transmit(pdu)
            say(event="mo", sequence=pdu.seqNum)
        elif what == "receipt":
            self.receipt(command["messageId"], command["stat"])
        elif what == "enquire_link":
            session.transmit(EnquireLink())
        elif what == "unbind":
            session.transmit(Unbind())
        elif what == "drop":
            for session, _ in list(self.sessions.values()):
                session.transport.abortConnection()
        else:
            raise ValueError(f"unknown command {what}")


def answered(pdu):
    say(event="answer", pdu=pdu.commandId.name, sequence=pdu.seqNum, status=constants.command_status_name_map[pdu.status.name])


def simulator_factory(smsc):
    simulator = load_simulator(smsc.options.jasmin)
    numbers = itertools.count(1)

    class Session(simulator.ManualDeliveryReceiptHappySMSC):
        def __init__(self):
            super().__init__()
            self.number = next(numbers)

        def transmit(self, pdu):
            self.sendPDU(pdu)

        def PDUReceived(self, pdu):
            if isinstance(pdu, PDUResponse):
                answered(pdu)
            elif isinstance(pdu, BINDS):
                status = smsc.accepts(pdu)
                if status != CommandStatus.ESME_ROK:
                    say(event="refused", session=self.number, status=status.name)
                    self.sendResponse(pdu, status)
                    return
            elif isinstance(pdu, EnquireLink):
                say(event="enquire_link", session=self.number)
            super().PDUReceived(pdu)
            if isinstance(pdu, BINDS):
                smsc.bound(self, pdu)
            elif isinstance(pdu, Unbind):
                smsc.gone(self)
                self.transport.loseConnection()

        def handleSubmit(self, pdu):
            self.nextResponseMsgId = message_id = smsc.next_id()
            super().handleSubmit(pdu)
            smsc.submitted(pdu, message_id)

        def rawMessageReceived(self, message):
            try:
                super().rawMessageReceived(message)
            except Exception as error:  # the simulator has no answer to what it cannot decode
                say(event="error", error=f"{type(error).__name__}: {error}", pdu=message.hex())
                self.transport.abortConnection()

        def connectionLost(self, reason=None):
            smsc.gone(self)
            say(event="closed", session=self.number)

    factory = protocol.ServerFactory()
    factory.protocol = Session
    return factory


class Commands(basic.LineReceiver):
    delimiter = b"\n"

    def __init__(self, smsc):
        self.smsc = smsc

    def lineReceived(self, line):
        if line.strip():
            try:
                self.smsc.command(line)
            except Exception as error:
                say(event="error", error=f"{type(error).__name__}: {error}")

    def connectionLost(self, reason=None):
        if not self.smsc.options.ignore_stdin and reactor.running:
            reactor.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jasmin", default="jasmin-0.11.1.tar.gz")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--receipts", choices=["none", *STATES], default="DELIVRD")
    parser.add_argument("--receipt-pdu", choices=["deliver_sm", "data_sm"], default="deliver_sm")
    parser.add_argument("--receipt-delay", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--text-only", action="store_true", help="receipts without TLVs")
    parser.add_argument("--id-prefix", default="jasmin-")
    parser.add_argument("--ignore-stdin", action="store_true", help="do not end when standard input is closed")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})

    smsc = Smsc(options)
    port = reactor.listenTCP(options.port, simulator_factory(smsc), interface=options.host)
    stdio.StandardIO(Commands(smsc))
    print("PORT", port.getHost().port, file=OUT, flush=True)
    reactor.run()


if __name__ == "__main__":
    main()
