"""Reads Swift sources for the checks: code without comments and string contents, line for line as in the file."""

import re
from pathlib import Path

_OPEN_STRING = re.compile(r'(#*)("""|")')


def code_only(source: str) -> str:
    """The source with comments and the contents of strings blanked; line breaks stay where they were.

    Code interpolated into a string is code and stays. Regex literals are not understood; there are none.
    """
    return _Scanner(source).run()


def comment_of(line: str, code: str) -> str:
    """The comment on a line, given the line and its code; empty if there is none."""
    match = re.search(r"//.*|/\*.*", line)
    while match:
        if not code[match.start() :].strip():
            return match.group()
        match = re.compile(r"//.*|/\*.*").search(line, match.start() + 1)
    return ""


def swift_files(root: Path, *folders: str) -> list[Path]:
    """Every Swift file of ours below the folders, sorted."""
    return sorted(file for folder in folders for file in (root / folder).rglob("*.swift"))


class _Scanner:
    def __init__(self, source: str):
        self.source = source
        self.at = 0
        self.out: list[str] = []

    def run(self) -> str:
        self.code(until_parenthesis=False)
        return "".join(self.out)

    def keep(self, count: int = 1):
        self.out.append(self.source[self.at : self.at + count])
        self.at += count

    def blank(self, count: int = 1):
        text = self.source[self.at : self.at + count]
        self.out.append("".join("\n" if character == "\n" else " " for character in text))
        self.at += count

    def code(self, until_parenthesis: bool):
        depth = 0
        while self.at < len(self.source):
            rest = self.source[self.at : self.at + 2]
            opening = _OPEN_STRING.match(self.source, self.at)
            if rest == "//":
                end = self.source.find("\n", self.at)
                self.blank((end if end >= 0 else len(self.source)) - self.at)
            elif rest == "/*":
                self.block_comment()
            elif opening:
                self.string(opening.group(1), opening.group(2))
            else:
                if rest[0] == "(":
                    depth += 1
                elif rest[0] == ")":
                    if until_parenthesis and depth == 0:
                        self.keep()
                        return
                    depth -= 1
                self.keep()

    def block_comment(self):
        depth = 0
        while self.at < len(self.source):
            rest = self.source[self.at : self.at + 2]
            if rest == "/*":
                depth += 1
                self.blank(2)
            elif rest == "*/":
                depth -= 1
                self.blank(2)
                if depth == 0:
                    return
            else:
                self.blank()

    def string(self, hashes: str, quote: str):
        self.keep(len(hashes) + len(quote))
        end, escape = quote + hashes, "\\" + hashes
        while self.at < len(self.source):
            if self.source.startswith(end, self.at):
                self.keep(len(end))
                return
            if self.source.startswith(escape + "(", self.at):
                self.blank(len(escape))
                self.keep()
                self.code(until_parenthesis=True)
            elif self.source.startswith(escape, self.at):
                self.blank(len(escape) + 1)
            elif self.source[self.at] == "\n" and quote == '"':
                return
            else:
                self.blank()
