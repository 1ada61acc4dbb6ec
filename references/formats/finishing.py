"""From what a format's reader found to sources that can be kept: tidied, checked, under a key of their own."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from basics.content import Key
from references import identifiers
from references.content import LONGEST, LONGEST_NAME, Author, Source
from references.formats import dates, pages
from references.formats.record import Draft, Name, Problem, Record, place
from references.formats.words import hidden, plain
from references.keys import Keys

_KEY: TypeAdapter[str] = TypeAdapter(Key)
_LONGEST_RAW = 20_000  # no field is so long, with whatever markup and spaces: it is not even tidied
_MOST_AUTHORS = 20_000  # the longest list that was ever printed has about 15,000 names
_UNNAMED = "unnamed"  # until all keys of the file are known
_CALLED = {
    "container": "journal or book",
    "article_number": "article number",
    "doi": "DOI",
    "pmid": "PubMed number",
    "pmcid": "PubMed Central number",
    "url": "web address",
    "issued": "date of publication",
    "accessed": "date of access",
}
# What is written behind a DOI in MEDLINE and in records made from it: “10.3390/ijms19030739 [doi]”.
_KIND = re.compile(r"\s*\[(?:doi|pii)\]\s*$", re.IGNORECASE)


class Unusable(ValueError):
    """A record cannot be kept. The message is the end of a sentence that begins with the record's place."""


def finished(found: Iterable[Draft | Problem]) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    """Records and problems, in the order of the file.

    Keys that the file gives are kept where they can be, before any other is made up.
    """
    records: list[tuple[str, Record]] = []
    problems: list[Problem] = []
    for one in found:
        try:
            if isinstance(one, Draft):
                records.append((kept_key(one.key), _record(one)))
            else:
                problems.append(one)
        except Unusable as reason:
            title = plain(one.fields.get("title", "")[:1000]) if isinstance(one, Draft) else ""
            problems.append(Problem(one.position, one.line, f"{place(one.position, one.line, title)} {reason}"))
    return _with_keys(records), tuple(problems)


def kept_key(key: str) -> str:
    """The key of a file, if it can be one of ours and says more than a number does; else nothing.

    EndNote and PubMed number their records: such a number names nothing outside the one file.
    """
    try:
        return _KEY.validate_python(key) if re.search("[a-z]", key) else ""
    except ValidationError:
        return ""


def _record(draft: Draft) -> Record:
    notes = list(draft.notes)
    fields = {name: _field(name, text, notes) for name, text in draft.fields.items()}
    if not fields.get("title"):
        raise Unusable("has no title. Add one to it, or take the record out.")
    if len(draft.authors) > _MOST_AUTHORS:
        raise Unusable(f"has more than {_MOST_AUTHORS:,} authors. Keep the first ones, with “et al.” behind them.")
    _pages_or_number(fields, notes)
    names = draft.authors
    if draft.editors and not names:
        names = draft.editors
        notes.append("No author is named, so the editors stand in their place.")
    authors = tuple(author for name in names if (author := _author(name, notes)))
    # The fields are text, which Source checks as it reads them: mypy wants each in the type that it has afterwards.
    source = Source(key=_UNNAMED, type=draft.type, authors=authors, et_al=draft.et_al, **fields)  # type: ignore[arg-type]
    return Record(source, draft.position, draft.line, tuple(dict.fromkeys(notes)))


def _field(name: str, raw: str, notes: list[str]) -> str:
    """One field as it is stored. What cannot be is left out with a note; for the title that is reason to stop."""
    called = _CALLED.get(name, name)
    longest = LONGEST.get(name, _LONGEST_RAW)
    text = raw if len(raw) > _LONGEST_RAW else _tidied(name, raw, notes)
    if len(text) <= longest:
        return text
    if name == "title":
        raise Unusable(f"has a title of {len(text):,} characters; {longest} fit. Shorten it, or take the record out.")
    notes.append(f"The {called} has {len(text):,} characters, but {longest} fit, so it was left out.")
    return ""


def _tidied(name: str, raw: str, notes: list[str]) -> str:
    if lost := hidden(raw):
        notes.append(f"In the {_CALLED.get(name, name)}, what cannot be published was left out: {lost}.")
    text = plain(raw)
    return _TIDIED[name](text, notes) if name in _TIDIED else text


def _checked(name: str, check: Callable[[str], str]) -> Callable[[str, list[str]], str]:
    """A tidying function for identifiers: in their one form, or left out with a note."""

    def tidied(text: str, notes: list[str]) -> str:
        try:
            return check(text)
        except identifiers.NotAnIdentifier:
            notes.append(f"The {_CALLED[name]} “{text[:80]}” is none and was left out.")
            return ""

    return tidied


def _date(name: str) -> Callable[[str, list[str]], str]:
    def tidied(text: str, notes: list[str]) -> str:
        date, exact = dates.when(text)
        if not exact:
            kept = f"was kept as {date}" if date else "was left out"
            notes.append(f"The {_CALLED[name]} “{text[:80]}” {kept}.")
        return date

    return tidied


def _doi(text: str) -> str:
    return identifiers.doi(_KIND.sub("", text[:1000]))


_TIDIED: dict[str, Callable[[str, list[str]], str]] = {
    "doi": _checked("doi", _doi),
    "pmid": _checked("pmid", identifiers.pmid),
    "pmcid": _checked("pmcid", identifiers.pmcid),
    "url": _checked("url", identifiers.url),
    "issued": _date("issued"),
    "accessed": _date("accessed"),
    "pages": lambda text, notes: pages.whole(text),
}


def _pages_or_number(fields: dict[str, str], notes: list[str]) -> None:
    """A journal has pages or numbers its articles: one of the two is kept, the number before the pages."""
    found, number = fields.get("pages", ""), fields.get("article_number", "")
    if found and not number and pages.is_article_number(found):
        fields["pages"], fields["article_number"] = "", found
        notes.append(f"“{found}” stood for pages and was read as the article number.")
    elif found and number:
        fields["pages"] = ""
        if found != number:
            notes.append(f"It has an article number, so the pages “{found}” were left out.")


def _author(name: Name, notes: list[str]) -> Author | None:
    words = {part: plain(text) for part, text in name._asdict().items()}
    if not words["family"] and not words["corporate"]:
        words = {"family": words["given"], "given": "", "corporate": ""}
    for part, text in words.items():
        if len(text) > LONGEST_NAME[part]:
            raise Unusable(
                f"has an author, “{text[:40]}…”, whose name is longer than the {LONGEST_NAME[part]} characters that fit. "
                "Shorten the name, or give each author on their own."
            )
    if any(map(hidden, name)):
        notes.append("In an author's name, what cannot be published was left out.")
    return Author(**words) if any(words.values()) else None


def _with_keys(records: list[tuple[str, Record]]) -> tuple[Record, ...]:
    keys = Keys()
    given = [keys.free(wished) if wished else "" for wished, _ in records]
    return tuple(
        _under(record, wished, key or keys.suggest(record.source))
        for (wished, record), key in zip(records, given, strict=True)
    )


def _under(record: Record, wished: str, key: str) -> Record:
    notes = record.notes
    if wished and wished != key:
        notes = (*notes, f"The key “{wished}” stands at another record too, so this one is called “{key}”.")
    return replace(record, source=record.source.model_copy(update={"key": key}), notes=notes)
