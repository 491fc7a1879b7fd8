"""A wall clock that can be set while the program runs, as an administrator or a broken time server sets a machine's."""

import mmap
import struct
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path


class WallClock:
    """Shifts the wall clock of every process that gets `environment`; the monotonic clock stays as it is.

    A library of our own is loaded into the program, since libfaketime touches waiting and monotonic time as well.
    """

    def __init__(self, folder: Path, instant: datetime):
        library = folder / "wall_clock.so"
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library,
                        Path(__file__).with_name("wall_clock.c"), "-ldl"], check=True)
        file = folder / "wall-clock-offset"
        file.write_bytes(struct.pack("=q", 0))
        with file.open("r+b") as handle:
            self._page = mmap.mmap(handle.fileno(), 8)
        self.environment = {"LD_PRELOAD": str(library), "SHIFTED_CLOCK_FILE": str(file)}
        self.set(instant)

    @property
    def offset(self) -> int:
        """Seconds before the true time."""
        return struct.unpack("=q", self._page[:])[0]

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.offset, UTC)

    def set(self, instant: datetime):
        """This instant is now."""
        self._page[:] = struct.pack("=q", round(instant.timestamp() - time.time()))

    def step(self, seconds: int):
        """A jump, forward or back."""
        self._page[:] = struct.pack("=q", self.offset + seconds)
