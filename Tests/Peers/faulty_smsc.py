#!/usr/bin/env python3
"""An SMSC that is none of ours and has every fault: the server of the PyPI package smpp34 behind a faulty line.

Prints `PORT <n>` when it listens. Its own list, one JSON object a line, goes to the file of `--list`, and a message is
on it before it is answered:
  {"event": "bound" | "unbound", "session"}
  {"event": "taken", "messageId", "destination", "text"}      it will reach the patient, whatever the client hears
  {"event": "turned-away", "destination", "status"}           it was never taken
  {"event": "acknowledged", "messageId"}                      the client has taken its receipt
  {"event": "not-acknowledged", "messageId", "status"}        it said that it could not; it is told again
  {"event": "struck", "at", "do"}                             a trigger's deed was done, see fault_line.py
Standard input takes one JSON object a line; its end ends the SMSC:
  {"set": {"throttle": 0.3, …}}    changes settings, see DEFAULTS
  {"trigger": {"at": "taken", "do": "kill", "count": 5, "pid": 4711}}
  {"do": "cut" | "freeze" | "thaw" | "forget-triggers"}

Receipts are kept until they are acknowledged: what a broken session did not take is delivered on the next bind.
"""

import argparse
import asyncio
import collections
import contextlib
import json
import os
import random
import signal
import socket
import sys

try:
    import smpp34
except ImportError:
    sys.exit("the Python package smpp34 is missing: run `make setup`")

from fault_line import Line, Trigger

THROTTLED = 0x58
# Times in seconds, as the least and the most of them; chances from 0 to 1.
DEFAULTS = {
    "answer_delay": [0.0, 0.0],   # unequal delays put answers out of order
    "receipt_delay": [0.0, 0.0],
    "receipts": True,
    "receipt_text": True,         # with the first 20 characters of the message, as SMPP 3.4 appendix B has it
    "early_receipt": 0.0,         # the receipt is delivered before the answer
    "throttle": 0.0,              # not taken: ESME_RTHROTTLED
    "refuse": 0,                  # not taken: this command_status
    "silent": 0.0,                # taken, never answered
    "unbind": 0.0,                # taken, and the SMSC unbinds in place of an answer
}


def free_port(host):
    with contextlib.closing(socket.socket()) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


