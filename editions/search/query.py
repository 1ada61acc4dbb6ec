"""What somebody looks for, read from what they typed."""

from dataclasses import dataclass

from basics.text import legible
from editions.search.words import compact, other_spellings, plain_words, stem

MOST_LETTERS = 100
MOST_WORDS = 12
# Words that nearly every page holds, and that people type in questions. They count if there is nothing else.
_SMALL_WORDS = (
    "a an and are as at be by can do does for from had has have how i if in is it its me my of on or that the their "
    "there they this to was what when which who why will with you your"
)
_SMALL = frozenset(_SMALL_WORDS.split(" "))


@dataclass(frozen=True)
class Word:
    """One word of a query: any of `exact`, or a word that begins with one of `starts`."""

    typed: str
    exact: tuple[str, ...]
    starts: tuple[str, ...] = ()

    def fits(self, compared: str) -> bool:
        return compared in self.exact or compared.startswith(self.starts)


@dataclass(frozen=True)
class Query:
    """`text` is what is shown back; `words` what is looked for; `name` the whole of it as a name."""

    text: str
    words: tuple[Word, ...] = ()
    name: str = ""
    is_cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.words)


def read(typed: str) -> Query:
    """A query from whatever was typed. Signs are no words, so nothing in it is an operator."""
    text = legible(typed[: 4 * MOST_LETTERS], 4 * MOST_LETTERS)
    is_cut = len(text) > MOST_LETTERS or len(typed) > 4 * MOST_LETTERS
    text = text[:MOST_LETTERS].rstrip()
    all_words = plain_words(text)
    # The last word may not be finished; a space after it says that it is.
    unfinished = bool(all_words) and not is_cut and typed[-1:].isalnum()
    wanted = [word for word in all_words if word not in _SMALL or (unfinished and len(all_words) == 1)] or all_words
    last = all_words[-1] if unfinished else None
    words = tuple(
        _word(word, is_open=place == len(wanted) - 1 and word == last) for place, word in enumerate(wanted[:MOST_WORDS])
    )
    return Query(text, words, compact(text), is_cut or len(wanted) > MOST_WORDS)


def _word(word: str, *, is_open: bool) -> Word:
    compared = stem(word)
    if not is_open or len(word) < 2:
        return Word(word, (compared,))
    return Word(word, (compared, *other_spellings(word)), (word,))
