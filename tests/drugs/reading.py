"""Public pages of the starter content, and what tests read of a page."""

from datetime import date, timedelta
from html.parser import HTMLParser

import time_machine
from django.utils import timezone

GUIDE = "/guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/"
CONTENT_PAGES = [GUIDE, "/drugs/olaratumab/", "/drugs/imatinib/", "/conditions/gist/", "/glossary/"]
WITH_SEARCH_BOX = ["/", "/as-of/2018-12-31/", "/search/?q=imatinib"]
LISTS = ["/", "/drugs/", "/conditions/", "/references/", "/references/nakano-2018/"]
PAST = [f"/as-of/2018-12-31{address}" for address in [*CONTENT_PAGES, *LISTS]]
RECORD = [f"{page}{part}" for page in CONTENT_PAGES for part in ("history/", "editions/1/")]
RECORD += ["/updates/", "/updates/?kind=drug", "/record/", "/as-of/", "/as-of/?page=/drugs/imatinib/"]
EVERY_KIND = [*CONTENT_PAGES, *LISTS, *PAST, *RECORD, "/search/?q=imatinib"]


class Read(HTMLParser):
    """The ids and the link targets of a page, and its words."""

    def __init__(self, text: str):
        super().__init__()
        self.ids, self.links, self.data = [], [], []
        self.feed(text)
        self.words = " ".join(" ".join(self.data).split())
        self.within = [link.removeprefix("#") for link in self.links if link.startswith("#")]

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.ids += [named["id"]] if "id" in named else []
        self.links += [named["href"]] if tag == "a" else []

    def handle_data(self, data):
        self.data.append(data)


def words(client, address: str) -> str:
    return Read(client.get(address).text).words


def moving(**days) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**days), tick=True)


def today() -> date:
    return timezone.localdate()
