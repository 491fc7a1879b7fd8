"""The patient's own page behind the link of a message: what it shows to whom, and what its buttons say to the practice."""

import re

from links import code
from patient_pages import ADDRESS, SECRETS, ask, booked, desk, phone, said, visible  # noqa: F401 (fixtures)


def changed(word: str, place: int) -> str:
    letter = "1" if word[place] == "0" else "0"
    return word[:place] + letter + word[place + 1:]


def test_whatever_opens_the_pages_changes_nothing(desk, booked):
    appointment, word = booked
    before = desk.practice.api.get(f"/appointments/{appointment['id']}")
    for path in ("", "/kommen", "/absagen", "/nicht-ich", "/termin.ics"):
        for method in ("GET", "HEAD", "GET"):
            assert ask(desk, f"/t/{word}{path}", method).status_code == 200, path
    assert said(desk) == [] and desk.practice.api.get(f"/appointments/{appointment['id']}") == before


def test_with_the_whole_code_it_shows_day_time_and_place_and_the_first_name_at_most(desk, booked, phone):
    appointment, word = booked
    page = phone(f"/t/{word}").page
    text = page.locator("main").inner_text()
    day = appointment["start"][8:10].lstrip("0")
    assert f"{day}. " in text and "10:30 Uhr" in text and "Hauptplatz" in text and "Ring 1, 8010 Graz" in text
    assert "Maria" in text and "Huber" not in text and "Eva Berger" not in text and "4500" not in page.content()
    assert page.locator("nav, script").count() == 0


def test_half_a_code_a_wrong_one_and_an_unknown_one_reveal_nothing_and_look_the_same(desk, booked):
    _, word = booked
    answers = [ask(desk, "/t/" + wrong) for wrong in (
        word[:7], word[:14], changed(word, 14), changed(word, 0), "0" * 15, "x" * 5000, "%00" * 15, "{vorname}", "..%2f..",
    )]
    for answer in answers:
        assert answer.status_code == 404
        assert answer.text == answers[0].text, "they cannot be told apart"
        text = visible(answer.text)
        assert not [secret for secret in SECRETS if secret in answer.text], text
        assert not re.search(r"\d\d:\d\d|\b20\d\d\b", text)
    for path in ("/kommen", "/absagen", "/nicht-ich", "/termin.ics"):
        assert ask(desk, f"/t/{changed(word, 14)}{path}").text == answers[0].text
    assert ask(desk, f"/t/{changed(word, 14)}/kommen", "POST").status_code == 404
    assert said(desk) == []


def test_nothing_leads_from_the_page_to_elsewhere_and_nothing_is_kept(desk, booked):
    _, word = booked
    for path, status in ((f"/t/{word}", 200), (f"/t/{word}/absagen", 200), (f"/t/{word[:7]}", 404), ("/t", 200)):
        answer = ask(desk, path)
        assert answer.status_code == status
        assert "noindex" in answer.headers["X-Robots-Tag"] and 'content="noindex' in answer.text
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers and "<script" not in answer.text


def test_the_code_is_in_no_log(desk, booked):
    _, word = booked
    ask(desk, f"/t/{word}")
    ask(desk, f"/t/{word}/kommen", "POST")
    assert not any(word in line for line in desk.server.log.lines)
    assert any("/t/" in line for line in desk.server.log.lines)


def test_a_cookie_of_somebody_signed_in_plays_no_part(desk, booked):
    answer = desk.person("admin").open(f"/t/{booked[1]}")
    assert answer.status_code == 200 and "<nav" not in answer.text


def test_a_form_from_another_site_is_refused(desk, booked):
    _, word = booked
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303)):
        answer = ask(desk, f"/t/{word}/kommen", "POST", headers={"Sec-Fetch-Site": site})
        assert answer.status_code == status, site
        assert (said(desk) != []) == (status == 303), site
        assert status == 303 or not [secret for secret in SECRETS if secret in answer.text]


def test_the_language_is_the_readers(desk, booked):
    _, word = booked
    for path in (f"/t/{word}", f"/t/{word}/absagen", "/t/x"):
        english = ask(desk, path, headers={"Accept-Language": "en-GB,en;q=0.9"}).text
        assert '<html lang="en">' in english and " Uhr" not in english
        assert '<html lang="de">' in ask(desk, path, headers={"Accept-Language": "fr"}).text


def test_saying_it_twice_is_saying_it_once(desk, booked):
    for _ in range(3):
        assert ask(desk, f"/t/{booked[1]}/kommen", "POST").headers["Location"] == f"/t/{booked[1]}"
    assert said(desk) == [("confirmed", 1)]


