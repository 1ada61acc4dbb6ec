"""Pages and article numbers as files have them."""

import re

_RANGE = re.compile(r"([A-Za-z]{0,3})(\d{1,9}) ?[-‐‑‒–—−]{1,3} ?([A-Za-z]{0,3})(\d{1,9})", re.ASCII)
_LABEL = re.compile(r"pp?\.? ?(?=\d)", re.IGNORECASE)
# No journal has a hundred thousand pages a year, and none begins a page with a single e but for electronic ones.
_NUMBER = re.compile(r"[eE]\d{1,12}|\d{6,12}", re.ASCII)


def whole(pages: str) -> str:
    """Pages with both ends written out: `833-42` is `833-842`, `S12-8` is `S12-S18`.

    Bibliographies leave out what both ends share (Citing Medicine, chapter 1). What is no range stays as it is.
    """
    pages = _LABEL.sub("", pages, count=1) if _LABEL.match(pages) else pages
    found = _RANGE.fullmatch(pages)
    if not found:
        return pages
    before, first, again, last = found.groups()
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    if int(last) < int(first):
        return pages
    return f"{before}{first}-{again or before}{last}"


def is_article_number(pages: str) -> bool:
    """True where what stands for pages must be an article's number: `e1234`, `101234`."""
    return bool(_NUMBER.fullmatch(pages))
