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
        catalogue = {}
        for file in sorted((root / LOCALES / language).glob("*.json")):
            path, text = file.relative_to(root), file.read_text()
            try:
                keys = _keys(json.loads(text, object_pairs_hook=_without_twins))
            except ValueError as error:
                found.append(f"{path}:{getattr(error, 'lineno', 1)}: {error}, mend the catalogue")
                continue
            found += [
                f"{path}:{_line(text, key)}: {key} stands in {catalogue[key][0]} too, take one away"
                for key in sorted(keys & catalogue.keys())
            ]
            catalogue |= {key: (path, text) for key in keys}
        if catalogue:
            catalogues[language] = catalogue
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
        return [f"{LOCALES}/{name}:1: is missing, add it" for name in LANGUAGES if name not in catalogues]
    found = []
    for language, catalogue in catalogues.items():
        for other in LANGUAGES:
            for key in sorted(catalogues[other].keys() - catalogue.keys()):
                path, text = catalogues[other][key]
                found.append(f"{path}:{_line(text, key)}: {key} is missing in {LOCALES}/{language}, add it there")
    return found


def _line(text: str, key: str) -> int:
    """Where the last part of the key stands first; good enough to find it."""
    at = max(text.find(f'"{key}"'), text.find(f'"{key.split(".")[-1]}"'), 0)
    return text.count("\n", 0, at) + 1


def _missing(root: Path, catalogues: dict) -> list[str]:
    known = set.intersection(*(set(catalogue) for catalogue in catalogues.values())) if catalogues else set()
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
            for language in LANGUAGES:
                (root / LOCALES / language).mkdir(parents=True)
            (root / TEMPLATES).mkdir(parents=True)
            (root / LOCALES / "de/a.json").write_text(json.dumps(german))
            if english is not None:
                (root / LOCALES / "en/a.json").write_text(json.dumps(english))
            (root / TEMPLATES / "page.mustache").write_text(template)
            found = faults(root)
            if len(found) != expected:
                wrong.append(f"locale_keys: {template!r} gave {len(found)} faults instead of {expected}: {found}")
    return wrong