def test_the_calendar_entry_names_nobody_and_no_specialty(desk, booked):
    appointment, word = booked
    answer = ask(desk, f"/t/{word}/termin.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    lines = answer.text.replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and "SUMMARY:Termin" in lines and "CLASS:PRIVATE" in lines
    assert "LOCATION:Hauptplatz\\, Ring 1\\, 8010 Graz" in lines
    assert not re.search("METHOD|ORGANIZER|ATTENDEE|Maria|Huber|Praxis", answer.text)
    assert any(line.startswith(f"UID:{appointment['id']}.") for line in lines)
    day = appointment["start"][:10].replace("-", "")
    assert any(line.startswith(f"DTSTART:{day}T") and line.endswith("Z") for line in lines)


def test_after_a_move_the_page_shows_the_new_date(desk, booked):
    appointment, word = booked
    start = appointment["start"][:11]
    desk.practice.api.patch(f"/appointments/{appointment['id']}",
                            {"start": start + "14:45:00+01:00", "end": start + "15:30:00+01:00"})
    text = ask(desk, f"/t/{word}").text
    assert "14:45 Uhr" in text and "10:30" not in text


def test_a_cancelled_appointment_says_so_and_takes_nothing(desk, booked, phone):
    appointment, word = booked
    desk.practice.api.delete(f"/appointments/{appointment['id']}")
    person = phone(f"/t/{word}")
    assert person.page.locator("h1").inner_text() == "Der Termin ist abgesagt"
    assert "Für einen neuen Termin" in person.page.locator("main").inner_text()
    assert person.page.locator("main .button").count() == 0 and person.violations() == []
    assert ask(desk, f"/t/{word}/kommen", "POST").status_code == 303
    assert ask(desk, f"/t/{word}/absagen").status_code == 303 and said(desk) == []
    assert ask(desk, f"/t/{word}/termin.ics").status_code == 404


def test_after_its_end_the_link_shows_nothing(desk, booked, phone):
    appointment, word = booked
    desk.sql("UPDATE appointments SET start_at = ?, end_at = ? WHERE id = ?",
             desk.mails.milliseconds(-7200), desk.mails.milliseconds(-3600), appointment["id"])
    for path in ("", "/absagen", "/termin.ics"):
        answer = ask(desk, f"/t/{word}{path}")
        assert answer.status_code == 410 and "Dieser Link gilt nicht mehr" in answer.text
        told = [secret for secret in SECRETS if secret in answer.text]
        assert told == ["Praxis am Park", "Hauptplatz", "Ring 1"], "whom to ask, and nothing of the appointment"
    assert ask(desk, f"/t/{word}/kommen", "POST").status_code == 410 and said(desk) == []
    assert phone(f"/t/{word}").violations() == []


def test_whoever_has_one_half_cannot_find_the_other_by_trying(desk, booked):
    _, word = booked
    other = code(desk.program, desk.mails.appointment(desk.practice.patient(), kind="sms"))
    unknown = "zzzzzzz"
    for place in range(10):
        for half in (word[:7], unknown):
            assert ask(desk, f"/t/{half}{place:08d}").status_code == 404
    for path in (f"/t/{word[:7]}00000010", f"/t/{unknown}00000010"):
        answer = ask(desk, path)
        assert answer.status_code == 429 and answer.headers["Retry-After"]
        assert not [secret for secret in SECRETS if secret in answer.text]
    # Whoever has both halves is not kept out.
    assert ask(desk, f"/t/{word}").status_code == 200
    assert ask(desk, f"/t/{other}").status_code == 200, "nobody else has to wait"


def test_what_people_are_called_is_never_markup(desk):
    desk.sql("DELETE FROM link_answers")
    patient = desk.practice.patient(firstName="<b>x</b>")
    word = code(desk.program, desk.mails.appointment(patient, kind="sms"))
    page = ask(desk, f"/t/{word}").text
    assert "<b>x</b>" not in page and "&lt;b&gt;x" in page


def test_who_guesses_codes_is_held_off_behind_a_proxy_too_and_nobody_else(desk):
    def guess(number: int, address: str) -> int:
        return ask(desk, f"/t/{number:07d}00000000", headers={"X-Forwarded-For": address}).status_code

    assert [guess(number, "203.0.113.7") for number in range(21)] == [404] * 20 + [429]
    assert guess(99, "203.0.113.8") == 404


def test_behind_a_held_address_right_codes_open(desk, booked):
    _, word = booked
    held = {"X-Forwarded-For": "203.0.113.9"}
    for number in range(21):
        ask(desk, f"/t/{number:07d}00000000", headers=held)
    assert ask(desk, "/t/000000100000000", headers=held).status_code == 429
    assert ask(desk, "/t/x", headers=held).status_code == 429
    assert ask(desk, f"/t/{word}", headers=held).status_code == 200
    assert ask(desk, f"/t/{word}/kommen", "POST", headers=held).status_code == 303
    assert said(desk) == [("confirmed", 1)]


def test_a_form_of_another_origin_is_refused_where_the_browser_tells_no_more(desk, booked):
    _, word = booked
    answer = ask(desk, f"/t/{word}/kommen", "POST", headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403 and said(desk) == []
    assert ask(desk, f"/t/{word}/kommen", "POST", headers={"Origin": ADDRESS}).status_code == 303


def test_a_wish_that_was_dealt_with_is_said_so_and_can_be_said_again(desk, booked, phone):
    _, word = booked
    ask(desk, f"/t/{word}/absagen", "POST")
    desk.sql("UPDATE link_answers SET done_at = received_at")
    page = phone(f"/t/{word}").page
    assert "Die Praxis hat Ihre Bitte um Absage gesehen." in page.locator(".banner").inner_text()
    assert "meldet sich" not in page.locator("main").inner_text()
    page.get_by_role("link", name="Ich möchte absagen").click()
    page.get_by_role("button", name="Ja, um Absage bitten").click()
    assert "Ihre Bitte um Absage ist bei der Praxis." in page.locator(".banner").inner_text()
    assert said(desk) == [("cancel_asked", 0)]

