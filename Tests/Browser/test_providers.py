"""Setting up a provider: from the choice of a service to a test SMS that arrives, and who may do it."""

import html
import re

import pytest

from desk import Desk
from forms import Forms, beside

LIST = "/einstellungen/versand"
SECRET = "streng-geheim"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("providers"), VORTAG_PUBLIC_URL="")
    desk.port = desk.start_smsc()
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def admin(desk):
    return desk.person("admin")


def account(desk: Desk, name: str, **fields: str) -> dict:
    given = {"name": name, "url": f"smpp://127.0.0.1:{desk.port}", "user": "vortag", "secret": SECRET[:8]}
    return given | {"countries": "all", "order": "last", "options": ""} | fields


def create(admin: Forms, desk: Desk, name: str, **fields: str) -> str:
    """The address of a new provider's page."""
    answer = admin.submit(LIST + "/neu/smpp", **account(desk, name, **fields))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].split("?")[0]


def version(admin: Forms, page: str) -> str:
    return re.search(r'name="version" value="(\d+)"', admin.open(page).text)[1]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_provider_is_set_up_tested_and_switched_on(desk, window, scripts):
    name = "zentrum" if scripts else "zentrum-ohne-script"
    person = window(scripts=scripts)
    page = person.page
    person.open("/einstellungen")
    page.get_by_role("link", name="Versanddienstleister").first.click()
    page.get_by_role("link", name="Versanddienstleister einrichten").click()
    page.get_by_role("link", name="SMPP").click()
    page.fill("#name", name)
    page.fill("#url", f"smpp://127.0.0.1:{desk.port}")
    page.fill("#user", "vortag")
    page.fill("#secret", SECRET[:8])
    page.get_by_role("button", name="Speichern und weiter zum Test").click()
    assert page.locator("h1").inner_text() == f"{name} ist ausgeschaltet."
    assert page.input_value("#from") == "00436641234567", "the practice's sender is there already"
    page.fill("#to", "0664 1234500")
    page.get_by_role("button", name="Test-SMS senden").click()
    trial = page.locator("#trial")
    if not scripts:
        for _ in range(40):
            if trial.locator(".status.delivered").count():
                break
            page.wait_for_timeout(250)
            trial.get_by_role("link", name="Aktualisieren").click()
    trial.locator(".status.delivered").wait_for(timeout=20_000)
    steps = trial.locator("ol.way li span").all_inner_texts()
    assert [step.split()[0] for step in steps] == ["verbunden", "übergeben", "zugestellt"]
    assert "done-start done-first done-second" in trial.locator("ol.way").get_attribute("class")
    trial.get_by_role("button", name="Einschalten").click()
    person.page.get_by_role("button", name="Ausschalten").wait_for()
    person.open(LIST)
    assert name in page.locator("h1").inner_text()
    assert SECRET[:8] not in page.content()


@pytest.mark.parametrize("digits, sentence, second", [("91", "kam nicht an", "failed"), ("96", "", "open")])
def test_what_went_wrong_stands_there_with_what_to_do(desk, admin, window, digits, sentence, second):
    place = create(admin, desk, f"ziel-{digits}")
    person = window()
    person.open(place)
    person.page.fill("#to", f"0664 12345{digits}")
    person.page.get_by_role("button", name="Test-SMS senden").click()
    trial = person.page.locator("#trial")
    trial.locator(".status.failed").wait_for(timeout=20_000)
    assert sentence in trial.inner_text() and "Der Dienst sagt:" in trial.inner_text()
    assert f"{second}-second" in trial.locator("ol.way").get_attribute("class")
    assert trial.get_by_role("button", name="Einschalten").count() == 0


def test_a_test_that_nobody_takes_up_says_so_and_is_read_out_once(tmp_path):
    desk = Desk(tmp_path, role="web")
    try:
        desk.port = 1
        admin = desk.person("admin")
        place = create(admin, desk, "niemand")
        assert admin.open(place + "/test").status_code == 404, "nothing was tested yet"
        sent = admin.submit(place + "/test", to="0664 1234500", **{"from": "Praxis"})
        assert sent.headers["Location"] == place + "?getestet=1#test"
        assert "Der Test beginnt gleich." in admin.open(place).text and "1234500" not in admin.open(place).text
        assert admin.open(place + "/test?stand=waiting").status_code == 204
        desk.sql("UPDATE trials SET created_at = created_at - 20000")
        late = admin.open(place + "/test?stand=waiting")
        assert late.status_code == 200 and "weil sich der Versand auf dem Server nicht meldet" in late.text
        assert 'hx-get="' in late.text and admin.open(place + "/test?stand=unattended").status_code == 204
    finally:
        desk.close()


def test_a_test_wants_a_mobile_number_and_a_sender(desk, admin):
    place = create(admin, desk, "ohne-nummer")
    answer = admin.submit(place + "/test", to="01 5550100", **{"from": "Präxis"})
    assert answer.status_code == 422
    assert "Festnetznummer" in beside(answer.text, "to") and "nicht: ä" in html.unescape(beside(answer.text, "from"))


