"""What stands in the way of a start is one clear sentence, an exit code, and nothing written."""

import os
import socket
import sqlite3
import subprocess
import time
from contextlib import closing

import pytest



def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def refused(program, *arguments, code, says, **environment):
    result = program(*arguments, check=False, **environment)
    assert result.code == code, result
    assert result.out == ""
    [line] = result.err.strip().splitlines()
    assert says in line, line
    return line


def test_a_file_that_is_no_database(vortag):
    vortag.database.write_bytes(b"this is no database at all" * 100)
    before = files(vortag.folder)
    for command in (("migrate",), ("serve",), ("practice", "list")):
        refused(vortag, *command, code=65, says="not a database")
    assert files(vortag.folder) == before


def test_a_database_that_another_process_has_locked(migrated):
    with sqlite3.connect(migrated.database, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        refused(migrated, "practice", "add", "--name", "Praxis", code=69, says="locked by another process")
        other.execute("ROLLBACK")
    assert migrated("practice", "list").out == ""


def test_a_database_that_another_process_holds_for_a_moment_is_waited_for(migrated):
    """As whoever closes it last holds it, or reads the log that a crash left."""
    with closing(sqlite3.connect(migrated.database, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("SELECT count(*) FROM migrations").fetchall()
        server = migrated.serve(wait=False)
        # The program gives up after five seconds; what does not wait has ended long before.
        time.sleep(1)
        assert server.process.poll() is None, server.log.lines
    server.wait_until_ready()


def test_no_database_yet(vortag):
    refused(vortag, "serve", code=78, says="vortag migrate")
    assert files(vortag.folder) == {}


def test_a_schema_of_a_newer_program(migrated):
    with sqlite3.connect(migrated.database) as database:
        database.execute("INSERT INTO migrations (number) VALUES (999)")
    refused(migrated, "serve", code=78, says="newer than this program")


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True)
    assert mounted.returncode == 0, f"a small disk cannot be mounted, which needs root: {mounted.stderr}"
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk(vortag, small_disk):
    database = small_disk / "vortag.db"
    environment = {"VORTAG_DATABASE": f"sqlite:{database}"}
    vortag("migrate", **environment)
    with open(small_disk / "ballast", "wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(b"x" * 512)
        except OSError:
            pass
    refused(vortag, "practice", "add", "--name", "P" * 200, code=69, says="disk", **environment)
    os.remove(small_disk / "ballast")
    assert vortag("practice", "list", **environment).out == ""


def add_smpp(program, *, check=True):
    secret = program.folder / "secret"
    secret.write_text("geheim\n")
    return program("provider", "add", "smsc", "--kind", "smpp", "--url", "smpp://127.0.0.1:2775", "--user", "u",
                   "--secret-file", secret, check=check)


def test_a_key_file_that_is_made_on_first_use_is_for_its_owner_alone(migrated):
    assert not migrated.key_file.exists()
    add_smpp(migrated)
    assert migrated.key_file.stat().st_mode & 0o777 == 0o600
    assert b"geheim" not in migrated.database.read_bytes()


def test_serving_pages_makes_the_key_file_once_for_all_processes(migrated):
    servers = [migrated.serve("--role", "web", wait=False) for _ in range(3)]
    for server in servers:
        server.wait_until_ready()
    assert migrated.key_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in migrated.folder.glob("vortag.key*")] == ["vortag.key"], "no draft is left"
    key = migrated.key_file.read_text()
    add_smpp(migrated)
    assert migrated.key_file.read_text() == key


def test_a_key_file_that_cannot_be_made_keeps_nobody_from_serving(migrated):
    nowhere = migrated.database / "vortag.key"
    server = migrated.serve("--role", "web", VORTAG_SECRET_KEY_FILE=str(nowhere))
    assert server.process.poll() is None


def test_a_wrong_a_damaged_and_a_missing_key_file(migrated):
    add_smpp(migrated)
    right = migrated.key_file.read_text()
    migrated.key_file.write_text("ab" * 32 + "\n")
    refused(migrated, "serve", code=78, says="VORTAG_SECRET_KEY_FILE")
    migrated.key_file.write_text("too short\n")
    refused(migrated, "serve", code=78, says="64 hexadecimal digits")
    migrated.key_file.unlink()
    refused(migrated, "serve", code=78, says="is missing")
    refused(migrated, "provider", "add", "two", "--kind", "smpp", "--url", "smpp://127.0.0.1:1", "--secret-file",
            migrated.folder / "secret", code=78, says="is missing")
    assert not migrated.key_file.exists(), "a new key would hide that the old one is lost"
    migrated.key_file.write_text(right)
    migrated("doctor", check=False)
    assert migrated("provider", "list").out.count("smsc") == 1


def test_unknown_and_unusable_configuration_keys(vortag):
    refused(vortag, "migrate", code=78, says="VORTAG_DATABSE", VORTAG_DATABSE="sqlite:x")
    for name, value in {
        "VORTAG_HTTP_PORT": "eighty", "VORTAG_LOG_LEVEL": "loud", "VORTAG_CLOCK": "tomorrow",
        "VORTAG_DATABASE": "mysql://x", "VORTAG_EVIDENCE_WINDOW": "-1", "VORTAG_CONFIG": "/nowhere",
        "VORTAG_PUBLIC_URL": "vortag", "VORTAG_PRACTICE_PROVIDERS": "private",
    }.items():
        refused(vortag, "migrate", code=78, says=name, **{name: value})
    config = vortag.folder / "config"
    config.write_text("# comment\nVORTAG_HTTP_HSOT=0.0.0.0\n")
    refused(vortag, "migrate", code=78, says="VORTAG_HTTP_HSOT", VORTAG_CONFIG=str(config))
    assert not vortag.database.exists()


def test_the_environment_stands_over_the_file_and_the_file_over_the_default(vortag, tmp_path):
    elsewhere = tmp_path / "elsewhere.db"
    config = tmp_path / "config"
    config.write_text(f"VORTAG_DATABASE=sqlite:{elsewhere}\n")
    vortag("migrate", VORTAG_CONFIG=str(config))
    assert vortag.database.exists() and not elsewhere.exists()
    vortag("migrate", VORTAG_CONFIG=str(config), VORTAG_DATABASE="")
    assert elsewhere.exists()


def test_a_port_that_is_in_use(migrated):
    first = migrated.serve()
    refused(migrated, "serve", code=69, says="in use", VORTAG_HTTP_PORT=str(first.port))


def test_while_the_clock_is_set_only_this_machine_may_be_a_provider(migrated):
    refused(migrated, "provider", "add", "real", "--kind", "smpp", "--url", "smpp://192.0.2.1:2775", code=65,
            says="only an address of this machine", clock="2027-03-01T07:00:00+01:00")
    assert migrated("provider", "list").out == ""


@pytest.mark.parametrize("environment, is_shared", [
    ({}, False), ({"VORTAG_PUBLIC_URL": "http://localhost:8080"}, False),
    ({"VORTAG_PUBLIC_URL": "https://vortag.example"}, True), ({"VORTAG_PRACTICE_PROVIDERS": "public"}, True),
    ({"VORTAG_PUBLIC_URL": "https://vortag.example", "VORTAG_PRACTICE_PROVIDERS": "anywhere"}, False),
])
def test_practices_reach_no_internal_address_where_others_share_the_installation(migrated, environment, is_shared):
    practice = migrated("practice", "add", "--name", "Praxis").last_word
    def add(name, *arguments):
        return ("provider", "add", name, "--kind", "smpp", "--url", "smpp://10.0.0.1:2775", *arguments)
    migrated(*add("all"), **environment)
    own = add("own", "--practice", practice)
    if is_shared:
        refused(migrated, *own, code=65, says="--url: this installation lets practices use public addresses only",
                **environment)
    else:
        migrated(*own, **environment)


def test_doctor_tells_whether_a_gateway_over_http_answers(migrated):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/api"
        secret = migrated.folder / "secret"
        secret.write_text("key\n")
        migrated("provider", "add", "here", "--kind", "seven", "--url", url, "--secret-file", secret)
        migrated("provider", "add", "gone", "--kind", "seven", "--url", "http://127.0.0.1:1", "--secret-file", secret)
        told = migrated("doctor", check=False).out
    assert "ok       provider here: seven, reached" in told
    assert "warning  provider gone: nothing answers at its address" in told


@pytest.mark.parametrize("arguments", [("serve", "--role", "chief"), ("provider",), ("deliver",), ("nonsense",)])
def test_wrong_usage_ends_with_64(vortag, arguments):
    result = vortag(*arguments, check=False)
    assert result.code in (64, 0) and (result.code == 64 or "USAGE" in result.out)
    assert not vortag.database.exists()
