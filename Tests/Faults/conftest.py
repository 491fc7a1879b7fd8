"""Fixtures of the fault tests. Every random choice comes from one seed: `--seed 7` repeats a run's choices.

Without `--long` each scenario is short enough for `make test`, and the seed is always the same; with it, as
`make test-faults` runs it, in full, and with a new seed each time.
"""

import os
import random
import zlib

import pytest

from harness.program import Program
from rig.databases import SQLiteDatabase
from rig.smsc import FaultySmsc
from rig.world import World, copied, fill

SHORT_SEED = 3
_table: list[tuple[str, dict[str, int]]] = []


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, help="the seed of every random choice of the fault tests")
    parser.addoption("--long", action="store_true", help="the fault tests in full: a hundred kills and more")


def pytest_configure(config):
    config.addinivalue_line("markers", "long: only in `make test-faults`, which runs with --long")
    if config.getoption("--seed") is None:
        config.option.seed = int.from_bytes(os.urandom(3), "big") if config.getoption("--long") else SHORT_SEED


def pytest_collection_modifyitems(config, items):
    if config.getoption("--long"):
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not item.get_closest_marker("long")]


@pytest.fixture
def is_long(request) -> bool:
    return request.config.getoption("--long")


@pytest.fixture
def dice(request) -> random.Random:
    """Random choices of this test alone, from the seed and the test's name."""
    name = zlib.crc32(request.node.nodeid.rsplit("/", 1)[-1].encode())
    return random.Random(request.config.getoption("--seed") * 2**32 + name)


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A filled database for each size that is asked for, made once."""
    made = {}

    def of(count: int):
        if count not in made:
            folder = tmp_path_factory.mktemp(f"template-{count}")
            program = Program(folder)
            try:
                fill(program, count)
            finally:
                program.close()
            made[count] = folder
        return made[count]

    return of


@pytest.fixture
def world(tmp_path, template, dice):
    """world(60, window=8): sixty reminders due at seven, and an SMSC with faults behind a provider of these options."""
    made = []

    def build(count: int, **options) -> World:
        folder = tmp_path / f"world-{len(made) + 1}"
        folder.mkdir()
        program = copied(template(count), folder)
        smsc = FaultySmsc(folder, dice.randrange(2**31))
        made.append(World(program, SQLiteDatabase(program.database), smsc, **options))
        return made[-1]

    yield build
    for each in made:
        each.close()


@pytest.fixture
def verdict(request):
    """Judges a world at the end of its scenario, and puts the counts into the table."""

    def of(world: World, receipts: bool = True):
        found = world.judge(receipts)
        _table.append((request.node.name, found.counts()))
        return found

    return of


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    report = (yield).get_result()
    if report.failed:
        report.sections.append(("repeat with", f"--seed {item.config.getoption('--seed')}"))


def pytest_terminal_summary(terminalreporter, config):
    """What the oracle counted, one line a scenario."""
    if not _table:
        return
    terminalreporter.section(f"what the oracle counted, seed {config.getoption('--seed')}")
    names = list(_table[0][1])
    heads = [name.replace("_", " ") for name in names]
    terminalreporter.write_line("  ".join(heads) + "  scenario")
    for scenario, counts in _table:
        cells = [f"{counts[name]:>{len(head)}}" for name, head in zip(names, heads)]
        terminalreporter.write_line("  ".join(cells) + "  " + scenario.removeprefix("test_"))
