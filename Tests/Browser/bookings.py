"""What the tests of the appointment form share: days from today, patients, appointments, and waiting for the form."""

import datetime

MOBILE = "0664 1234500"


def in_days(days: int) -> str:
    return (datetime.date.today() + datetime.timedelta(days=days)).isoformat()


def german(days: int) -> str:
    return (datetime.date.today() + datetime.timedelta(days=days)).strftime("%d.%m.%Y")


def patient(desk, last_name: str, **fields) -> dict:
    return desk.practice.api.post("/patients", {"firstName": "Eva", "lastName": last_name} | fields)


def appointments(desk, who: dict | None = None) -> list[dict]:
    items = desk.practice.api.items("/appointments")
    return [item for item in items if who is None or item["patientId"] == who["id"]]


def settle(page):
    """Waits until the form has asked for what no longer holds."""
    page.wait_for_timeout(350)
    page.wait_for_load_state("networkidle")
