"""Checks the catalogues: every language has the same keys, and no template asks for one that is missing."""

import json
import re
import tempfile
from pathlib import Path

LOCALES = Path("Resources/locales")
TEMPLATES = Path("Resources/templates")
LANGUAGES = ("de", "en")

# How a template asks for a text: {{t.page.title}}, {{{t.page.title}}}, {{#t.page.title}}, or {{#t}}page.title{{/t}}.
USES = re.compile(r"\{\{[{&#^]?\s*t\.([\w.-]+)|\{\{#\s*t\s*\}\}\s*([\w.-]+)\s*\{\{/")


def faults(root: Path) -> list[str]:
    """One line per fault; none where there are no catalogues and no templates yet."""
    catalogues, found = {}, []
    for language in LANGUAGES:
        path = LOCALES / f"{language}.json"
        if not (root / path).exists():
            continue
        text = (root / path).read_text()
        try:
            catalogues[language] = (path, text, _keys(json.loads(text, object_pairs_hook=_without_twins)))
        except ValueError as error:
            found.append(f"{path}:{getattr(error, 'lineno', 1)}: {error}, mend the catalogue")
    if found:
        return found
    return _differences(catalogues) + _missing(root, catalogues)


def _without_twins(pairs: list) -> dict:
    """A JSON object; a key that stands in it twice is a fault, since one of the two texts would be lost."""
    result = {}
    for key, value in pairs:
        if key in result:
            raise ValueError(f"the key {key} stands twice in one object")
        result[key] = value
    return result


def _keys(tree: dict, prefix: str = "") -> set[str]:
    keys = set()
    for name, value in tree.items():
        keys |= _keys(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name}
    return keys


def _differences(catalogues: dict) -> list[str]:
    if catalogues and len(catalogues) < len(LANGUAGES):
        return [f"{LOCALES}/{name}.json:1: is missing, add it" for name in LANGUAGES if name not in catalogues]
    found = []
    for path, text, keys in catalogues.values():
        for other_path, other_text, other_keys in catalogues.values():
            for key in sorted(other_keys - keys):
                found.append(f"{other_path}:{_line(other_text, key)}: {key} is missing in {path}, add it there")
    return found


def _line(text: str, key: str) -> int:
    """Where the last part of the key stands first; good enough to find it."""
    at = max(text.find(f'"{key}"'), text.find(f'"{key.split(".")[-1]}"'), 0)
    return text.count("\n", 0, at) + 1


def _missing(root: Path, catalogues: dict) -> list[str]:
    known = set.intersection(*(keys for _, _, keys in catalogues.values())) if catalogues else set()
    groups = {key.rsplit(".", depth)[0] for key in known for depth in range(1, key.count(".") + 1)}
    found = []
    for file in sorted((root / TEMPLATES).rglob("*.mustache")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            for match in USES.finditer(line):
                key = match[1] or match[2]
                # A section may open a whole group, and then asks for names within it.
                if key not in known and key not in groups:
                    where = f"{file.relative_to(root)}:{number}:"
                    found.append(f"{where} no text with the key {key}, add it to {LOCALES}")
    return found


# German catalogue, English catalogue, template, the number of faults to be found.
_EXAMPLES = [
    ({"a": {"b": "x"}}, {"a": {"b": "y"}}, "{{t.a.b}} {{{t.a.b}}} {{#t}}a.b{{/t}}", 0),
    ({"a.b": "x"}, {"a.b": "y"}, "{{t.a.b}}", 0),
    ({"a": "x", "b": "x"}, {"a": "y"}, "", 1),
    ({"a": "x"}, {"a": "y", "c": "y"}, "", 1),
    ({"a": "x"}, None, "", 1),
    ({"a": "x"}, {"a": "y"}, "{{t.a}}\n{{t.b}}", 1),
    ({"a": "x"}, {"a": "y"}, "{{#t}}b{{/t}}", 1),
    ({"a": {"b": "x"}}, {"a": {"b": "y"}}, "{{#t.a}}{{b}}{{/t.a}}", 0),
]
EXAMPLE_COUNT = len(_EXAMPLES)


def self_test() -> list[str]:
    """A line for each example that is not judged as expected."""
    wrong = []
    for german, english, template, expected in _EXAMPLES:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / LOCALES).mkdir(parents=True)
            (root / TEMPLATES).mkdir(parents=True)
            (root / LOCALES / "de.json").write_text(json.dumps(german))
            if english is not None:
                (root / LOCALES / "en.json").write_text(json.dumps(english))
            (root / TEMPLATES / "page.mustache").write_text(template)
            found = faults(root)
            if len(found) != expected:
                wrong.append(f"locale_keys: {template!r} gave {len(found)} faults instead of {expected}: {found}")
    return wrong
