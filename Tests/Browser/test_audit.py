"""The record of who changed or looked at what, as the practice reads it."""

import re

import pytest

from desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    found = Desk(tmp_path_factory.mktemp("audit"), role="web")
    yield found
    found.close()


def lines(desk: Desk, query: str = "") -> list[str]:
    """The rows of the page, each as its cells with a blank between."""
    page = desk.person("admin").open("/einstellungen/protokoll" + query).text
    rows = re.findall(r"<tr><td>.*?</td></tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_changes_by_the_interface_are_on_record_and_reading_is_not(desk):
    patient = desk.practice.patient(lastName="Apfel")
    path = f"/patients/{patient['id']}"
    desk.practice.api.get(path)
    desk.practice.api.patch(path, {"lastName": "Birne"})
    assert desk.practice.api.codes("PATCH", path, {"mobile": "01"}) == {"mobile.invalid"}
    found = desk.sql("SELECT actor, deed FROM audit WHERE subject = 'patient' AND subject_id = ?", patient["id"])
    assert found == [("tests", "created"), ("tests", "changed")]
    assert any("tests geändert Patient:in · Birne, Maria" in line for line in lines(desk))


def test_the_record_holds_no_name(desk):
    desk.practice.patient(lastName="Geheimnisvoll", mobile="+436641234577")
    rows = desk.sql("SELECT * FROM audit")
    assert rows and not [row for row in rows if "Geheimnisvoll" in str(row) or "1234577" in str(row)]


def test_the_page_narrows_to_one_record_and_looks_well_on_a_phone(desk, window):
    patient = desk.practice.patient(lastName="Zander")
    desk.practice.api.patch(f"/patients/{patient['id']}", {"firstName": "Ida"})
    person = window("admin", 390)
    person.open(f"/einstellungen/protokoll?subject=patient&id={patient['id']}")
    assert person.page.locator("tbody tr").count() == 2
    person.page.locator("select[name=deed]").select_option("changed")
    person.page.get_by_role("button", name="Filtern").click()
    assert person.page.locator("tbody tr").count() == 1
    assert "Zander, Ida" in person.page.locator("tbody").inner_text()
    assert person.violations() == []
    person.open("/einstellungen/protokoll?subject=location&id=424242")
    assert "Dazu steht nichts im Protokoll." in person.page.locator("main").inner_text()


def test_no_address_shows_a_patient_unnoticed(desk):
    """Neither an empty cursor nor another page that names one; what an open page fetches again is noted once."""
    patient = desk.practice.patient(lastName="Zwetschge")["id"]
    staff = desk.person("staff")
    paths = [f"/patienten/{patient}?{name}=" for name in ("nachrichten", "frueher", "spaeter")]
    paths += [f"/termine/neu?patientId={patient}", f"/termine/patient?patientId={patient}",
              f"/nachrichten?patient={patient}"]
    for count, path in enumerate(paths, 1):
        assert staff.open(path).status_code == 200, path
        found = desk.sql("SELECT deed, actor FROM audit WHERE subject = 'patient' AND subject_id = ? AND deed = 'looked'",
                         patient)
        assert found == [("looked", "staff@example.org")] * count, path
    staff.session.headers["X-Vortag-Unattended"] = "1"
    for _ in range(2):
        assert staff.open(f"/nachrichten?patient={patient}").status_code == 200
    other = desk.practice.patient(lastName="Marille")["id"]
    for _ in range(2):
        assert staff.open(f"/patienten/{other}").status_code == 200
    counts = [desk.sql("SELECT COUNT(*) FROM audit WHERE subject = 'patient' AND subject_id = ? AND deed = 'looked'",
                       number)[0][0] for number in (patient, other)]
    assert counts == [len(paths), 1]


def test_what_a_page_asks_for_by_itself_keeps_no_session_alive(desk):
    staff = desk.person("staff")
    desk.sql("UPDATE sessions SET seen_at = seen_at - 3600000")
    then = desk.sql("SELECT MAX(seen_at) FROM sessions")
    staff.session.headers["X-Vortag-Unattended"] = "1"
    assert staff.open("/kalender/termine").status_code == 200
    assert desk.sql("SELECT MAX(seen_at) FROM sessions") == then
    del staff.session.headers["X-Vortag-Unattended"]
    staff.open("/kalender/termine")
    assert desk.sql("SELECT MAX(seen_at) FROM sessions") > then


def test_what_is_set_up_is_on_record_too(desk):
    """Each form of the settings that changes something, sent once; what it left is read by kind."""
    admin = desk.person("admin")
    place = desk.practice.location["id"]
    made = admin.submit("/einstellungen/versand/neu/smpp", name="neuer", url="smpp://127.0.0.1:2775", user="u",
                        secret="s", countries="all")
    assert made.status_code == 303, made.text
    provider = made.headers["Location"].split("/")[-1].split("?")[0]
    page = f"/einstellungen/versand/{provider}"
    assert admin.submit(page + "/schalter", enabled="on").status_code == 303
    assert admin.submit(page + "/test", to="0664 1234500", **{"from": ""}).status_code in (303, 422)
    made = admin.submit("/einstellungen/postfach/neu/konto", address="neu@example.org", displayName="",
                        smtp="127.0.0.1:2525", smtpSecurity="starttls", user="u", secret="s")
    assert made.status_code == 303, made.text
    mailbox = made.headers["Location"].split("/")[-1].split("?")[0]
    assert admin.submit(f"/einstellungen/postfach/{mailbox}/schalter", enabled="").status_code == 303
    for path in ("/einstellungen/e-mail-texte", f"/einstellungen/e-mail-texte/{place}"):
        sent = admin.submit(path, emailSubject="Termin am {datum}", emailBody="Um {uhrzeit}, {ort}.")
        assert sent.status_code == 303, sent.text
    answer = desk.answer("Danke")
    assert admin.submit(f"/antworten/{answer}", done="on").status_code == 303
    found = set(desk.sql("SELECT deed, subject, subject_id FROM audit WHERE actor = 'admin@example.org'"))
    assert found >= {
        ("created", "provider", int(provider)), ("changed", "provider", int(provider)),
        ("created", "mailbox", int(mailbox)), ("changed", "mailbox", int(mailbox)),
        ("changed", "practice", int(desk.practice.id)), ("changed", "location", int(place)),
        ("changed", "answer", answer),
    }
