"""How text becomes the words that are compared: the same for pages and for queries, on every database."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

MOST_LETTERS = 40  # of one word; what is longer is no word that anybody looks for
_WORD = re.compile(r"[^\W_]+")
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda",
    "μ": "mu", "σ": "sigma", "τ": "tau", "ω": "omega",
}  # fmt: skip
# What NFKD does not take apart.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"})
# American spelling, or another form of the word → how it is compared. Stems, as `stem` leaves them.
_AS_ONE = {
    "tumor": "tumour",
    "esophagus": "oesophagus",
    "esophageal": "oesophageal",
    "hemoglobin": "haemoglobin",
    "hemorrhag": "haemorrhag",
    "anemia": "anaemia",
    "anemic": "anaemic",
    "leukemia": "leukaemia",
    "edema": "oedema",
    "diarrhea": "diarrhoea",
    "pediatric": "paediatric",
    "gynecolog": "gynaecolog",
    "gynecological": "gynaecological",
    "orthopedic": "orthopaedic",
    "estrogen": "oestrogen",
    "feces": "faeces",
    "fetus": "foetus",
    "fiber": "fibre",
    "center": "centre",
    "licens": "licenc",
    "program": "programm",
    "randomiz": "randomis",
    "metastas": "metastasis",
    "metastasiz": "metastasis",
    "metastatic": "metastasis",
    "color": "colour",
    "behavior": "behaviour",
}


def fold(text: str) -> str:
    """Text without accents and capitals, Greek letters by their names: “PDGFRα” → “pdgfr alpha”."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(one for one in folded if not unicodedata.combining(one)).translate(_LETTERS)
    return re.sub("[α-ω]", lambda found: f" {_GREEK.get(found[0], found[0])} ", folded)


def compact(text: str) -> str:
    """A name without anything that people leave out or put in: “IMC-3G3”, “imc 3g3” → “imc3g3”."""
    return "".join(plain_words(text))


def plain_words(text: str) -> list[str]:
    """The words of a text as they are written, folded; hyphens part words."""
    return [word[:MOST_LETTERS] for word in _WORD.findall(fold(text))]


def words(text: str) -> list[str]:
    """The words of a text as they are compared: “Tumors of KIT-positive” → tumour, of, kit, positiv."""
    return [stem(word) for word in plain_words(text)]


def placed(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(start, end, words as they are compared) of each word in a text, for marking it there."""
    for found in _WORD.finditer(text):
        yield found.start(), found.end(), _of_one(found[0])


@lru_cache(maxsize=20_000)
def _of_one(word: str) -> tuple[str, ...]:
    return tuple(words(word))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A folded word without its ending: the first step of Porter's stemmer, and one spelling for words that have two."""
    short = _without_e(_without_ed_or_ing(_without_s(word)))
    return _AS_ONE.get(short, short)


def other_spellings(start: str) -> list[str]:
    """Words as they are compared whose other spelling begins so: “esoph” → oesophagus, oesophageal."""
    return sorted({kept for other, kept in _AS_ONE.items() if len(start) > 2 and other.startswith(start)})


def _without_s(word: str) -> str:
    if len(word) > 4 and word.endswith("sses"):
        return word[:-2]
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith("ied"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_ed_or_ing(word: str) -> str:
    for ending in ("ing", "ed"):
        short = word.removesuffix(ending)
        if short != word and len(short) > 3 and re.search("[aeiouy]", short) and not short.endswith("e"):
            doubled = short[-1] == short[-2] and short[-1] not in "lsz"
            return short[:-1] if doubled else short
    return word


def _without_e(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("e") and not word.endswith("ee") else word
