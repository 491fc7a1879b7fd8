"""Finds Swift functions that are too long to be read at once."""

import re

LONGEST = 40
_START = re.compile(r"\b(?:func\s+(?P<name>[^\s(<]+)|(?<![.\w])init[?!]?)\s*(?=[(<])")
# A line that begins like this belongs to the next declaration: the one before it had no body (a protocol's, say).
_NEXT = re.compile(r"\s*(?:\}|@|(?:public|private|static|mutating|func|init|var|let|case|associatedtype|subscript)\b)")


def faults(path: str, code: str) -> list[str]:
    """One line per function with more than `LONGEST` lines between its braces; `code` is without comments."""
    found = []
    for match in _START.finditer(code):
        opening = _body(code, match.end())
        if opening is None:
            continue
        lines = code.count("\n", opening, _closing(code, opening)) - 1
        if lines > LONGEST:
            number = code.count("\n", 0, match.start()) + 1
            name = match["name"] or "init"
            found.append(f"{path}:{number}: {name} has {lines} lines, split what is longer than {LONGEST} by its steps")
    return found


def _body(code: str, at: int) -> int | None:
    """Where the body opens; None if the declaration has none."""
    depth = 0
    for index in range(at, len(code)):
        character = code[index]
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
            if depth < 0:
                return None
        elif depth == 0 and character == "{":
            return index
        elif depth == 0 and (character == "}" or character == "\n" and _NEXT.match(code, index + 1)):
            return None
    return None


def _closing(code: str, opening: int) -> int:
    depth = 0
    for index in range(opening, len(code)):
        depth += {"{": 1, "}": -1}.get(code[index], 0)
        if depth == 0:
            return index
    return len(code)
