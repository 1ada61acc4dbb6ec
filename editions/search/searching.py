"""Answering a query: exact names first, then names, then text; near names are asked about and never taken for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, overload

from editions.kinds import kind
from editions.models import SearchEntry
from editions.search import entries, near
from editions.search.called import Called, Live, Place
from editions.search.document import Name
from editions.search.engines import Engine, engine
from editions.search.extracts import Extract, Piece, extract
from editions.search.live import live
from editions.search.query import Query, Word, read
from editions.search.words import words as compared

if TYPE_CHECKING:
    from editions.published import PublishedPage
    from editions.site import PublishedSite

_MOST_SUGGESTIONS = 4
_MOST_MEASURED = 200  # names whose lengths are compared
_NAME_COUNTS = 1000.0  # more than text can score
_NEAR_WORDS_FROM = 4  # letters of a word that may be a misspelt name


@dataclass(frozen=True)
class Hit:
    """One page that answers a query. Only its names answer for a withdrawn page; its extract is why it was withdrawn."""

    page: PublishedPage
    why: str  # “Glivec is a brand name of imatinib”; nothing where the page's own name or its text answers
    is_named: bool  # by a name of the page, not only in its text
    extract: Extract

    @property
    def url(self) -> str:
        return f"{self.page.url}#{self.extract.anchor}" if self.extract.anchor else self.page.url

    @property
    def kind(self) -> str:
        return kind(self.page.kind).label


@dataclass(frozen=True)
class Suggestion:
    """A query that may have been meant."""

    text: str
    what: str  # what the name in it is: “drug”, “a brand name of imatinib”
    page: int  # the edition that has the name, to tell drugs apart


@dataclass(frozen=True)
class _Ranked:
    place: Place
    tier: int  # 0 the page's own name, 1 another of its names, 2 a part of it, 3 words of its names, 4 text
    score: float
    name: Name | None = None
    length: int = 0  # words of the shortest of its names that holds those asked for

    @property
    def key(self) -> tuple:
        return (self.tier, self.place.is_lower, self.length, -self.score, self.place.title.casefold())


class Hits(Sequence[Hit]):
    """The hits, best first. Pages and extracts are read for the part that is asked for only."""

    def __init__(self, site: PublishedSite, ranked: Sequence[_Ranked], words: Sequence[Word]):
        self._site, self._ranked, self._words = site, ranked, words

    def __len__(self) -> int:
        return len(self._ranked)

    @overload
    def __getitem__(self, at: int) -> Hit: ...
    @overload
    def __getitem__(self, at: slice) -> list[Hit]: ...
    def __getitem__(self, at):
        if isinstance(at, slice):
            return list(self._drawn(self._ranked[at]))
        return next(self._drawn([self._ranked[at]]))

    def _drawn(self, ranked: Sequence[_Ranked]) -> Iterator[Hit]:
        ids = [one.place.edition for one in ranked]
        pages = self._site.by_editions(ids)
        stored = {entry.edition_id: entries.document(entry) for entry in SearchEntry.objects.filter(edition__in=ids)}
        for one in ranked:
            page = pages[one.place.edition]
            said = Called(one.place, one.name).says
            yield Hit(page, said, one.tier < 4 and one.tier != 2, self._extract(one, page, stored))

    def _extract(self, one: _Ranked, page: PublishedPage, stored) -> Extract:
        if page.withdrawal:
            return Extract((Piece(page.withdrawal.sentence),))
        passages = stored[one.place.edition].passages
        if one.name and one.name.anchor:
            passages = [passage for passage in passages if passage.anchor == one.name.anchor] or passages
        elif one.tier < 4:
            passages = passages[:1]  # who looks for a name first wants to know what it is
        return extract(passages, self._words)


@dataclass(frozen=True)
class Found:
    """The answer to a query. `hits` is a sequence: its length, an item or a part of it."""

    query: Query
    hits: Hits
    suggestions: tuple[Suggestion, ...] = ()
    fell_back: bool = False  # no page has all the words; these have some of them
    missing: tuple[str, ...] = ()  # the words that stand on no page, when it fell back

    @cached_property
    def is_named(self) -> bool:
        """Whether the first hit has a name that was asked for."""
        return bool(self.hits._ranked) and self.hits._ranked[0].tier < 4

    @property
    def are_different(self) -> bool:
        """Whether the suggestions are names of different pages, to be told apart with care."""
        return len({one.page for one in self.suggestions}) > 1


def search(site: PublishedSite, typed: str) -> Found:
    """What of a site answers to what somebody typed."""
    query = read(typed)
    if not query:
        return Found(query, Hits(site, (), ()))
    return _Search(live(site), engine(), query).answer(site)


def names_starting(site: PublishedSite, typed: str, most: int = 8) -> list[Called]:
    """Names that begin with what was typed so far. Spelt so: near names are for the search itself to ask about."""
    return live(site).starting(read(typed).text, most)


class _Search:
    def __init__(self, found: Live, finder: Engine, query: Query):
        self._live, self._finder, self._query = found, finder, query

    @cached_property
    def _missing(self) -> list[Word]:
        """The words that stand on no page."""
        return [word for word in self._query.words if not self._matches([word])]

    def answer(self, site: PublishedSite) -> Found:
        exact = self._exact()
        words, also = self._query.words, self._titles(exact)
        scores = self._matches(words)
        for title in also:
            for edition, score in self._matches(title).items():
                scores[edition] = max(score, scores.get(edition, score))
        fell_back = not scores and not exact and len(words) > 1
        if fell_back:
            scores = self._matches(words, every=False)
            for edition in scores.keys() & self._called_by_a_word():
                scores[edition] += _NAME_COUNTS  # a drug that was named comes before pages that share common words
        named = set() if fell_back else self._live.named(words)
        ranked = sorted(self._ranked(exact, named, scores), key=lambda one: one.key)
        suggestions = () if exact or named else tuple(self._suggestions(has_text=bool(scores) and not fell_back))
        shown = (*words, *(word for title in also for word in title))
        missing = tuple(word.typed for word in self._missing) if fell_back else ()
        return Found(self._query, Hits(site, ranked, shown), suggestions, fell_back and bool(ranked), missing)

    def _exact(self) -> list[Called]:
        """What is called just so, as it was typed or without small words: “what is Glivec for?”."""
        core = "".join(word.typed for word in self._query.words)
        return self._live.called.get(self._query.name) or self._live.called.get(core) or []

    def _called_by_a_word(self) -> set[int]:
        """The editions that one of the words is a whole name of."""
        found = (self._live.called.get(word.typed, []) for word in self._query.words)
        return {one.place.edition for called in found for one in called if not one.is_part}

    @staticmethod
    def _titles(exact: list[Called]) -> list[tuple[Word, ...]]:
        """The own names of pages that were asked for under another name: other pages may speak of them so."""
        titles = dict.fromkeys(one.place.title for one in exact if one.name and not one.is_part)
        return [tuple(Word(word, (word,)) for word in compared(title)) for title in titles]

    def _matches(self, words: Sequence[Word], *, every: bool = True) -> dict[int, float]:
        return {
            edition: score
            for edition, score in self._finder.matches(words, every=every).items()
            if edition in self._live.places
        }

    def _ranked(self, exact: list[Called], named: set[int], scores: dict[int, float]) -> Iterator[_Ranked]:
        seen: set[int] = set()
        for one in sorted(exact, key=_tier):
            if one.place.edition not in seen:
                seen.add(one.place.edition)
                yield _Ranked(one.place, _tier(one), scores.get(one.place.edition, 0), one.name)
        for edition in named | scores.keys():
            place = self._live.places[edition]
            if edition in seen or (place.is_withdrawn and edition not in named):
                continue  # what a withdrawn page says is not shown, so it is not found by it
            if edition in named:
                length = self._length(place) if len(named) < _MOST_MEASURED else 0
                yield _Ranked(place, 3, scores.get(edition, 0), length=length)
            else:
                yield _Ranked(place, 4, scores[edition])

    def _length(self, place: Place) -> int:
        names = [compared(name) for name in (place.title, *(one.text for one in place.names if not one.anchor))]
        fitting = [name for name in names if all(any(map(word.fits, name)) for word in self._query.words)]
        return min(map(len, fitting or names))

    def _suggestions(self, *, has_text: bool) -> Iterator[Suggestion]:
        # Words that stand in a page's text are words: they are a misspelt name only if that is very near.
        whole = near.near(self._query.name, self._live.called.keys(), most=1 if has_text else None)
        found = [one for name, _ in whole for one in self._live.called[name][:1]]
        if found or len(self._query.words) == 1:
            for one in found[:_MOST_SUGGESTIONS]:
                yield Suggestion(one.text, one.what, one.place.edition)
            return
        if not has_text:
            yield from self._one_word_otherwise()

    def _one_word_otherwise(self) -> Iterator[Suggestion]:
        """The query with its first word that stands nowhere put right, if it looks like a word of a name."""
        for word in self._missing:
            if len(word.typed) < _NEAR_WORDS_FROM:
                continue
            found = near.near(word.typed, self._live.words.keys())[:_MOST_SUGGESTIONS]
            for name, _ in found:
                one = self._live.words[name][0]
                spelt = one.text if len(compared(one.text)) == 1 else name
                text = " ".join(spelt if other is word else other.typed for other in self._query.words)
                yield Suggestion(text, one.what, one.place.edition)
            if found:
                return


def _tier(one: Called) -> int:
    return 2 if one.is_part else 1 if one.name else 0
