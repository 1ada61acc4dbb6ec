"""The glossary on other pages: each of its terms is explained where a page first uses it. Plain Python."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from drugs.content import Term

_WORD = re.compile(r"\w+")
_HYPHENS = "\u2010\u2011-"
# What may stand between the words of a term: “low-grade” is “low grade”.
_GAP = re.compile(rf"[\s{_HYPHENS}]+")


class Terms:
    """The terms of a glossary's live page, and those among them that a page being drawn has used so far.

    `without` names what the page itself is about: it explains that better than one sentence can.
    """

    def __init__(self, glossary: Any = None, *, address: str = "", without: Iterable[str] = ()):
        self.glossary = glossary  # an editions.site.PublishedPage
        self.address = address  # where its entries are read
        self._used: dict[str, Term] = {}
        self._as_written: dict[str, Term] = {}
        self._in_any_case: dict[str, Term] = {}
        told = {one.casefold() for one in without if one}
        for term in glossary.content.terms if glossary else ():
            if told.isdisjoint({term.name.casefold(), term.abbreviation.casefold()}):
                self._know(term)
        # The words with which terms begin. With most words of a page none does, and nothing more is looked at.
        self._first = {one.split(" ")[0].casefold() for one in (*self._as_written, *self._in_any_case)}
        self._longest = max((one.count(" ") + 1 for one in (*self._as_written, *self._in_any_case)), default=0)

    def _know(self, term: Term) -> None:
        """By its name in any case, and by its abbreviation as written: “nice” is not NICE."""
        known, name = (
            (self._as_written, term.name) if term.name.isupper() else (self._in_any_case, term.name.casefold())
        )
        for named, phrase in ((known, name), (self._as_written, term.abbreviation)):
            if words := _WORD.findall(phrase):
                named.setdefault(" ".join(words), term)

    def pieces(self, text: str) -> Iterator[tuple[str, Term | None]]:
        """Plain text in pieces. One that is the first use of a term on the page comes with the term."""
        words = list(_WORD.finditer(text))
        done = at = 0
        while at < len(words):
            term, length = self._beginning_with(text, words, at)
            if term and term.key not in self._used:
                self._used[term.key] = term
                start, end = words[at].start(), words[at + length - 1].end()
                yield text[done:start], None
                yield text[start:end], term
                done = end
            at += length
        yield text[done:], None

    def _beginning_with(self, text: str, words: list[re.Match], at: int) -> tuple[Term | None, int]:
        """The longest term that begins at a word, with the number of its words; none and 1 where none begins."""
        if self._first.isdisjoint(_singulars(words[at][0].casefold())):
            return None, 1
        if _is_tied(text, words[max(at - 1, 0) : at + 1]):
            return None, 1
        for length in range(min(self._longest, len(words) - at), 0, -1):
            group = words[at : at + length]
            if _is_tied(text, words[at + length - 1 : at + length + 1]) or not _is_phrase(text, group):
                continue
            if term := self._named(" ".join(one[0] for one in group)):
                return term, length
        return None, 1

    def _named(self, phrase: str) -> Term | None:
        """The term of this name or abbreviation, or of which this is the plural."""
        for one in _singulars(phrase):
            if term := self._as_written.get(one) or self._in_any_case.get(one.casefold()):
                return term
        return None

    def __iter__(self) -> Iterator[Term]:
        """Those that the page has used, by name."""
        return iter(sorted(self._used.values(), key=lambda term: term.name.casefold()))

    def __bool__(self) -> bool:
        return bool(self._used)


def _singulars(phrase: str) -> tuple[str, ...]:
    """What a word or phrase may be the plural of, itself included."""
    if not phrase.endswith("s"):
        return (phrase,)
    return (phrase, phrase[:-1], f"{phrase[:-3]}y") if phrase.endswith("ies") else (phrase, phrase[:-1])


def _is_phrase(text: str, words: list[re.Match]) -> bool:
    """Whether nothing but gaps stands between these words."""
    return all(_GAP.fullmatch(text, one.end(), other.start()) for one, other in pairwise(words))


def _is_tied(text: str, pair: list[re.Match]) -> bool:
    """Whether a hyphen makes two words one: GIST is not meant by “non-GIST”."""
    return len(pair) == 2 and text[pair[0].end() : pair[1].start()] in set(_HYPHENS)
