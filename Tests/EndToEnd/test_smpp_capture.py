"""What the program says on the line, read by Wireshark: nothing malformed, and each field as the provider wants it."""

import re
import socket

import pytest

from harness.capture import Capture, obstacle
from harness.practice import Practice
from test_main_job import END, LATER, SAVED, START

CLOSING = "Bis bald! Absagen bitte bis Montag, 18 Uhr: 0316 5550100. Übernächste Tür links."
TEXT = "Terminerinnerung 02.03.2027, 10:30. " + CLOSING

# GSM 03.38, of what is in that text and not in ASCII.
GSM = str.maketrans({"Ü": "\x5e", "ä": "\x7b", "ü": "\x7e"})


@pytest.fixture
def dialogue(migrated, smsc, tmp_path):
    """Sends one reminder to a peer: dialogue(script, ["key=value", ...]) are the PDUs; a pair unbinds twice."""
    if reason := obstacle():
        pytest.skip(reason)
    captures = []

    def run(script: str, options: list[str], unbinds: int = 1) -> list:
        peer = smsc(script=script)
        practice = Practice(migrated, clock=SAVED)
        server = migrated.serve("--role", "web", clock=SAVED)
        practice.open(server)
        practice.furnish(closing_text=CLOSING, sender="Musterhof")
        practice.appointment(practice.patient(), START, END)
        server.stop()
        capture = Capture(peer.port, tmp_path)
        captures.append(capture)
        secret = tmp_path / "secret"
        secret.write_text("geheim\n")
        add = [word for option in options for word in ("--option", option)]
        migrated("provider", "add", "smsc", "--kind", "smpp", "--url", f"smpp://127.0.0.1:{peer.port}", "--user",
                 "vortag", "--secret-file", secret, *add)
        migrated("deliver", "--once", "--wait", "30", clock=LATER)
        # smpp34 may close before its unbind_resp is on the line, where the machine is busy.
        last = "unbind" if script == "smpp34_smsc.py" else "unbind_resp"
        return capture.stop(last, unbinds)

    yield run
    for capture in captures:
        capture.close()


def only(pdus: list, command: str) -> list:
    return [pdu for pdu in pdus if pdu.command == command]


def addresses(pdu) -> tuple:
    names = ("smpp.source_addr_ton", "smpp.source_addr_npi", "smpp.dest_addr_ton", "smpp.dest_addr_npi")
    return tuple(pdu.number(name) for name in names)


def octets(pdu) -> bytes:
    """Of short_message; the dissector leaves the default alphabet alone."""
    return bytes.fromhex(pdu.first("smpp.message").replace(":", ""))


def answered(pdus: list, command: str) -> bool:
    """Whether each request has its response, with the same number and without an error."""
    asked = sorted(pdu.number("smpp.sequence_number") for pdu in only(pdus, command))
    answers = only(pdus, command + "_resp")
    assert all(pdu.number("smpp.command_status") == 0 for pdu in answers)
    return asked == sorted(pdu.number("smpp.sequence_number") for pdu in answers)


def test_a_reminder_over_one_session(dialogue):
    pdus = dialogue("smpp34_smsc.py", [])
    [bind] = only(pdus, "bind_transceiver")
    assert (bind.first("smpp.system_id"), bind.number("smpp.interface_version")) == ("vortag", 0x34)
    [submit] = only(pdus, "submit_sm")
    assert addresses(submit) == (5, 0, 1, 1)
    assert (submit.first("smpp.source_addr"), submit.first("smpp.destination_addr")) == ("Musterhof", "436641234500")
    assert submit.number("smpp.data_coding") == 0 and submit.number("smpp.regdel.receipt") == 1
    assert 49_700 < float(submit.first("smpp.validity_period_r")) <= 49_800, "until nine in the evening"
    assert octets(submit) == TEXT.translate(GSM).encode("ascii")
    [receipt] = only(pdus, "deliver_sm")
    assert receipt.number("smpp.esm.submit.msg_type") == 1 and receipt.number("smpp.message_state") == 2
    for command in ("bind_transceiver", "submit_sm", "deliver_sm"):
        assert answered(pdus, command), command


@pytest.mark.parametrize("script", ["netsmpp_smsc.pl", "jasmin_smsc.py"])
def test_a_reminder_in_ucs2_and_parts_over_a_pair(dialogue, script):
    pdus = dialogue(script, ["bind=pair", "alphabet=ucs2", "long=parts", "source-npi=1", "validity-form=absolute"], 2)
    assert len(only(pdus, "bind_transmitter")) == len(only(pdus, "bind_receiver")) == 1
    submits = only(pdus, "submit_sm")
    assert [octets(pdu)[:6].hex() for pdu in submits] == ["050003010201", "050003010202"]
    for pdu in submits:
        assert addresses(pdu) == (5, 1, 1, 1) and pdu.number("smpp.data_coding") == 8
        assert pdu.number("smpp.esm.submit.features") == 1, "a header stands before the text"
        assert re.match(r"Mar  1, 2027 (19:59:5\d|20:00:00)\..* UTC", pdu.first("smpp.validity_period"))
    assert "".join(pdu.first("smpp.message_text") for pdu in submits) == TEXT
    receipts = only(pdus, "deliver_sm")
    assert len(receipts) == 2 and all(pdu.number("smpp.message_state") == 2 for pdu in receipts)
    for command in ("bind_transmitter", "bind_receiver", "submit_sm", "deliver_sm", "unbind"):
        assert answered(pdus, command), command


def test_a_reminder_in_segments(dialogue):
    submits = only(dialogue("netsmpp_smsc.pl", ["alphabet=ucs2", "long=sar"]), "submit_sm")
    numbers = ("smpp.sar_msg_ref_num", "smpp.sar_total_segments", "smpp.sar_segment_seqnum")
    assert [[pdu.number(name) for name in numbers] for pdu in submits] == [[1, 2, 1], [1, 2, 2]]
    assert all(pdu.number("smpp.esm.submit.features") == 0 for pdu in submits)
    assert "".join(pdu.first("smpp.message_text") for pdu in submits) == TEXT


@pytest.mark.parametrize(
    "options, coding, encoding",
    [(["alphabet=latin1"], 3, "latin-1"), (["message-payload=always", "alphabet=ucs2"], 8, "utf-16-be")],
)
def test_a_reminder_in_another_shape(dialogue, options, coding, encoding):
    [submit] = only(dialogue("netsmpp_smsc.pl", options), "submit_sm")
    assert submit.number("smpp.data_coding") == coding
    payload = submit.first("smpp.message_payload")
    assert (payload is not None) == ("message-payload=always" in options)
    shown = bytes.fromhex(payload.replace(":", "")) if payload else octets(submit)
    assert shown.decode(encoding) == TEXT


def test_what_is_wrong_on_the_line_is_found(migrated, smsc, tmp_path):
    """The check itself: a PDU whose parameters are cut off must not pass."""
    if reason := obstacle():
        pytest.skip(reason)
    peer = smsc(script="netsmpp_smsc.pl")
    capture = Capture(peer.port, tmp_path)
    with socket.create_connection(("127.0.0.1", peer.port)) as line:
        line.sendall(bytes.fromhex("0000001e" "00000004" "00000000" "00000001") + b"\0\5\0Praxis\0\1\1436\0")
        line.sendall(bytes.fromhex("00000010" "00000006" "00000000" "00000002"))
        line.recv(1000)
    with pytest.raises(AssertionError, match="Wireshark finds"):
        capture.stop("unbind")
