"""Names of authors as files have them: “Family, Given”, “Given Family”, “FAMILY G”, bodies, “et al.”."""

import re
from collections.abc import Iterable

from references.formats.record import Name

_ET_AL = {"et al", "et al.", "et. al.", "and others", "others", "et alii", "u.a.", "et coll."}
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|2nd|3rd)\.?", re.IGNORECASE)
_LISTED_PARTICLES = "al da das de del della der des di dos du el la le ten ter van vanden vom von zu zur"
_PARTICLES = frozenset(_LISTED_PARTICLES.split())
# Words that stand in the names of bodies and hardly in those of people.
_LISTED_WORDS = """academy administration agency and association authority board cancer center centre clinic
    collaboration collaborative college commission committee consortium council department european excellence
    federation for force foundation group health healthcare hospital inc initiative institute institutes international
    investigators joint limited ltd medicine medicines ministry national network nhs of office oncology organisation
    organization panel program programme project regulatory research service services society study subcommittee
    support team the therapeutics trial trialists trials trust uk union university working"""
_OF_BODIES = frozenset(_LISTED_WORDS.split())
_INITIALS = re.compile(r"[^\W\d_]{1,4}|(?:[^\W\d_]\.[ -]?){1,4}")


def is_et_al(text: str) -> bool:
    """True for “et al.” and the like in an author's place: there are more authors than are named.

    RIS and CSL have no sign for it; BibTeX has `and others` (btxdoc, 3.2).
    """
    return text.strip().strip("{}").lower() in _ET_AL


def without_et_al(texts: Iterable[str]) -> tuple[list[str], bool]:
    """The names that are names, and whether there are others."""
    given = [text for text in texts if text.strip()]
    named = [text for text in given if not is_et_al(text)]
    return named, len(named) < len(given)


def person(family: str, given: str = "", suffix: str = "", particle: str = "") -> Name:
    """A person; a particle (“van der”) and a suffix (“Jr”) belong to the family name, away from the initials."""
    whole = " ".join(part.strip() for part in (particle, family, suffix) if part.strip())
    return Name(family=whole, given=given.strip()) if whole else unmarked(given)


def inverted(text: str) -> Name:
    """A name with commas: “Family, Given” or “Family, Given, Suffix” (RIS specification, tag AU)."""
    family, _, rest = text.partition(",")
    given, _, suffix = rest.partition(",")
    if _SUFFIX.fullmatch(given.strip()) and suffix.strip():
        given, suffix = suffix, given
    return person(family, given, suffix)


def unmarked(text: str) -> Name:
    """A name without commas. Nothing in it says which part is the family name, so its words are looked at."""
    words = text.split()
    if looks_like_a_body(text):
        return Name(corporate=text.strip())
    if len(words) < 2:
        return Name(family=text.strip())
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    if _are_initials(words[-1]) and len(words[0]) > 1 and not words[0].endswith("."):
        return person(_in_small_letters(" ".join(words[:-1])), words[-1], suffix)
    begin = len(words) - 1
    while begin > 1 and words[begin - 1].lower() in _PARTICLES:
        begin -= 1
    return person(" ".join(words[begin:]), " ".join(words[:begin]), suffix)


def looks_like_a_body(text: str) -> bool:
    """True for what reads like an organisation: a word of theirs, a number, an abbreviation, six words or more."""
    words = text.split()
    if len(words) < 2:
        return len(text) > 1 and text.isupper()
    return (
        len(words) > 5
        or bool(re.search(r"[\d&/()]", text))
        or any(word.strip(".,'’").lower() in _OF_BODIES for word in words)
        or (words[0][:1].islower() and words[0].lower() not in _PARTICLES and not re.search("['’]", words[0]))
    )


def medline(text: str) -> Name:
    """A name of MEDLINE: “Smith, John A Jr” (FAU) or “Smith JA Jr” (AU), the suffix last (NLM, element FAU)."""
    if "," not in text:
        words = text.split()
        suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
        return person(" ".join(words[:-1]), words[-1], suffix) if len(words) > 1 else Name(family=text.strip())
    family, _, given = text.partition(",")
    before, _, last = given.strip().rpartition(" ")
    return person(family, before, last) if before and _SUFFIX.fullmatch(last) else person(family, given)


def _are_initials(word: str) -> bool:
    return word.isupper() and bool(_INITIALS.fullmatch(word))


def _in_small_letters(family: str) -> str:
    """`DE LA CRUZ` as `de la Cruz`. Short names stay: “NG” and “LI” cannot be told from initials."""
    if not family.isupper() or len(family) < 4:
        return family
    return re.sub(r"[^\W\d_]+", lambda word: _capitalised(word[0].lower()), family)


def _capitalised(word: str) -> str:
    return word if word in _PARTICLES else word.capitalize()
