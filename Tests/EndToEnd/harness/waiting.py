"""Waiting for something to become true, always with a deadline."""

import socket
import time


def eventually(attempt, seconds: float = 10, pause: float = 0.05, what: str = "the condition"):
    """The first true result of `attempt()`; what it asserts may fail until the time is up."""
    deadline, last = time.monotonic() + seconds, None
    while True:
        try:
            if result := attempt():
                return result
        except AssertionError as error:
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} s") from last
        time.sleep(pause)


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
