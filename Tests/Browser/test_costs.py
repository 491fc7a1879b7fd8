"""What was sent and what it costs, the monthly limit, and who has to be called once it is reached."""

import datetime
import re

import pytest

from desk import PASSWORD, Desk
from forms import Forms
from harness.practice import Practice
from harness.program import Program

NOW = datetime.datetime.now(datetime.timezone.utc)
MONTH = NOW.year * 100 + NOW.month


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("costs"))
    desk.program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
    yield desk
    desk.close()


@pytest.fixture
def reader(desk):
    desk.sql("DELETE FROM usage")
    desk.sql("UPDATE practices SET sms_monthly_limit = NULL")
    return desk.person("reader")


def lead(page: str) -> str:
    return re.search(r"<h1>(.*?)</h1>", page)[1]


def test_nothing_was_sent_yet(desk, reader):
    page = reader.open("/einstellungen/kosten").text
    assert lead(page) == "Noch wurde keine SMS gesendet." and "<table" not in page
    assert "Es ist keine Grenze gesetzt." in page and "<progress" not in page
    admin = desk.person("admin").open("/einstellungen/kosten").text
    assert "Eine Grenze setzen</a>" in admin and "Eine Grenze setzen" not in page


def test_a_price_that_is_known_in_part_says_so(desk, reader):
    desk.usage(MONTH, 12, 14, 12, 900_000, "EUR")
    desk.usage(MONTH, 8, 8)
    page = reader.open("/einstellungen/kosten").text
    assert "bisher 22 SMS. Bekannt sind 0,90\u00a0€ für 12 von 20 Nachrichten." in lead(page)
    assert "für 12 von 20 Nachrichten bekannt" in page
    desk.sql("DELETE FROM usage WHERE currency = ''")
    assert "bisher 14 SMS für 0,90\u00a0€." in lead(reader.open("/einstellungen/kosten").text)
    desk.sql("DELETE FROM usage")
    desk.usage(MONTH, 1, 1)
    assert "Der Preis ist nicht bekannt." in lead(reader.open("/einstellungen/kosten").text)


def test_the_file_holds_what_the_page_shows(desk, reader):
    desk.usage(MONTH, 12, 14, 12, 75_000, "EUR")
    desk.usage(202601, 1, 1)
    answer = reader.open("/einstellungen/kosten.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"] and ".csv" in answer.headers["Content-Disposition"]
    rows = answer.content.decode("utf-8-sig").split("\r\n")
    assert rows[0] == "Monat;Standort;Nachrichten;SMS;davon mit Preis;Preis;Währung"
    assert rows[1] == f"{NOW.year}-{NOW.month:02};Hauptplatz;12;14;12;0,075;EUR"
    assert desk.person("other").open("/einstellungen/kosten.csv").content.decode("utf-8-sig").count("\r\n") == 1


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(desk, reader):
    location = desk.practice.location["id"]
    desk.usage(MONTH, 1, 1)
    desk.practice.api.patch(f"/locations/{location}", {"name": '=A1;"x"'})
    row = reader.open("/einstellungen/kosten.csv").content.decode("utf-8-sig").split("\r\n")[1]
    desk.practice.api.patch(f"/locations/{location}", {"name": "Hauptplatz"})
    assert ";\"'=A1;\"\"x\"\"\";" in row


@pytest.mark.parametrize(
    "used, word, warning",
    [(10, "noch genug", None), (16, "bald erreicht", "Vier Fünftel"), (20, "erreicht", "Die Monatsgrenze für SMS ist")],
)
def test_the_limit_is_shown_and_warned_of(desk, reader, used, word, warning):
    desk.usage(MONTH, used, used)
    desk.sql("UPDATE practices SET sms_monthly_limit = 20 WHERE id = ?", desk.practice.id)
    page = reader.open("/einstellungen/kosten").text
    assert f"{used} von 20 SMS dieses Monats sind verbraucht." in page
    assert re.search(rf'<progress max="20" value="{used}"', page)
    assert re.search(rf'class="status \w+"><svg[^>]*><use[^>]*/></svg>{word}<', page)
    for path in ("/", "/einstellungen"):
        banners = re.findall(r'<p class="banner[^"]*">(.*?)</p>', reader.open(path).text)
        found = [banner for banner in banners if 'href="/einstellungen/kosten"' in banner]
        assert (warning is None and found == []) or warning in found[0], path
    codes = {line["code"] for line in desk.practice.api.get("/forecast")["warnings"]}
    expected = {10: set(), 16: {"limit_near"}, 20: {"limit_reached"}}[used]
    assert codes & {"limit_near", "limit_reached"} == expected


def test_the_log_tells_what_a_message_cost(desk, reader):
    desk.sql(
        "INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed, attempts,"
        " possibly_twice, created_at, price, currency)"
        " VALUES (?, 'sms', '', '', 'x', 2, 'delivered', 0, 0, 1, 0, 1800000000000, 150000, 'EUR')",
        desk.practice.id,
    )
    page = reader.open("/nachrichten").text
    assert "<dt>Preis</dt><dd>0,15\u00a0€</dd>" in page and "<dd>2 SMS</dd>" in page


def test_whom_the_limit_keeps_from_a_reminder_is_to_be_called(tmp_path):
    saved, before, morning = (f"2027-0{text}+01:00" for text in ("2-26T12:00:00", "3-01T06:00:00", "3-01T08:00:00"))
    program = Program(tmp_path)
    try:
        program("migrate")
        program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
        practice = Practice(program, clock=saved)
        program("user", "add", "--practice", practice.id, "--email", "r@example.org", "--role", "reader",
                stdin=PASSWORD + "\n")
        server = program.serve("--role", "web", clock=saved)
        practice.open(server)
        practice.furnish()
        practice.appointment(practice.patient(), "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00")
        server.stop()
        desk = Desk.__new__(Desk)
        desk.program, desk.practice = program, practice
        desk.sql("UPDATE practices SET sms_monthly_limit = 1")
        desk.usage(202703, 1, 1)
        for clock, count in ((before, 0), (morning, 1)):
            server = program.serve("--role", "web", clock=clock)
            page = Forms(server.url, "r@example.org", PASSWORD).open("/").text
            server.stop()
            calls = re.findall(r'<ul class="rows calls">(.*?)</ul>', page, re.DOTALL)
            assert len(calls) == count, clock
        assert "Huber, Maria" in calls[0] and "so viele SMS gesendet" in calls[0] and "tel:+436641234500" in calls[0]
    finally:
        program.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_costs_are_accessible(desk, reader, window, width, scheme):
    desk.usage(MONTH, 12, 14, 12, 900_000, "EUR")
    desk.usage(202601, 8, 8)
    person = window("reader", width, scheme)
    for limit in (None, 100, 17, 10):
        desk.sql("UPDATE practices SET sms_monthly_limit = ? WHERE id = ?", limit, desk.practice.id)
        person.open("/einstellungen/kosten")
        assert person.violations() == [], limit
        assert not person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
