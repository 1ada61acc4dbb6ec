"""CSL-JSON: the items of citation processors, as Zotero, Mendeley and Crossref write them.

Rules: the schema of CSL 1.0.2 (csl-data.json, citationstyles.org) with its names of fields and types; `number` is the
article number, as CSL 1.0.2 has it for articles. “et al.” in an author's place, as a literal, stands for authors who are
not named: CSL has no sign of its own for it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from references.content import Author, Source, SourceType
from references.formats import dates
from references.formats.names import inverted, is_et_al, person, unmarked
from references.formats.record import Draft, Name, NotReferences, Problem, place
from references.formats.words import protected

_FIELDS = {
    "title": "title",
    "container": "container-title",
    "publisher": "publisher",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "article_number": "number",
    "doi": "DOI",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "url": "URL",
}
_KNOWN_TYPES = {kind.value: kind for kind in SourceType}
# Types for which we have no word, and the one that comes closest. With Crossref's own names for ours.
_SAME = {
    "journal-article": SourceType.ARTICLE,
    "book-chapter": SourceType.CHAPTER,
    "proceedings-article": SourceType.PAPER,
    "dissertation": SourceType.THESIS,
    "monograph": SourceType.BOOK,
    "edited-book": SourceType.BOOK,
}
_CLOSEST = {
    "article": SourceType.ARTICLE,
    "article-magazine": SourceType.ARTICLE,
    "article-newspaper": SourceType.ARTICLE,
    "review": SourceType.ARTICLE,
    "posted-content": SourceType.ARTICLE,
    "entry": SourceType.CHAPTER,
    "entry-dictionary": SourceType.CHAPTER,
    "entry-encyclopedia": SourceType.CHAPTER,
    "post": SourceType.WEBPAGE,
    "post-weblog": SourceType.WEBPAGE,
    "software": SourceType.DATASET,
    "speech": SourceType.PAPER,
}
_PMID = re.compile(r"^\s{0,8}PMID:\s{0,8}(\d{1,8})\b", re.IGNORECASE | re.MULTILINE)
_PMCID = re.compile(r"^\s{0,8}PMCID:\s{0,8}(PMC\d{1,9})\b", re.IGNORECASE | re.MULTILINE)


def read(text: str) -> Iterator[Draft | Problem]:
    """The items of a list, of `{"items": […]}`, or one alone. Raises NotReferences for JSON that is none or too deep."""
    for position, item in enumerate(_items(text), start=1):
        if isinstance(item, dict):
            yield _draft(item, position)
        else:
            yield Problem(position, None, f"{place(position, None)} is not an item with fields. Take it out.")


def write(sources: Iterable[Source]) -> str:
    """Sources as a list of items, one on a line, with letters of all scripts as they are."""
    return "[\n" + ",\n".join(json.dumps(_item(source), ensure_ascii=False) for source in sources) + "\n]\n"


def _items(text: str) -> list:
    try:
        data = json.loads(text, strict=False)  # line ends within a text are met
    except RecursionError:
        raise NotReferences("This JSON is nested too deeply to be a list of references. Export it anew.") from None
    except json.JSONDecodeError as problem:
        raise NotReferences(
            f"This begins like CSL-JSON but cannot be read at line {problem.lineno}: {problem.msg.lower()}. "
            "Export it anew, or choose RIS."
        ) from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise NotReferences("This JSON holds a number that is too long. Export it anew, or choose RIS.") from None
    if isinstance(data, dict):
        data = data["items"] if isinstance(data.get("items"), list) else [data]
    if not any(isinstance(item, dict) and ("title" in item or "type" in item) for item in data):
        raise NotReferences("This is JSON, but no list of references as CSL-JSON has it. Export it as CSL-JSON or RIS.")
    return data


def _draft(item: dict, position: int) -> Draft:
    draft = Draft(position, key=_text(item.get("id")))
    draft.type = _type(_text(item.get("type")), draft.notes)
    names = _names(item.get("author"))
    draft.authors = [name for name in names if not is_et_al(name.corporate or name.family)]
    draft.et_al = len(draft.authors) < len(names)
    draft.editors = _names(item.get("editor"))
    draft.fields = {ours: _text(item.get(theirs)) for ours, theirs in _FIELDS.items()}
    draft.fields["article_number"] = _text(item.get("article-number")) or draft.fields["article_number"]
    draft.fields |= {"issued": _date(item.get("issued")), "accessed": _date(item.get("accessed"))}
    # Zotero has no fields for these two: people write them into its field “Extra”.
    note = _text(item.get("note"))
    for ours, pattern in (("pmid", _PMID), ("pmcid", _PMCID)):
        if not draft.fields[ours] and (found := pattern.search(note)):
            draft.fields[ours] = found[1]
    return draft


def _text(value: Any) -> str:
    """Text of a value: numbers as they are written, the first of a list (Crossref lists titles)."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _type(name: str, notes: list[str]) -> SourceType:
    if name in _KNOWN_TYPES or name in _SAME:
        return _KNOWN_TYPES.get(name) or _SAME[name]
    closest = _CLOSEST.get(name, SourceType.REPORT)
    notes.append(f"We have no type “{name[:40]}”; it was read as {closest.label}.")
    return closest


def _names(value: Any) -> list[Name]:
    return [_name(one) for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _name(one: dict) -> Name:
    part = {name: _text(text) for name, text in one.items()}
    if literal := part.get("literal") or part.get("name"):
        return Name(corporate=literal)
    particles = " ".join(filter(None, (part.get("dropping-particle"), part.get("non-dropping-particle"))))
    family, given = part.get("family", ""), part.get("given", "")
    if not family:
        return inverted(given) if "," in given else unmarked(given)
    return person(family, given, part.get("suffix", ""), particles)


def _date(value: Any) -> str:
    """A date of `date-parts`, else of the words in `raw` or `literal`. Of two dates the first."""
    if not isinstance(value, dict):
        return _text(value)
    numbers = value.get("date-parts")
    if isinstance(numbers, list) and numbers and isinstance(numbers[0], list):
        return "-".join(text.zfill(2) for text in map(_text, numbers[0][:3]) if text)
    return _text(value.get("raw")) or _text(value.get("literal"))


def _item(source: Source) -> dict:
    item: dict[str, Any] = {"id": source.key, "type": source.type.value}
    authors = [_written(author) for author in source.authors] + ([{"literal": "et al."}] if source.et_al else [])
    if authors:
        item["author"] = authors
    item |= {theirs: protected(text) for ours, theirs in _FIELDS.items() if (text := getattr(source, ours))}
    for name in ("issued", "accessed"):
        if date := dates.parts(getattr(source, name)):
            item[name] = {"date-parts": [date]}
    return item


def _written(author: Author) -> dict[str, str]:
    if author.corporate:
        return {"literal": protected(author.corporate)}
    return {name: protected(text) for name in ("family", "given") if (text := getattr(author, name))}
