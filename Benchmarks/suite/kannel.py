"""Kannel from Debian as a peer: bearerbox and smsbox as plain processes, everything in a folder of their own.

Its queue is spooled on disk, receipts are on, one SMPP transceiver with the same window. The messages are put in through
smsbox's sendsms while the SMSC does not listen yet, so they lie in the spool; then the SMSC starts, and the time counts
from the first submit_sm (the seconds until Kannel reconnects are not held against it) to the last receipt.
"""

import http.client
import os
import re
import subprocess
import sys
import threading
import time
import urllib.parse
from pathlib import Path

from harness import processes
from harness.waiting import eventually, free_port

from . import measure
from .smsc import SMSC

CONFIGURATION = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = bench
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
store-type = spool
store-location = "{folder}/spool"
dlr-storage = internal
log-file = "{folder}/bearerbox.log"
log-level = 4

group = smsc
smsc = smpp
smsc-id = bench
host = 127.0.0.1
port = {smsc}
transceiver-mode = true
smsc-username = bench
smsc-password = bench
system-type = ""
interface-version = 34
max-pending-submits = {window}
reconnect-delay = 1
source-addr-ton = 1
source-addr-npi = 1
dest-addr-ton = 1
dest-addr-npi = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
log-file = "{folder}/smsbox.log"
log-level = 4

group = sendsms-user
username = bench
password = bench
"""
# As long as the reminder that Vortag composes in the same benchmark, so that one submit_sm carries one SMS.
TEXT = ("Guten Tag, wir erinnern an Ihren Termin am Dienstag, 2. Maerz 2027 um 10:30 Uhr in der Praxis am Park, "
        "Hauptplatz. Bis bald!")


class Kannel:
    """bearerbox and smsbox, and the sink of their receipts."""

    def __init__(self, folder: Path, window: int):
        self.folder = folder
        (folder / "spool").mkdir(parents=True)
        self.admin, self.sendsms, self.smsc_port = free_port(), free_port(), free_port()
        self.configuration = folder / "kannel.conf"
        self.configuration.write_text(
            CONFIGURATION.format(admin=self.admin, boxes=free_port(), sendsms=self.sendsms, smsc=self.smsc_port,
                                 folder=folder, window=window)
        )
        self._processes: list[subprocess.Popen] = []
        self.sink = processes.start([sys.executable, str(Path(__file__).with_name("callbacks.py"))], dict(os.environ),
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.sink_port = int(self.sink.stdout.readline())

    def start(self):
        self._start("bearerbox")
        eventually(lambda: self.status() is not None, 20, what="bearerbox")
        self._start("smsbox")
        eventually(lambda: self._answers(self.sendsms, "/"), 20, what="smsbox")

    def _start(self, name: str):
        with (self.folder / f"{name}.out").open("w") as out:
            self._processes.append(
                processes.start([f"/usr/sbin/{name}", "-v", "4", str(self.configuration)], dict(os.environ), cwd=self.folder,
                                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
            )

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self._processes]

    def _answers(self, port: int, path: str) -> bool:
        try:
            self._get(port, path)
            return True
        except OSError:
            return False

    def _get(self, port: int, path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", path)
        body = connection.getresponse().read()
        connection.close()
        return body

    def status(self) -> dict | None:
        """Kannel's own counts: sent, queued, receipts taken from the SMSC, receipts still waited for."""
        try:
            text = self._get(self.admin, "/status.xml?password=bench").decode()
        except OSError:
            return None
        sms = re.search(r"<sms>.*</sms>", text, re.S).group()
        dlr = re.search(r"<dlr>.*</dlr>", text, re.S).group()

        def number(pattern: str, within: str) -> int:
            found = re.search(pattern, within, re.S)
            return int(found.group(1)) if found else 0

        return {
            "sent": number(r"<sent>\s*<total>(\d+)", sms),
            "stored": number(r"<storesize>(-?\d+)", sms),
            "receipts": number(r"<received>\s*<total>(\d+)", dlr),
            "waiting": number(r"<queued>(\d+)", dlr),
        }

    def callbacks(self) -> int:
        """How many receipts smsbox has passed on."""
        self.sink.stdin.write("\n")
        self.sink.stdin.flush()
        return int(self.sink.stdout.readline())

    def feed(self, count: int, mask: int, last_digits: str, callbacks: bool, workers: int = 8):
        """Puts so many messages in through sendsms; each number is a different one with these last digits."""
        failures: list[str] = []
        url = f"http://127.0.0.1:{self.sink_port}/receipt?status=%d"
        same = {"username": "bench", "password": "bench", "from": "+436641234567", "text": TEXT, "dlr-mask": mask}
        same |= {"dlr-url": url} if callbacks else {}

        def put(numbers):
            connection = http.client.HTTPConnection("127.0.0.1", self.sendsms, timeout=30)
            for number in numbers:
                query = urllib.parse.urlencode(same | {"to": f"+4366{number:07d}{last_digits}"})
                connection.request("GET", "/cgi-bin/sendsms?" + query)
                response = connection.getresponse()
                body = response.read()
                if response.status != 202:
                    failures.append(f"{response.status} {body!r}")
                    return
            connection.close()

        threads = [threading.Thread(target=put, args=(range(index, count, workers),)) for index in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures, failures

    def stop(self):
        for process in reversed(self._processes):
            # Told twice to end, Kannel does not wait for what is under way.
            try:
                processes.end(process, seconds=20)
            except AssertionError:
                pass
        processes.end(self.sink)


def measure_once(program, folder: Path, messages: int, window: int, mask: int = 3, last_digits: str = "00",
                 callbacks: bool = False) -> dict:
    """One run. `mask` 3 asks for the final receipt only, 31 for every step as well.

    Without `callbacks` Kannel matches the receipts and tells nobody: what it costs at the least.
    """
    kannel = Kannel(folder, window)
    smsc = None
    try:
        kannel.start()
        kannel.feed(messages, mask, last_digits, callbacks)
        eventually(lambda: kannel.status()["stored"] >= messages, 30, what="messages in the spool")
        before = [measure.cpu_seconds(pid) for pid in kannel.pids]
        smsc = SMSC(program, port=kannel.smsc_port)
        started, ended = _drain(kannel, messages * (2 if mask & 8 else 1) if callbacks else 0)
        cpu = [measure.cpu_seconds(pid) - earlier for pid, earlier in zip(kannel.pids, before)]
        result = {
            "seconds": ended - started,
            "cpu": sum(cpu),
            "bearerbox cpu": cpu[0],
            "smsbox cpu": cpu[1],
            "sink cpu": measure.cpu_seconds(smsc.pid),
            "peak": measure.peak_megabytes(*kannel.pids),
            "lost": kannel.status()["waiting"],
        }
        sent = kannel.status()["sent"]
        assert sent == messages, f"Kannel sent {sent} messages instead of {messages}"
        return result
    finally:
        if smsc is not None:
            smsc.stop()
        kannel.stop()


def _drain(kannel: Kannel, wanted_callbacks: int) -> tuple[float, float]:
    """From the first submit to the last thing that happened, by Kannel's own counts: nothing has moved for 2 s then."""
    deadline = time.monotonic() + 20
    while not kannel.status()["sent"]:
        assert time.monotonic() < deadline, "Kannel submitted nothing"
        time.sleep(0.02)
    first = last = time.monotonic()
    seen = None
    while time.monotonic() < last + (2 if seen is None or seen[-1] >= wanted_callbacks else 10):
        progress = (*kannel.status().values(), kannel.callbacks())
        if progress != seen:
            seen, last = progress, time.monotonic()
        time.sleep(0.1)
    return first, last
