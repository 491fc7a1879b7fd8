"""What a benchmark found, as lines to read or as a Markdown table for docs/benchmarks.md."""

import sys
from dataclasses import dataclass, field

from . import measure


@dataclass
class Table:
    """One benchmark's figures. `command` is what makes them again."""

    title: str
    columns: list[str]
    command: str
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # Whether a claim does not hold: the run ends with 1 then.
    failed: bool = False

    def add(self, *cells):
        """A row; said at once on standard error, because the whole may take minutes."""
        self.rows.append([str(cell) for cell in cells])
        print("  " + " · ".join(self.rows[-1]), file=sys.stderr, flush=True)

    def note(self, text: str):
        self.notes.append(text)
        print("  " + text, file=sys.stderr, flush=True)

    def markdown(self) -> str:
        lines = [f"### {self.title}", "", f"    {self.command}", ""]
        lines += ["| " + " | ".join(row) + " |" for row in [self.columns, ["---"] * len(self.columns), *self.rows]]
        lines += [""] + [f"- {note}" for note in self.notes]
        return "\n".join(lines) + "\n"

    def plain(self) -> str:
        rows = [self.columns, *self.rows]
        widths = [max(len(row[index]) for row in rows) for index in range(len(self.columns))]
        lines = [self.title, f"$ {self.command}"]
        lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
        return "\n".join(lines + self.notes) + "\n"


def load_cell() -> str:
    return measure.load().split()[0]
