"""How the authors of a source are named in a reference. Plain Python.

The rules are those of Citing Medicine (National Library of Medicine, 2nd edition), chapter 1A, Author, and of the
samples of the ICMJE, which list six authors and then “et al.”.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

from references.content import Author, Source

LISTED = 6  # ICMJE sample 1: the first six authors, then “et al.”
_INITIALS = 2  # Citing Medicine, Author: at most two initials follow a family name

_RANK = re.compile(r"(?:,\s*|\s)(?P<rank>jr|sr|ii|iii|iv|2nd|3rd|[4-9]th)\.?$", re.IGNORECASE)
_RANKS = {"jr": "Jr", "sr": "Sr", "ii": "2nd", "iii": "3rd", "iv": "4th"}

_PARTICLE = re.compile(r"da|das|de|del|della|den|der|des|di|dos|du|la|las|le|los|ten|ter|van|von|zu")
_NAME = re.compile(r"[^\s.,‐‑–-]+\.?")
# One letter of another alphabet that takes two Latin ones stays whole: “Iu.” for Ю, “Th.” for Θ.
_TWO_LETTERS_FOR_ONE = frozenset({"Ch", "Ia", "Iu", "Kh", "Ps", "Sh", "Th", "Ts", "Ya", "Yu", "Zh"})


def authors(source: Source) -> str:
    """Up to six authors, then “et al.”; also where it is known only that there are others. Empty if none is known."""
    named = [one for one in source.authors if author(one)]
    listed = joined(named[:LISTED])
    return f"{listed}, et al." if len(named) > LISTED or (source.et_al and named) else listed


def joined(named: Iterable[Author]) -> str:
    """Persons stand between commas, bodies between semicolons (ICMJE sample 3): a body's name may hold commas."""
    named = list(named)
    text = "".join(author(one) for one in named[:1])
    for before, one in pairwise(named):
        text += ("; " if before.corporate or one.corporate else ", ") + author(one)
    return text


def author(one: Author) -> str:
    """`Nakano K`, `de Groot JF`, `King ML 3rd`; a body, or a person of one name, as it is written."""
    if one.corporate:
        return " ".join(one.corporate.split())
    family, rank = _without_rank(" ".join(one.family.split()))
    given, rank_after_given = _without_rank(" ".join(one.given.split()))
    particle, given = _particle(given)
    if not family:
        return given
    return " ".join(filter(None, [particle, family, initials(given), rank or rank_after_given]))


def initials(given: str) -> str:
    """`Jean-Luc`, `J.-L.` and `JL` as `JL`: no stops, hyphens or spaces, at most two, none for a particle.

    Names in another alphabet keep their own first letter: we do not romanise what the record does not.
    """
    words = [word for word in _NAME.findall(given) if not _PARTICLE.fullmatch(word)]
    return "".join([letter for word in words for letter in _initials_of(word)][:_INITIALS])


def _initials_of(word: str) -> list[str]:
    plain = word.rstrip(".")
    if word.endswith(".") and plain in _TWO_LETTERS_FOR_ONE:
        return [plain]
    letters = [letter for letter in plain if letter.isalpha()]
    # Up to three capitals are initials that were written together; a name in capitals is longer.
    if plain.isupper() and len(letters) <= 3:
        return letters
    return [letter.title()[0] for letter in letters[:1]]


def _without_rank(name: str) -> tuple[str, str]:
    """A name and the rank in the family that was written after it: `Martin L, III` gives `Martin L` and `3rd`."""
    found = _RANK.search(name)
    if not found:
        return name, ""
    rank = found["rank"].lower()
    return name[: found.start()].rstrip(","), _RANKS.get(rank, rank)


def _particle(given: str) -> tuple[str, str]:
    """The particle that some catalogues write after the given names, and those: `Jiddeke M. van de` is `van de Kamp JM`."""
    words = given.split()
    first = len(words)
    while first and _PARTICLE.fullmatch(words[first - 1]):
        first -= 1
    return " ".join(words[first:]), " ".join(words[:first])
