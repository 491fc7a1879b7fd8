"""A small disk of its own that can be filled to the last byte."""

import errno
import os
import subprocess
from pathlib import Path


class SmallDisk:
    """A tmpfs of so many MB. Only root may mount one: `why_not` tells what was in the way."""

    def __init__(self, folder: Path, megabytes: int):
        self.folder = folder
        folder.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "vortag-test", folder],
                              capture_output=True, text=True, check=False)
        self.why_not = None if done.returncode == 0 else f"no small disk could be mounted: {done.stderr.strip()}"

    def fill(self):
        """Writes until nothing more fits."""
        with (self.folder / "ballast").open("ab", buffering=0) as file:
            for size in (65536, 4096, 1):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError as error:
                    assert error.errno == errno.ENOSPC, error

    def free(self):
        os.unlink(self.folder / "ballast")

    def unmount(self):
        if self.why_not is None:
            subprocess.run(["umount", "--lazy", self.folder], check=True)
