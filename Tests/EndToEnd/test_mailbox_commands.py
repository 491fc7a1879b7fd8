"""The commands about mailboxes: each fault names its field, and a secret stands nowhere but encrypted in the database."""

import socket
import sqlite3
from contextlib import closing

import pytest

SECRET = "streng-geheim-7"
LOCAL = ("--smtp", "smtp://127.0.0.1:2525", "--imap", "imap://127.0.0.1:1143")
CLOCK = "2027-03-01T07:00:00+01:00"


@pytest.fixture
def practice(migrated):
    return migrated("practice", "add", "--name", "Praxis am Park").last_word


@pytest.fixture
def secret_file(migrated):
    path = migrated.folder / "password"
    path.write_text(SECRET + "\nmore\n")
    return path


def add(practice, *arguments, address="praxis@example.at", servers=LOCAL):
    return ("mailbox", "add", "--practice", practice, "--address", address, *servers, *map(str, arguments))


def test_a_mailbox_is_added_listed_and_switched(migrated, practice, secret_file):
    added = migrated(*add(practice, "--secret-file", secret_file, "--user", "praxis", "--name", "Praxis", "--reply-to",
                          "team@example.at", "--option", "sent-copy=server", "--option", "per-hour=100", "--off"))
    assert added.out == added.last_word + "\n" and added.last_word.isdigit()
    state = lambda: migrated("mailbox", "list").out.split()
    assert state() == [added.last_word, "practice", practice, "all", "off", "-", "praxis@example.at"]
    assert migrated("mailbox", "enable", added.last_word).last_word == added.last_word
    assert state()[4] == "-", "nothing is known of one that was not used yet"
    migrated("mailbox", "disable", added.last_word)
    assert state()[4] == "off"
    other = migrated("practice", "add", "--name", "Andere").last_word
    migrated(*add(other))
    assert len(migrated("mailbox", "list").out.splitlines()) == 2
    assert len(migrated("mailbox", "list", "--practice", other).out.splitlines()) == 1
    assert migrated("mailbox", "list", "--practice", "4711", check=False).code == 65
    assert migrated("provider", "list").out == "", "a mailbox is no SMS provider"


def test_a_secret_is_encrypted_and_never_printed(migrated, practice, secret_file):
    results = [migrated(*add(practice, "--secret-file", secret_file), VORTAG_LOG_LEVEL="trace")]
    results += [migrated(*command, check=False, VORTAG_LOG_LEVEL="trace")
                for command in (("mailbox", "list"), ("doctor",), ("mailbox", "enable", results[0].last_word))]
    assert [result for result in results if SECRET in result.out + result.err] == []
    kept = b"".join(path.read_bytes() for path in migrated.folder.glob("vortag.db*"))
    assert SECRET.encode() not in kept and b"praxis@example.at" in kept
    assert migrated.key_file.stat().st_mode & 0o777 == 0o600


def test_the_mailbox_of_a_practitioner(migrated, practice):
    server = migrated.serve("--role", "web")
    token = migrated("token", "add", "--practice", practice, "--name", "tests", "--scope", "write").last_word
    eva = server.api(token).post("/practitioners", {"name": "Eva Berger"})
    migrated(*add(practice, "--practitioner", eva["id"], address="eva@example.at"))
    assert f"practitioner {eva['id']}" in migrated("mailbox", "list").out
    other = migrated("practice", "add", "--name", "Andere").last_word
    refused = migrated(*add(other, "--practitioner", eva["id"]), check=False)
    assert refused.code == 65 and "practitionerId: " in refused.err, "of another practice"