class Smsc:
    def __init__(self, options):
        self.settings = dict(DEFAULTS)
        self.random = random.Random(options.seed)
        self.list = os.open(options.list, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        inner_port = free_port(options.host)
        self.server = smpp34.Server(host=options.host, port=inner_port, system_id="smpp34", inbound_capacity=4096)
        self.line = Line(options.host, inner_port, self.tell)
        self.sessions = {}
        self.kept = collections.deque()
        self.unanswered = []
        self.waiting = asyncio.Event()
        self.tasks = set()
        self.count = 0
        self.id_prefix = options.id_prefix

    def tell(self, **fields):
        os.write(self.list, (json.dumps(fields, ensure_ascii=False) + "\n").encode())

    def spawn(self, work):
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def chance(self, name):
        return self.random.random() < self.settings[name]

    def delay(self, name):
        return asyncio.sleep(self.random.uniform(*self.settings[name]))

    # Messages.

    async def serve(self):
        while True:
            event = await self.server.next()
            if isinstance(event, smpp34.Esme):
                self.tell(event="bound", session=event.session_id)
                self.sessions[event.session_id] = event
                self.waiting.set()
            elif isinstance(event, smpp34.SubmitSmEvent):
                self.submitted(event)
            elif isinstance(event, smpp34.Unbound):
                self.sessions.pop(event.session_id, None)
                self.tell(event="unbound", session=event.session_id)

    def submitted(self, event):
        text = event.short_message.decode("latin-1")
        status = self.settings["refuse"] or (THROTTLED if self.chance("throttle") else 0)
        if status:
            self.tell(event="turned-away", destination=event.destination_addr, status=status)
            event.reject(status)
            return
        self.count += 1
        message_id = f"{self.id_prefix}{self.count}"
        self.tell(event="taken", messageId=message_id, destination=event.destination_addr, text=text)
        self.line.at("taken")
        self.spawn(self.answer(event, message_id, text))

    async def answer(self, event, message_id, text):
        receipt = self.settings["receipts"] and event.registered_delivery & 0x03
        if receipt and self.chance("early_receipt"):
            # At once, and the answer only after the client has it.
            await self.deliver(Receipt(event, message_id, text), self.sessions.get(event.session_id))
            receipt = False
        await self.delay("answer_delay")
        if self.chance("silent"):
            # An event that is let go would be answered by itself.
            self.unanswered.append(event)
        elif self.chance("unbind"):
            self.unanswered.append(event)
            await self.unbind(event.session_id)
        else:
            with contextlib.suppress(smpp34.SmppError, RuntimeError, OSError):
                event.accept(message_id)
        if receipt:
            await self.delay("receipt_delay")
            self.kept.append(Receipt(event, message_id, text))
            self.waiting.set()

    async def unbind(self, session_id):
        if session := self.sessions.pop(session_id, None):
            with contextlib.suppress(smpp34.SmppError, RuntimeError, OSError):
                await session.unbind()

    # Receipts.

    async def deliver_kept(self):
        """Gives the kept receipts to whoever is bound, at most ten at once."""
        room = asyncio.Semaphore(10)
        while True:
            await self.waiting.wait()
            if not self.kept or not self.sessions:
                self.waiting.clear()
                continue
            await room.acquire()
            session = next(reversed(self.sessions.values()), None)
            if session is None or not self.kept:
                room.release()
                continue
            work = asyncio.create_task(self.deliver(self.kept.popleft(), session))
            self.tasks.add(work)
            work.add_done_callback(lambda task: (self.tasks.discard(task), room.release()))

    async def deliver(self, receipt, session):
        status = await receipt.deliver(session, self.settings["receipt_text"]) if session else None
        if status == 0:
            self.tell(event="acknowledged", messageId=receipt.message_id)
            return
        if status is None:
            # The session is broken: the receipt waits for the next bind.
            self.sessions = {key: value for key, value in self.sessions.items() if value is not session}
        else:
            # The client could not take it now.
            self.tell(event="not-acknowledged", messageId=receipt.message_id, status=status)
            await asyncio.sleep(0.5)
        self.kept.append(receipt)
        self.waiting.set()

    # Orders.

    def obey(self, order):
        if "set" in order:
            unknown = order["set"].keys() - DEFAULTS.keys()
            assert not unknown, f"unknown settings: {unknown}"
            self.settings |= order["set"]
        if "trigger" in order:
            self.line.triggers.append(Trigger(**order["trigger"]))
        match order.get("do"):
            case "cut":
                self.line.cut()
            case "freeze":
                self.line.thawed.clear()
            case "thaw":
                self.line.thawed.set()
            case "forget-triggers":
                self.line.triggers.clear()
        print(json.dumps({"obeyed": order}), flush=True)


class Receipt:
    """One message's delivery receipt, in the form of SMPP 3.4 appendix B with its two TLVs."""

    def __init__(self, event, message_id, text):
        self.event, self.message_id, self.text = event, message_id, text

    async def deliver(self, session, with_text):
        """The command_status of the client's answer; None where none came."""
        event = self.event
        text = (f"id:{self.message_id} sub:001 dlvrd:001 submit date:2703010700 done date:2703010701 stat:DELIVRD "
                f"err:000 text:{self.text[:20] if with_text else ''}")
        tlvs = [smpp34.Tlv(smpp34.TLV_RECEIPTED_MESSAGE_ID, self.message_id.encode() + b"\0"),
                smpp34.Tlv(smpp34.TLV_MESSAGE_STATE, b"\x02")]
        try:
            answer = await asyncio.wait_for(session.deliver_sm(
                event.source_addr, text.encode("latin-1"), source_addr=event.destination_addr,
                source_addr_ton=event.dest_addr_ton, source_addr_npi=event.dest_addr_npi,
                dest_addr_ton=event.source_addr_ton, dest_addr_npi=event.source_addr_npi,
                esm_class=0x04, tlvs=tlvs), 15)
            return answer.command_status
        except (smpp34.SmppError, RuntimeError, OSError, TimeoutError) as error:
            print(f"receipt {self.message_id}: {error}", file=sys.stderr, flush=True)
            return None


async def main(options):
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    smsc = Smsc(options)
    await smsc.server.start()
    listener = await asyncio.start_server(smsc.line.connection, options.host, options.port)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    print("PORT", listener.sockets[0].getsockname()[1], flush=True)

    async def obey():
        while line := await orders.readline():
            smsc.obey(json.loads(line))

    work = [asyncio.create_task(part) for part in (smsc.serve(), smsc.deliver_kept(), obey(), stop.wait())]
    done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        if task.exception():
            print(f"the SMSC failed: {task.exception()!r}", flush=True)
            os._exit(1)
    # At once, as an SMSC that is switched off; smpp34's own stop() waits for its sessions.
    os._exit(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--list", required=True, metavar="FILE")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--id-prefix", default="m")
    asyncio.run(main(parser.parse_args()))
