"""The line between a client and an SMSC, frame by frame, where a fault can strike at an exact moment.

Moments, in the order in which a message meets them:
  bound         the SMSC's answer to a bind was passed on
  submit        a submit_sm came; the SMSC has not seen it
  taken         the SMSC has it on its list; told by the SMSC itself
  answer        the SMSC's answer came; the client has not seen it
  answered      that answer was passed on
  receipt       a receipt came; the client has not seen it
  received      that receipt was passed on
  acknowledged  the client's answer to a receipt came
Deeds: kill (SIGKILL to a process), cut (the connections end at once), freeze (nothing passes any more, nothing ends),
drop (this frame alone is lost), garbage (a frame whose length lies takes this one's place).
"""

import asyncio
import contextlib
import os
import signal
import struct

SUBMIT_SM, SUBMIT_SM_RESP = 0x00000004, 0x80000004
DELIVER_SM, DELIVER_SM_RESP = 0x00000005, 0x80000005
BIND_RESPONSES = {0x80000001, 0x80000002, 0x80000009}
BEFORE = {SUBMIT_SM: "submit", SUBMIT_SM_RESP: "answer", DELIVER_SM: "receipt", DELIVER_SM_RESP: "acknowledged"}
AFTER = {SUBMIT_SM_RESP: "answered", DELIVER_SM: "received"} | {command: "bound" for command in BIND_RESPONSES}

# Lengths that no PDU has: shorter than its own header, absurd, and one that promises more than will come.
GARBAGE = {
    "short": struct.pack(">IIII", 7, SUBMIT_SM_RESP, 0, 1),
    "zero": struct.pack(">IIII", 0, SUBMIT_SM_RESP, 0, 1),
    "huge": struct.pack(">IIII", 0x7FFFFFFF, SUBMIT_SM_RESP, 0, 1) + b"\xff" * 64,
    "negative": struct.pack(">IIII", 0xFFFFFFF0, DELIVER_SM, 0, 1) + b"\x00" * 64,
}


class Trigger:
    """One deed at the n-th time of a moment, counted from when the trigger was set."""

    def __init__(self, at, do, count=1, pid=None, shape="huge"):
        self.at, self.do, self.left, self.pid, self.shape = at, do, count, pid, shape


class Line:
    """Every connection of clients to the SMSC."""

    def __init__(self, host, inner_port, tell):
        self.host, self.inner_port, self.tell = host, inner_port, tell
        self.triggers = []
        self.writers = set()
        self.thawed = asyncio.Event()
        self.thawed.set()

    async def connection(self, reader, writer):
        try:
            inner_reader, inner_writer = await asyncio.open_connection(self.host, self.inner_port)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, inner_writer}
        self.writers |= ends
        await asyncio.gather(self.pass_on(reader, inner_writer, ends), self.pass_on(inner_reader, writer, ends))
        self.writers -= ends

    async def pass_on(self, reader, writer, ends):
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readexactly(16)
                length, command = struct.unpack(">II", head[:8])
                frame = head + await reader.readexactly(max(length, 16) - 16)
                await self.thawed.wait()
                frame = self.at(BEFORE.get(command), frame)
                await self.thawed.wait()
                if frame:
                    writer.write(frame)
                    await writer.drain()
                self.at(AFTER.get(command))
        # What one end was still told is passed on before the other ends.
        for end in ends:
            with contextlib.suppress(ConnectionError, RuntimeError):
                end.close()

    def at(self, moment, frame=b""):
        """Does what is to be done at this moment. Returns what is to be passed on in the frame's place."""
        for trigger in [trigger for trigger in self.triggers if trigger.at == moment]:
            trigger.left -= 1
            if trigger.left == 0:
                self.triggers.remove(trigger)
                frame = self.strike(trigger, frame)
        return frame

    def strike(self, trigger, frame):
        self.tell(event="struck", at=trigger.at, do=trigger.do)
        if trigger.do == "kill":
            with contextlib.suppress(ProcessLookupError):
                os.kill(trigger.pid, signal.SIGKILL)
        elif trigger.do == "cut":
            self.cut()
            return b""
        elif trigger.do == "freeze":
            self.thawed.clear()
        elif trigger.do == "drop":
            return b""
        elif trigger.do == "garbage":
            return GARBAGE[trigger.shape]
        return frame

    def cut(self):
        """Every connection ends with a reset, as when a machine in between goes away."""
        for writer in list(self.writers):
            writer.transport.abort()
