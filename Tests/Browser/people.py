"""People who sign in, as tests add them, and what each of their pages has to be."""

from desk import PASSWORD, Desk
from visitor import Visitor

FRESH = "vier frische worte"


def add(desk: Desk, name: str, role: str = "staff") -> tuple[str, int]:
    """Somebody of the desk's practice with the password of all. Returns the e-mail address and the id."""
    email = f"{name}@example.org"
    printed = desk.program("user", "add", "--practice", desk.practice.id, "--email", email, "--role", role,
                           stdin=PASSWORD + "\n")
    return email, int(printed.last_word)


def sound(person: Visitor, where: str = ""):
    """No axe violation, one heading of the first level, and nothing wider than the window."""
    assert person.violations() == [], where
    assert person.page.locator("h1").count() == 1, where
    assert not person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), where
