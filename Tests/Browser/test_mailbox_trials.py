"""A mailbox's test on its page, with a mail server that is there: each step appears, each failure says what to do."""

import html
import re

import pytest

from desk import Desk
from harness.mail import MailServer, why_not
from harness.waiting import eventually

LIST = "/einstellungen/postfach"
PRACTICE, OWNER = "praxis@example.at", "max.mustermann@example.org"
SECRET = "streng-geheim-7"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("trials"), VORTAG_PUBLIC_URL="", VORTAG_LOG_LEVEL="debug")
    yield desk
    desk.close()
    assert SECRET not in desk.server.log.path.read_text()


@pytest.fixture
def mailbox(desk, tmp_path):
    """Starts a mail server and adds a mailbox that leads to it; returns both, and the mailbox's page."""
    if reason := why_not():
        pytest.skip(reason)
    begun = []

    def start(*arguments: str, way: str = "submission", secret: str = SECRET):
        post = MailServer(tmp_path / f"mail-{len(begun) + 1}.log", "--password", SECRET, *arguments)
        begun.append(post)
        file = tmp_path / "secret"
        file.write_text(secret + "\n")
        desk.sql("DELETE FROM trials")
        desk.sql("DELETE FROM mailboxes")
        desk.sql("DELETE FROM providers WHERE kind = 'mailbox'")
        added = desk.program("mailbox", "add", "--practice", desk.practice.id, "--address", PRACTICE, "--smtp",
                             getattr(post, way), "--imap", post.imap, "--secret-file", file, "--option",
                             f"ca-file={post.ca}", "--off")
        return post, f"{LIST}/{added.last_word}"

    yield start
    for post in begun:
        post.stop()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_steps_appear_as_they_are_taken(mailbox, window, scripts):
    post, place = mailbox()
    person = window(scripts=scripts)
    person.open(place)
    loads = []
    person.page.on("framenavigated", lambda _: loads.append(1))
    person.page.fill("#to", OWNER)
    person.page.get_by_role("button", name="Test-E-Mail senden").click()
    trial = person.page.locator("#trial")
    trial.wait_for()
    before = len(loads)
    if scripts:
        trial.get_by_text("Der Test hat geklappt: Die Test-E-Mail ist unterwegs.").wait_for(timeout=15_000)
        assert len(loads) == before, "it shows without the page being loaded again"
    else:
        def refreshed():
            link = trial.get_by_role("link", name="Aktualisieren")
            if link.count():
                link.click()
            return "Die Test-E-Mail ist unterwegs." in trial.inner_text()

        eventually(refreshed, 15, pause=0.3, what="the end of the test")
    looks = [step.get_attribute("class") for step in trial.locator(".steps .status").all()]
    assert looks == ["status delivered"] * 4
    assert "zugestellt" not in trial.inner_text() and "angekommen ist" in trial.inner_text()
    [received] = post.wait_for(OWNER, 1)
    [copy] = post.read(PRACTICE, "Sent")
    assert copy["Message-ID"] == received["Message-ID"]
    trial.get_by_role("button", name="Einschalten").click()
    person.page.get_by_role("button", name="Ausschalten").wait_for()


@pytest.mark.parametrize("arguments, way, secret, sentence, advice, steps", [
    ([], "submission", "falsch-und-geheim", "nimmt Benutzer oder Passwort nicht an", "Gib das Passwort noch einmal ein", 0),
    (["--certificate", "expired"], "smtps", SECRET, "Das Zertifikat des Mailservers ist abgelaufen", "Melde es ihm", 0),
    (["--refuse-sender", PRACTICE], "submission", SECRET, "lässt dieses Konto nicht von dieser Adresse senden",
     "Trag die Adresse ein, die zum Konto gehört", 1),
], ids=["password", "expired", "sender"])
def test_what_goes_wrong_stands_there_in_german_with_what_to_do(desk, mailbox, arguments, way, secret, sentence, advice,
                                                              steps):
    post, place = mailbox(*arguments, way=way, secret=secret)
    admin = desk.person("admin")
    assert admin.submit(place + "/test", to=OWNER).status_code == 303
    page = eventually(lambda: "gescheitert" in (text := html.unescape(admin.open(place).text)) and text, 20, pause=0.3,
                      what="the end of the test")
    assert sentence in page and advice in page
    trial = page[page.index('id="trial"'):page.index("</ol>", page.index('id="trial"'))]
    assert len(re.findall(r'class="status delivered"', trial)) == steps and trial.count("hier ging es nicht weiter") == 1
    assert secret not in page and SECRET not in page and ">Einschalten<" not in trial
    assert post.read(OWNER) == []