def test_the_form_has_the_fields_of_its_kind_only(admin):
    fields = {
        kind: set(re.findall(r'<(?:input|textarea|select) id="([a-z]+)"', admin.open(f"{LIST}/neu/{kind}").text))
        for kind in ("seven", "websms", "twilio", "smpp", "http")
    }
    assert all({"name", "secret", "url", "options"} <= found for found in fields.values())
    assert {kind for kind, found in fields.items() if "user" in found} == {"websms", "twilio", "smpp", "http"}
    assert 'autocomplete="new-password"' in admin.open(LIST + "/neu/seven").text
    assert admin.open(LIST + "/neu/simulator").status_code == 404
    assert admin.open(LIST + "/neu/brieftaube").status_code == 404


@pytest.mark.parametrize(
    "fields, field, sentence",
    [
        ({"name": ""}, "name", "Der Name fehlt."),
        ({"name": "Büro"}, "name", "ohne Umlaute"),
        ({"url": ""}, "url", "Adresse des Dienstes fehlt"),
        ({"url": "https://example.org"}, "url", "nicht brauchbar"),
        ({"options": "window"}, "options", "nicht lesbar: window"),
        ({"options": "window=0"}, "options", "window: must be"),
        ({"options": "fenster=3"}, "options", "fenster: not known"),
        ({"options": "ca-file=/etc/passwd"}, "options", "ca-file kann nur die Person setzen"),
        ({"countries": "some"}, "countries", "mindestens ein Land"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(desk, admin, fields, field, sentence):
    answer = admin.submit(LIST + "/neu/smpp", **(account(desk, "unbrauchbar") | fields))
    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert sentence in beside(page, field) and f'href="#{field}"' in page and f'id="{field}"' in page
    assert SECRET[:8] not in page


def test_a_service_with_its_own_address_wants_its_account(admin):
    for kind, fields in (("seven", {"secret"}), ("websms", {"secret"}), ("twilio", {"secret", "user"})):
        answer = admin.submit(f"{LIST}/neu/{kind}", name="ohne-konto", countries="all", options="")
        page = html.unescape(answer.text)
        assert answer.status_code == 422
        assert {field for field in ("name", "user", "secret", "url", "options") if f'href="#{field}"' in page} == fields
        assert "in deinem Konto beim Dienst" in beside(page, "secret")


@pytest.mark.parametrize("kind", ["seven", "websms", "twilio"])
def test_a_service_that_calls_gets_its_address_at_once(admin, kind):
    account = {"user": "AC" + "0" * 32} if kind == "twilio" else {}
    answer = admin.submit(f"{LIST}/neu/{kind}", name=kind, secret=SECRET, countries="all", options="", **account)
    assert answer.status_code == 303, answer.text
    page = admin.open(answer.headers["Location"]).text
    assert re.search(rf'value="/hooks/sms/{kind}/[A-Za-z0-9_-]{{32}}"', page) and SECRET not in page


def test_a_name_is_given_once(desk, admin):
    create(admin, desk, "einmalig")
    answer = admin.submit(LIST + "/neu/smpp", **account(desk, "einmalig"))
    assert answer.status_code == 422 and "schon vergeben" in beside(answer.text, "name")


def test_an_account_is_changed_and_its_secret_is_never_shown(desk, admin):
    place = create(admin, desk, "konto", countryAT="on", countries="some")
    page = admin.open(place).text
    assert "Hinterlegt. Leer lassen zum Behalten." in page and SECRET[:8] not in page
    assert re.search(r'name="countryAT"[^>]* checked', page) and not re.search(r'name="countryDE"[^>]* checked', page)
    changed = account(desk, "konto", secret="", user="anders", options="window=5", order="keep")
    answer = admin.submit(place, version=version(admin, place), **changed)
    assert answer.headers["Location"] == place + "?gespeichert=1"
    page = admin.open(place).text
    assert 'value="anders"' in page and "window=5" in page and "Hinterlegt." in page
    assert "ausgeschaltet" in page, "a change of the account switches nothing on"
    stale = admin.submit(place, version="1", **changed | {"user": "nochmals"})
    assert stale.status_code == 422 and "Jemand anderes" in stale.text
    moved = admin.submit(place, version=version(admin, place), **changed | {"url": "smpp://127.0.0.1:1"})
    assert moved.status_code == 422 and "noch einmal ein" in beside(moved.text, "secret")
    assert SECRET[:8] not in desk.server.log.path.read_text()


def test_the_order_is_told_and_can_be_changed(desk, admin):
    for name, order in (("erster", "first"), ("letzter", "last"), ("allererster", "first")):
        place = create(admin, desk, name, order=order)
        admin.submit(place + "/schalter", version=version(admin, place), enabled="on")
    names = re.findall(r"<b>([a-z-]+)</b>", admin.open(LIST).text)
    assert names[:2] == ["allererster", "erster"] and names[-1] == "letzter"
    lead = re.search(r"<h1>(.*?)</h1>", admin.open(LIST).text)[1]
    assert lead.startswith("Deine SMS gehen über allererster, danach über erster")


def test_those_of_the_operator_are_named_and_no_more(desk, admin):
    desk.program("provider", "add", "vom-betreiber", "--kind", "simulator", "--url", "simulator:")
    page = admin.open(LIST).text
    assert "Vom Betreiber eingerichtet: vom-betreiber." in page
    one = desk.sql("SELECT id FROM providers WHERE name = 'vom-betreiber'")[0][0]
    assert f"{LIST}/{one}" not in page
    assert admin.open(f"{LIST}/{one}").status_code == 404


def test_nobody_else_sees_or_changes_an_account(desk, admin):
    place = create(admin, desk, "nur-unserer")
    people = {name: desk.person(name) for name in ("staff", "reader", "other")}
    paths = [("", {}), ("/schalter", {"enabled": "on"}), ("/adresse", {}), ("/test", {"to": "0664 1234500"})]
    for name, status in (("staff", 403), ("reader", 403), ("other", 404)):
        assert people[name].open(place).status_code == status
        assert people[name].open(place + "/test").status_code == status
        for path, fields in paths:
            assert people[name].submit(place + path, **fields).status_code == status, (name, path)
    assert "nur-unserer" in people["reader"].open(LIST).text and place not in people["reader"].open(LIST).text
    assert "nur-unserer" not in people["other"].open(LIST).text
    assert people["reader"].open(LIST + "/neu").status_code == 403
    assert people["staff"].submit(LIST + "/neu/smpp", **account(desk, "x")).status_code == 403
    assert Forms(desk.server.url).open(place).headers["Location"] == "/anmelden"
    for path, fields in paths + [("/../neu/smpp", {})]:
        assert admin.send(place + path, **fields).status_code == 403, "a form needs its token"
    assert "ausgeschaltet" in admin.open(place).text


def test_the_address_for_webhooks_is_shown_and_given_anew(desk, admin):
    desk.program("provider", "add", "gerufen", "--practice", desk.practice.id, "--kind", "smpp", "--url",
                 f"smpp://127.0.0.1:{desk.port}")
    one = desk.sql("SELECT id FROM providers WHERE name = 'gerufen'")[0][0]
    place = f"{LIST}/{one}"
    assert "/hooks/sms/" not in admin.open(place).text, "an SMSC calls nobody"
    desk.sql("UPDATE providers SET kind = 'http' WHERE id = ?", one)
    assert "Adresse vergeben" in admin.open(place).text, "an account of the command line may have none yet"
    admin.submit(place + "/adresse")
    first = re.search(r'value="(/hooks/sms/gerufen/[^"]+)"', admin.open(place).text)[1]
    assert "VORTAG_PUBLIC_URL" in admin.open(place).text
    answer = admin.submit(place + "/adresse")
    assert answer.headers["Location"] == place + "#adresse"
    second = re.search(r'value="(/hooks/sms/gerufen/[^"]+)"', admin.open(place).text)[1]
    assert second != first and len(second.split("/")[-1]) == 32


def test_a_practice_without_a_provider_is_led_to_set_one_up(desk):
    other = desk.person("other")
    settings = {"name": "Andere", "timeZone": "Europe/Vienna", "senderId": "00436761234567", "smsEnabled": "on",
                "smsSendTime": "07:00", "emailSendTime": "07:00", "latestSendTime": "20:00"}
    desk.sql("UPDATE providers SET enabled = 0 WHERE practice_id IS NULL")
    assert other.submit("/einstellungen", **settings).status_code == 303
    banner = re.search(r'<p class="banner urgent">(.*?)</p>', other.open("/einstellungen").text)[1]
    assert f'href="{LIST}"' in banner and "Versanddienstleister einrichten" in banner
    first_steps = re.search(r'class="card padded start-steps".*?</section>', other.open("/").text, re.DOTALL)[0]
    assert f'href="{LIST}"' in first_steps, "who begins is led to it among the first steps"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_about_providers_are_accessible(desk, admin, window, width, scheme):
    place = create(admin, desk, f"zugang-{width}-{scheme}")
    admin.submit(place + "/test", to="0664 1234591", **{"from": "00436641234567"})
    person = window(width=width, scheme=scheme)
    faults = {}
    for path in [LIST, LIST + "/neu", place] + [f"{LIST}/neu/{kind}" for kind in ("seven", "twilio", "smpp", "http")]:
        assert person.open(path).status == 200, path
        for summary in person.page.locator("main summary").all():
            summary.click()
        wide = person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        if found := person.violations() + (["wider than the window"] if wide else []):
            faults[path] = found
        for target in person.page.locator("main .button:visible, main .choice:visible").all():
            assert target.bounding_box()["height"] >= 44, (path, target.inner_html())
    assert faults == {}
