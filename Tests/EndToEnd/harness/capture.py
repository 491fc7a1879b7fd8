"""What went over the loopback, as Wireshark's dissector reads it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import xml.etree.ElementTree as xml
from collections import defaultdict
from pathlib import Path

from . import processes
from .waiting import eventually

# The command_id of SMPP 3.4, section 5.1.2.1, without the bit of a response.
COMMANDS = {0x0: "generic_nack", 0x1: "bind_receiver", 0x2: "bind_transmitter", 0x4: "submit_sm", 0x5: "deliver_sm",
            0x6: "unbind", 0x9: "bind_transceiver", 0x15: "enquire_link", 0x103: "data_sm"}
RESPONSE = 0x80000000
# Expert information of Wireshark from this severity on is a warning or worse.
WARNING = 0x00600000


def obstacle() -> str | None:
    """Why nothing can be captured here; None where it can."""
    if not shutil.which("tshark") or not shutil.which("dumpcap"):
        return "tshark is missing: run `make setup`"
    asked = subprocess.run(["dumpcap", "-L", "-i", "lo"], capture_output=True, text=True, check=False)
    return None if asked.returncode == 0 else f"capturing on lo is not permitted, root may: {asked.stderr.strip()}"


class Pdu:
    """One PDU: its command, and what the dissector shows of each field, in order."""

    def __init__(self, proto: xml.Element):
        self.fields = defaultdict(list)
        for field in proto.iter("field"):
            self.fields[field.get("name")].append(field.get("show"))
        number = int(self.first("smpp.command_id"), 0)
        self.command = COMMANDS[number & ~RESPONSE] + ("_resp" if number & RESPONSE else "")

    def first(self, name: str) -> str | None:
        return self.fields[name][0] if self.fields[name] else None

    def number(self, name: str) -> int | None:
        """The field as a number; the dissector shows some in hexadecimal."""
        shown = self.first(name)
        return None if shown is None else int(shown, 0)

    def __repr__(self):
        return f"{self.command} {dict(self.fields)}"


class Capture:
    """Everything to and from a port, from the moment that this returns."""

    def __init__(self, port: int, folder: Path):
        self.port = port
        self.path = folder / f"port-{port}.pcapng"
        self.process = processes.start(
            ["dumpcap", "-q", "-i", "lo", "-f", f"tcp port {port}", "-w", str(self.path)],
            dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
        self.log = processes.Log(self.process.stderr, folder / f"dumpcap-{port}.log")
        # It says so once the file is open and packets come.
        self.log.wait_for(lambda line: re.match("File: ", line))

    def stop(self, last: str, count: int = 1) -> list[Pdu]:
        """The PDUs, once the last ones of the dialogue are on the disk: so many of this command.

        Raises where the dissector finds anything wrong."""
        def complete():
            # dumpcap writes what it has when the next packet comes.
            socket.create_connection(("127.0.0.1", self.port)).close()
            return sum(pdu.command == last for pdu in self._read()) >= count

        eventually(complete, 40, pause=0.2, what=f"{count} {last}")
        processes.end(self.process, signal_number=signal.SIGINT)
        self.log.close()
        faults = self._tshark("-Y", f"_ws.malformed || (smpp && _ws.expert.severity >= {WARNING})"
                              " || (tcp.len > 0 && !smpp && !tcp.reassembled_in)")
        assert faults == "", f"Wireshark finds something wrong: {faults}"
        return self._read()

    def close(self):
        if self.process.poll() is None:
            processes.end(self.process, signal_number=signal.SIGINT)

    def _read(self) -> list[Pdu]:
        pdml = self._tshark("-Y", "smpp", "-T", "pdml")
        if not pdml:
            return []
        return [Pdu(proto) for proto in xml.fromstring(pdml).iter("proto") if proto.get("name") == "smpp"]

    def _tshark(self, *arguments: str) -> str:
        command = ["tshark", "-2", "-r", str(self.path), "-d", f"tcp.port=={self.port},smpp", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
