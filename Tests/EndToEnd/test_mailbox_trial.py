"""`vortag mailbox test` against Postfix and Dovecot: each step is told, and each failure says what to do about it."""

import pytest

from harness.practice import Practice

PRACTICE, OWNER = "praxis@example.at", "max.mustermann@example.org"
SECRET = "streng-geheim-7"


@pytest.fixture
def practice(migrated):
    return Practice(migrated)


@pytest.fixture
def tried(vortag, practice, tmp_path):
    """Adds a mailbox with these settings and runs its test; the secret is in nothing that was printed."""

    def run(post, secret: str | None = None, **settings: str):
        file = tmp_path / "secret"
        file.write_text((secret or post.password) + "\n")
        given = {"--address": PRACTICE, "--smtp": post.submission, "--imap": post.imap} | settings
        words = [word for name, value in given.items() if value for word in (name, value)]
        mailbox = vortag("mailbox", "add", "--practice", practice.id, "--user", PRACTICE, "--secret-file", file,
                         "--option", f"ca-file={post.ca}", *words).last_word
        result = vortag("mailbox", "test", mailbox, "--to", OWNER, check=False, VORTAG_LOG_LEVEL="trace")
        for hidden in {post.password, secret or post.password, OWNER}:
            assert hidden not in result.out + result.err
        return result

    return run


def steps(result) -> list[str]:
    known = ("signed in", "accepted by the server", "a copy lies in the Sent folder", "the mailbox can be read")
    return [line for line in result.err.splitlines() if line in known]


def test_each_step_is_told_and_the_mail_arrives_with_a_copy_in_sent(mail_server, tried):
    post = mail_server("--password", SECRET)
    result = tried(post)
    assert result.code == 0, result
    assert steps(result) == ["signed in", "accepted by the server", "a copy lies in the Sent folder",
                             "the mailbox can be read"]
    assert "look whether it has arrived" in result.out and "delivered" not in result.out
    [received] = post.wait_for(OWNER, 1)
    assert received["From"].addresses[0].addr_spec == PRACTICE and "Test" in received["Subject"]
    [copy] = post.read(PRACTICE, "Sent")
    assert copy["Message-ID"] == received["Message-ID"]


def test_without_an_incoming_server_two_steps_are_all(mail_server, tried):
    post = mail_server("--password", SECRET)
    result = tried(post, **{"--imap": ""})
    assert result.code == 0 and steps(result) == ["signed in", "accepted by the server"], result
    assert len(post.wait_for(OWNER, 1)) == 1 and post.read(PRACTICE, "Sent") == []


@pytest.mark.parametrize("server, secret, way, reached, says, advises", [
    ([], "falsch-und-geheim", "submission", [], "does not take the user or the password", "Enter the password again"),
    (["--certificate", "expired"], None, "smtps", [], "certificate has expired", "renewed"),
    (["--certificate", "othername"], None, "smtps", [], "certificate belongs to another server", "exactly"),
    (["--refuse-sender", PRACTICE], None, "submission", ["signed in"], "send from this address", "belongs to the account"),
], ids=["password", "expired", "othername", "sender"])
def test_what_goes_wrong_is_said_with_what_to_do(mail_server, tried, server, secret, way, reached, says, advises):
    post = mail_server("--password", SECRET, *server)
    # Beside a certificate that is wrong the incoming server has none either: it is not asked.
    result = tried(post, secret, **{"--smtp": getattr(post, way)})
    assert result.code == 69 and result.out == "", result
    assert steps(result) == reached
    assert says in result.err and advises in result.err, result.err
    assert post.read(OWNER) == [] and post.read(PRACTICE, "Sent") == []


def test_a_server_that_is_down_and_an_incoming_one_that_is_wrong_are_told_apart(mail_server, tried, vortag):
    post = mail_server("--password", SECRET)
    result = tried(post, **{"--imap": "imap://localhost:1"})
    assert result.code == 69 and steps(result) == ["signed in", "accepted by the server"], result
    print(result.err)
    assert "The incoming server (IMAP) cannot be reached. Check the incoming server and its port." in result.err
    assert len(post.wait_for(OWNER, 1)) == 1
    post.order("stop", part="postfix")
    down = vortag("mailbox", "test", "1", "--to", OWNER, check=False)
    assert down.code == 69 and steps(down) == [] and down.out == ""
    assert "cannot be reached" in down.err and "Check server and port" in down.err, down.err
    assert SECRET not in down.err
