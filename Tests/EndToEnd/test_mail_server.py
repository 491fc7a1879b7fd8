"""The mail server of the tests is one: it delivers, refuses, bounces, and leaves nothing behind."""

import os
import shutil
import smtplib
import ssl
from pathlib import Path

import pytest
from harness.waiting import eventually


def _send(server, recipient, sender=None):
    context = ssl.create_default_context(cafile=server.ca)
    sender = sender or server.practice
    text = f"From: {sender}\r\nTo: {recipient}\r\nMessage-ID: <one@example.at>\r\nSubject: Hallo\r\n\r\nHallo\r\n"
    with smtplib.SMTP("localhost", server.ports["submission"], timeout=10) as client:
        client.starttls(context=context)
        client.login(server.practice, server.password)
        client.sendmail(sender, [recipient], text)


def test_a_mail_is_delivered_and_one_to_nobody_comes_back_as_a_report(mail_server):
    server = mail_server()
    _send(server, "anna.huber+1@example.org")
    _send(server, "niemand@example.org")
    [delivered] = server.wait_for_messages("anna.huber@example.org", 1)
    assert "Message-ID: <one@example.at>" in delivered["bytes"]
    [report] = server.wait_for_messages(server.practice, 1)
    assert "report-type=delivery-status" in report["bytes"]
    assert "Status: 5.1.1" in report["bytes"] and "Action: failed" in report["bytes"]


def test_it_refuses_and_limits_as_it_is_told(mail_server):
    server = mail_server("--refuse-sender", "fremd@example.at", "--messages-per-unit", "2", "--rate-unit", "600")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        _send(server, "anna.huber@example.org", sender="fremd@example.at")
    with pytest.raises(smtplib.SMTPSenderRefused) as limited:
        for _ in range(3):
            _send(server, "anna.huber@example.org")
    assert limited.value.smtp_code == 450


def test_the_sent_folder_is_called_as_it_is_told(mail_server):
    server = mail_server("--sent", "Gesendete Objekte")
    assert '(\\HasNoChildren \\Sent) "/" "Gesendete Objekte"' in server.order("folders", user=server.practice)["folders"]
    assert server.messages(server.practice, "Gesendete Objekte") == []


def test_nothing_is_left_of_it_however_it_ends(mail_server):
    for end in ("input", "kill"):
        server = mail_server()
        _send(server, "anna.huber@example.org")
        assert len(_processes_of(server.folder)) > 5
        if end == "input":
            server.process.stdin.close()
            assert server.process.wait(20) == 0
            assert not os.path.exists(server.folder)
        else:
            server.process.kill()
        eventually(lambda: not _processes_of(server.folder), 20, what=f"an end after {end}")
        shutil.rmtree(server.folder, ignore_errors=True)


def _processes_of(folder):
    """Ids of the processes that were started with the folder in their environment or their arguments."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and any(
                folder.encode() in (entry / kind).read_bytes() for kind in ("environ", "cmdline")
            ):
                found.append(int(entry.name))
        except OSError:
            pass
    return found
