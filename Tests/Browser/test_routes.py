"""Every page of the program's own table × every role × both practices: who gets in, and what the form's token is for."""

import pytest

from every_page import ROLES, EveryPage
from forms import Forms

# What is asked last, because it takes a record away that others need.
DESTRUCTIVE = ("loeschen", "beenden", "absagen")
# What an empty form cannot ask for: the page offers no such button, or not without a mailbox that could send the link.
FIELDS = {"/termine/:id/status": {"status": "arrived"}}
NOT_OFFERED = {"/einstellungen/konten/:id/link"}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    found = EveryPage(tmp_path_factory.mktemp("routes"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def people(world):
    """Someone of each role, an admin of another practice, and nobody."""
    return {name: world.desk.person(name) for name in (*ROLES, "other")} | {"nobody": Forms(world.desk.server.url)}


def below(access: str) -> list[str]:
    return ROLES[: ROLES.index(access)]


def test_the_table_holds_what_there_is(world):
    assert len(world.table) > 60
    assert {access for _, _, access in world.table} == {"everyone", *ROLES}
    assert len({(method, path) for method, path, _ in world.table}) == len(world.table)


def test_nobody_gets_in_without_signing_in(people, world):
    wrong = []
    for method, path, access in world.table:
        if access == "everyone":
            continue
        address = world.address(path)
        answer = people["nobody"].open(address) if method == "GET" else people["nobody"].send(address)
        if (answer.status_code, answer.headers.get("Location")) != (303, "/anmelden"):
            wrong.append((method, path, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def test_pages_open_for_those_who_may_and_for_nobody_else(people, world):
    wrong = []
    for path, access in world.guarded("GET"):
        if path.endswith("/strom"):
            continue
        for role in ROLES:
            status = people[role].open(world.address(path)).status_code
            if (status == 403) != (role in below(access)) or status in (404, 500):
                wrong.append((path, role, status))
    assert not wrong, "\n".join(map(str, wrong))


def test_forms_are_refused_to_those_who_may_not(people, world):
    wrong = []
    for path, access in world.guarded("POST"):
        for role in below(access):
            status = people[role].submit(world.address(path)).status_code
            if status != 403:
                wrong.append((path, role, status))
    assert not wrong, "\n".join(map(str, wrong))


def test_every_form_needs_the_token_of_its_session(people, world):
    wrong = []
    for path, access in world.guarded("POST"):
        address = world.address(path)
        for fields in ({}, {"_csrf": people["other"].token}, {"_csrf": ""}):
            status = people["admin"].send(address, **fields).status_code
            if status != 403:
                wrong.append((path, fields, status))
    assert not wrong, "\n".join(map(str, wrong))
    assert people["admin"].open("/").status_code == 200


def test_nothing_of_another_practice_is_found(people, world):
    wrong = []
    for method, path, _ in world.table:
        if ":id" not in path:
            continue
        address = world.address(path)
        answer = people["other"].open(address) if method == "GET" else people["other"].submit(address)
        if answer.status_code != 404:
            wrong.append((method, path, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def test_forms_are_taken_from_those_who_may(people, world):
    """Empty ones: refused field by field, or done; never forbidden, never broken."""
    paths = sorted(world.guarded("POST"), key=lambda found: any(word in found[0] for word in DESTRUCTIVE))
    wrong = []
    for path, access in paths:
        status = people[access].submit(world.address(path), **FIELDS.get(path, {})).status_code
        if path not in NOT_OFFERED and status not in (200, 303, 409, 422):
            wrong.append((path, access, status))
    assert not wrong, "\n".join(map(str, wrong))
