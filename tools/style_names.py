"""Checks that no class means two things: the style sheets of all areas are joined into one."""

import re
from pathlib import Path

COMMENT = re.compile(r"/\*.*?\*/", re.S)
BARE_CLASS = re.compile(r"\.([a-z][\w-]*)$")
# These two only narrow or print what other files introduce.
OVERRIDES = {"narrow.css", "print.css"}


def introduced(source: str) -> dict[str, int]:
    """The classes that have a rule by themselves in a style sheet, outside of print, with their first line."""
    source = COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), source)
    found: dict[str, int] = {}
    printing, depth, position = None, 0, 0
    for brace in re.finditer(r"[{}]", source):
        head = source[position : brace.start()]
        position = brace.end()
        if brace.group() == "}":
            depth -= 1
            if depth == printing:
                printing = None
            continue
        if head.strip().startswith("@media print") and printing is None:
            printing = depth
        depth += 1
        if printing is not None or head.strip().startswith("@"):
            continue
        line = source.count("\n", 0, brace.start()) + 1
        for selector in head.split(","):
            if name := BARE_CLASS.fullmatch(selector.strip()):
                found.setdefault(name[1], line)
    return found


def faults(styles: Path) -> list[str]:
    """One fault for each class that a second file introduces again."""
    return clashes({file.name: file.read_text() for file in sorted(styles.glob("*.css"))})


def clashes(sources: dict[str, str]) -> list[str]:
    owners: dict[str, str] = {}
    found = []
    for file, source in sources.items():
        if file in OVERRIDES:
            continue
        for name, line in introduced(source).items():
            owner = owners.setdefault(name, file)
            if owner != file:
                found.append(
                    f"Resources/styles/{file}:{line}: the class {name} has a rule in {owner} too, "
                    "give it a name of its own or move what both share to parts.css"
                )
    return found


# Style sheets by name, the number of faults to be found.
EXAMPLES = [
    ({"a.css": ".group { margin: 0; }", "b.css": ".group { color: red; }"}, 1),
    ({"a.css": ".group, .row { margin: 0; }", "b.css": ".row { color: red; }\n.group { color: red; }"}, 2),
    ({"a.css": ".group { margin: 0; }\n@media (max-width: 9px) { .group { margin: 1px; } }"}, 0),
    ({"a.css": ".group { margin: 0; }", "b.css": "@media (max-width: 9px) { .group { margin: 1px; } }"}, 1),
    ({"a.css": ".group { margin: 0; }", "b.css": "@media print { .group { margin: 1px; } }\n.row { margin: 0; }"}, 0),
    ({"a.css": ".group { margin: 0; }", "b.css": "@media print { .row { margin: 0; } }\n.group { margin: 0; }"}, 1),
    ({"a.css": ".group { margin: 0; }", "narrow.css": ".group { margin: 1px; }"}, 0),
    ({"a.css": ".group { margin: 0; }", "b.css": ".log .group, .group.wide, .group > p { margin: 1px; }"}, 0),
    ({"a.css": ".group { margin: 0; }", "b.css": "/* .group { margin: 1px; } */"}, 0),
]


def self_test() -> list[str]:
    return [
        f"check-style: {sources} gave {len(found)} faults instead of {expected}: {found}"
        for sources, expected in EXAMPLES
        if len(found := clashes(sources)) != expected
    ]