@pytest.mark.parametrize("change, code, says", [
    ({"address": "praxis"}, 65, "address: This is no valid e-mail address"),
    ({"servers": ("--smtp", "smtp.example.at")}, 65, "smtp: This is no address of a mail server"),
    ({"servers": ("--smtp", "https://smtp.example.at")}, 65, "smtp: "),
    ({"servers": ("--smtp", "smtps://user:word@smtp.example.at")}, 65, "smtp: "),
    ({"servers": (*LOCAL[:2], "--imap", "pop3://127.0.0.1")}, 65, "imap: This is no address of a mail server"),
    ({"arguments": ("--reply-to", "team@")}, 65, "replyTo: "),
    ({"arguments": ("--name", "x" * 101)}, 65, "displayName: "),
    ({"arguments": ("--practitioner", "99")}, 65, "practitionerId: "),
    ({"arguments": ("--option", "per-week=5")}, 65, "per-week"),
    ({"arguments": ("--option", "per-hour")}, 65, "--option per-hour: write it as KEY=VALUE"),
    ({"arguments": ("--secret-file", "/nowhere/password")}, 65, "--secret-file: /nowhere/password cannot be read"),
    ({"servers": ()}, 64, "--smtp"),
    ({"arguments": ("--practitioner", "eva")}, 64, "--practitioner"),
])
def test_what_is_wrong_names_its_field(migrated, practice, change, code, says):
    arguments = change.pop("arguments", ())
    result = migrated(*add(practice, *arguments, **change), check=False)
    assert result.code == code and says in result.err and result.out == "", result
    assert migrated("mailbox", "list").out == ""


def test_unknown_ids_and_an_address_that_is_taken(migrated, practice):
    assert migrated(*add(99), check=False).code == 65
    migrated(*add(practice))
    taken = migrated(*add(practice, address="Praxis@Example.at"), check=False)
    assert taken.code == 65 and "address: This address is a mailbox of your practice already" in taken.err
    for command in ("enable", "disable"):
        assert "ID: there is no mailbox with this id" in migrated("mailbox", command, "99", check=False).err
    missing = migrated("mailbox", "test", "99", "--to", "eva@example.org", check=False)
    assert missing.code == 65 and "ID: " in missing.err


def test_while_the_clock_is_set_only_this_machine_may_be_a_mail_server(migrated, practice):
    for field, servers in (("smtp", ("--smtp", "smtps://192.0.2.1:465")),
                           ("imap", (*LOCAL[:2], "--imap", "imaps://192.0.2.1:993"))):
        result = migrated(*add(practice, servers=servers), check=False, clock=CLOCK)
        assert result.code == 65 and f"{field}: While VORTAG_CLOCK is set" in result.err
    migrated(*add(practice), clock=CLOCK)


def test_what_is_known_of_a_mail_service_is_offered(vortag):
    found = vortag("mailbox", "find", "anna.huber@gmx.at", clock=CLOCK).out.split()
    assert found[:4] == ["smtps://mail.gmx.net", "imaps://imap.gmx.net", "anna.huber@gmx.at", "programs_on"]
    unknown = vortag("mailbox", "find", "anna@praxis.example", check=False, clock=CLOCK)
    assert unknown.code == 69 and "No settings were found" in unknown.err, "nobody is asked while the clock is set"
    wrong = vortag("mailbox", "find", "anna", check=False)
    assert wrong.code == 65 and "ADDRESS: " in wrong.err
    assert not vortag.database.exists(), "it needs none"


def test_every_command_explains_itself(vortag):
    for command in ("", "add", "list", "find", "test", "enable", "disable"):
        told = vortag("mailbox", *command.split(), "--help")
        assert "USAGE: vortag mailbox" in told.out
    assert "smtps://HOST:465" in vortag("mailbox", "add", "--help").out


def test_doctor_has_a_line_for_each_mailbox(migrated, practice):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        here = f"127.0.0.1:{server.getsockname()[1]}"
        first = migrated(*add(practice, servers=("--smtp", f"smtp://{here}", "--imap", f"imap://{here}"))).last_word
        second = migrated(*add(practice, address="gone@example.at",
                               servers=("--smtp", f"smtp://{here}", "--imap", "imap://127.0.0.1:1"))).last_word
        third = migrated(*add(practice, "--off", address="off@example.at")).last_word
        with sqlite3.connect(migrated.database) as database:
            database.execute("UPDATE practices SET email_enabled = 1")
            database.execute("UPDATE mailboxes SET read_trouble = 'NO gone@example.at is locked' WHERE provider_id = ?",
                             (second,))
        told = migrated("doctor", check=False).out
    assert f"ok       mailbox {first}: reached" in told
    assert f"warning  mailbox {second}: nothing answers at its incoming server" in told
    assert f"warning  mailbox {second}: cannot be read: NO … is locked" in told
    assert f"mailbox {third}:" not in told and "example.at" not in told
