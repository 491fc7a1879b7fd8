"""The oracle itself: a fault that it does not see would let every other test pass."""

import pytest

from rig.oracle import STANDING, judge

MOBILE, TEXT = "436647000001", "Terminerinnerung 02.03.2027, 10:30. Bis bald!"


class Told:
    """A database that tells one reminder's standing, with what a test changes."""

    url = "none"

    def __init__(self, open_attempts=0, **changes):
        row = {"reminder": 1, "mobile": MOBILE, "state": "settled", "reason": None, "text": TEXT, "status": "delivered",
               "unclear": 0, "presumed": 0, "possibly_twice": 0, "attempts": 1}
        assert changes.keys() <= row.keys()
        self.row, self.open_attempts = tuple((row | changes).values()), open_attempts

    def query(self, sql):
        return [self.row] if sql == STANDING else [(self.open_attempts,)]


def faults(told, times_taken, receipts=True, text=TEXT):
    return set(judge(told, [{"destination": MOBILE, "text": text}] * times_taken, receipts).faults)


UNSENT = {"text": None, "status": None, "unclear": None, "presumed": None, "possibly_twice": None, "attempts": None}


@pytest.mark.parametrize("changes, times_taken, expected", [
    ({}, 1, set()),
    ({}, 0, {"lost"}),
    ({"status": "submitted"}, 0, {"lost"}),
    ({"state": "skipped", **UNSENT}, 0, {"lost"}),
    ({"state": "skipped", "reason": "cancelled", **UNSENT}, 0, set()),
    ({"status": "provider_error"}, 0, set()),
    ({"state": "planned", **UNSENT}, 0, {"unsettled"}),
    ({"state": "started", "status": None}, 1, {"unsettled", "misreported"}),
    ({"state": "started"}, 1, set()),
    ({"status": None, "unclear": 1}, 1, {"unsettled"}),
    ({}, 2, {"silent_twice"}),
    ({"possibly_twice": 1}, 2, {"marked_twice"}),
    ({"status": "submitted"}, 1, {"misreported"}),
    ({"status": "provider_error", "presumed": 1}, 1, {"misreported"}),
    ({"text": "another text"}, 1, {"strange"}),
])
def test_each_fault_is_counted_and_nothing_else(changes, times_taken, expected):
    assert faults(Told(**changes), times_taken) == expected


@pytest.mark.parametrize("changes, expected", [
    ({"status": "submitted"}, set()),
    ({"status": "provider_error", "presumed": 1}, set()),
    ({"status": "provider_error"}, {"misreported"}),
])
def test_without_receipts_an_admitted_guess_is_no_fault(changes, expected):
    assert faults(Told(**changes), 1, receipts=False) == expected


def test_an_attempt_without_an_outcome_is_unsettled():
    assert faults(Told(open_attempts=2), 1) == {"unsettled"}
