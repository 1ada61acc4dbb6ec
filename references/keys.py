"""The key of a new source: first author and year, `moroncini-2018`, `nice-2017`. Plain Python."""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterator

from references.content import Author, Source

# Bodies whose abbreviation their name does not spell, or whose name is written in several ways.
_ABBREVIATIONS = {
    "all wales medicines strategy group": "awmsg",
    "european medicines agency": "ema",
    "food and drug administration": "fda",
    "medicines and healthcare products regulatory agency": "mhra",
    "national institute for health and care excellence": "nice",
    "national institute for health and clinical excellence": "nice",
    "scottish medicines consortium": "smc",
    "us food and drug administration": "fda",
    "world health organization": "who",
}
# Letters that are no base letter with an accent, so that NFKD leaves them whole.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_SMALL_WORDS = {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
_SUFFIX = re.compile(r"(?<=[a-z])-(?:jr|sr|ii|iii|iv)$")
_LONGEST_NAME = 60


def suggest(source: Source, taken: Container[str] = frozenset()) -> str:
    """A key for a source that is not among those taken: `moroncini-2018`, then `moroncini-2018-b`, `-c` …"""
    return Keys(taken).suggest(source)


class Keys:
    """Gives out keys, none twice and none that is taken. Remembers how far each was counted."""

    def __init__(self, taken: Container[str] = frozenset()) -> None:
        self._taken = taken
        self._given: set[str] = set()
        self._counted: Counter[str] = Counter()

    def suggest(self, source: Source) -> str:
        """A key made of the source's first author, or its title, and its year."""
        names = [*map(_of_author, source.authors[:1]), _first_words(source.title), "source"]
        name = next(name for name in names if re.search("[a-z]", name))
        return self.free(f"{name}-{source.issued[:4] or 'nd'}")

    def free(self, wished: str) -> str:
        """The key wished for, or the next one after it that is free."""
        for ending in self._endings(wished):
            if (key := wished + ending) not in self._given and key not in self._taken:
                break
        self._given.add(key)
        return key

    def _endings(self, wished: str) -> Iterator[str]:
        """Nothing, -b … -z, then numbers. Goes on where it stopped, so that many equal keys take no longer each."""
        while True:
            self._counted[wished] += 1
            number = self._counted[wished]
            if number == 1:
                yield ""
            else:
                yield f"-{chr(ord('a') + number - 1)}" if number <= 26 else f"-{number}"


def folded(text: str) -> str:
    """Text as small letters, digits and single hyphens: “Müller-Öztürk” is `muller-ozturk`."""
    return re.sub(r"[^a-z0-9]+", "-", _unaccented(text)).strip("-")


def folded_in_any_script(text: str) -> str:
    """As `folded`, but letters that are not Latin stay: “Иматиниб при ГИСТ” is `иматиниб-при-гист`."""
    return re.sub(r"[\W_]+", "-", _unaccented(text)).strip("-")


def _unaccented(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return re.sub(r"['’]", "", "".join(one for one in text if not unicodedata.combining(one)))


def _of_author(author: Author) -> str:
    if author.corporate:
        return _of_body(author.corporate)
    return _SUFFIX.sub("", folded(author.family)[:_LONGEST_NAME].strip("-"))


def _of_body(name: str) -> str:
    """A known abbreviation, the one in brackets, or the first two words that say something."""
    if known := _ABBREVIATIONS.get(re.sub(r"^the ", "", name.strip().lower())):
        return known
    if found := re.search(r"\(([A-Z]{2,10})\)", name):
        return found[1].lower()
    return _first_words(name)


def _first_words(text: str) -> str:
    words = [word for word in folded(text).split("-") if word not in _SMALL_WORDS]
    return "-".join(words[:2])[:_LONGEST_NAME].strip("-")
