"""Records of references in every format, each with hostile words for one of its values."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

FILES = Path(__file__).parents[1] / "references" / "files"
# Where a value stands in a file of each format, as it is written there.
_VALUES = {
    "zotero.ris": re.compile(r"^[A-Z][A-Z0-9]  - (.+)$", re.MULTILINE),
    "pubmed.nbib": re.compile(r"^[A-Z]{2,4} *- (.+)$", re.MULTILINE),
    "zotero.bib": re.compile(r"^\s+\w+ = \{(.+)\},?$|^@(\w+)\{|^@\w+\{([^,]+),", re.MULTILINE),
    "pubmed.xml": re.compile(r">([^<>\n]+)<|=\"([^\"\n]+)\""),
}
NAMES = (*_VALUES, "zotero.json")


def text_of(name: str) -> str:
    data = (FILES / name).read_bytes()
    return data.decode("latin-1" if name.endswith(".xml") else "utf-8")


def values(name: str) -> list[tuple[int, int]]:
    """The place, in letters, of a value for each name of a file; of CSL-JSON the number of its leaf."""
    text = text_of(name)
    if name.endswith(".json"):
        found = {path: (number, 0) for number, (path, *_) in enumerate(leaves(json.loads(text)))}
        return list(found.values())
    spans = [
        match.span(group)
        for match in _VALUES[name].finditer(text)
        for group in range(1, match.re.groups + 1)
        if match[group]
    ]
    # What stands before it on its line, or in its element, is its name.
    named = {
        text[max(text.rfind(sign, 0, start) for sign in "\n<") : start].strip(): (start, end) for start, end in spans
    }
    return list(named.values())


def with_words(name: str, place: tuple[int, int], words: str) -> bytes:
    """A file with these words for the value at a place, in UTF-8, as raw as somebody could send it."""
    text = text_of(name)
    if name.endswith(".json"):
        records = json.loads(text)
        _, holder, key = list(leaves(records))[place[0]]
        holder[key] = words
        return json.dumps(records).encode()
    text = text[: place[0]] + words + text[place[1] :]
    return text.replace("ISO-8859-1", "UTF-8").encode()


def leaves(value, path: str = "") -> Iterator[tuple[str, dict | list, str | int]]:
    """(its path without numbers, list or object, index or key) of all that is no list and no object."""
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        below = f"{path}/{key}" if isinstance(value, dict) else f"{path}/"
        if isinstance(one, dict | list):
            yield from leaves(one, below)
        else:
            yield below, value, key
