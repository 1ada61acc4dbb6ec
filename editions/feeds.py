"""Atom feeds (RFC 4287) of what changed in public: of the whole site, of one kind of page, and of each page.

An address may move to another host, so the ids are not made from it: each is a UUID (RFC 9562, version 5) of the entry's
seal, which never changes.
"""

from datetime import datetime, time
from uuid import UUID, uuid5

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from basics.days import LONDON
from editions import updates
from editions.models import Entry
from editions.parts import part_asked_for
from editions.public import for_any_site, public, reading, revalidated
from editions.site import PublishedSite

AUTHOR = "Targeted cancer drugs"
PER_FEED = 50
IDS = UUID("f872edf9-752a-48f7-b43a-827db9cd7b42")  # the namespace of our ids: drawn once, never to be changed


class UpdatesFeed(Atom1Feed):
    """Django's Atom feed with summaries in plain text, and with links between its parts (RFC 5005, section 3).

    Django writes summaries as HTML. Ours are text, so that what looks like markup is read as it was written.
    """

    def latest_post_date(self):
        """When the feed last changed (RFC 4287, section 4.2.15). Without an entry Django would say: as it is drawn."""
        return super().latest_post_date() if self.items else self.feed["empty_since"]

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for rel, address in self.feed["parts"].items():
            handler.addQuickElement("link", "", {"rel": rel, "href": address})

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("summary", item["description"], {"type": "text"})


@public
@reading("kind", "page")
@for_any_site
@revalidated
def site_feed(request, *, site: PublishedSite):
    """The changes of all pages, or of one kind with `?kind=`."""
    kind = updates.kind_asked_for(request)
    about = f": {updates.kinds()[kind]}" if kind else ""
    link = reverse("editions:updates") + (f"?kind={kind}" if kind else "")
    first = Entry.objects.order_by("position").first()
    changes = updates.entries(site, kind)
    return _feed(request, site, changes, title=f"All updates{about}", link=link, first=first, name=kind)


@public
@reading("page")
@for_any_site
@revalidated
def page_feed(request, kind: str, slug: str, *, site: PublishedSite):
    """The changes of one page, also after it was withdrawn."""
    page = site.page(kind, slug)
    if page is None:
        if address := site.moved_to(kind, slug):
            return redirect(f"{address}updates.atom", permanent=True)
        raise Http404("There is no such page.")
    first = Entry.objects.filter(page=page.page_id).order_by("position").first()
    changes = updates.entries(site, page=page)
    title = f"Updates of {page.title}"
    return _feed(request, site, changes, title=title, link=page.history_url, first=first, name="page")


def _feed(
    request, site: PublishedSite, changes, *, title: str, link: str, first: Entry | None, name: str
) -> HttpResponse:
    """The feed of these changes. `link` is the page that shows the same.

    Its id is made from the `first` entry of the record that it could tell of, and from a `name` beside it. A feed without
    an entry has been empty since that moment; before the record has begun, since the day has.
    """
    part = part_asked_for(request, changes, PER_FEED, counted=False)
    feed = UpdatesFeed(
        title=f"{title} – {AUTHOR}",
        link=_absolute(link),
        description=None,
        language="en-GB",
        author_name=AUTHOR,
        feed_url=_absolute(request.get_full_path()),
        feed_guid=uuid5(IDS, f"{first.seal if first else ''}/{name}").urn,
        empty_since=first.at if first else datetime.combine(timezone.localdate(timezone=LONDON), time.min, LONDON),
        parts=_parts(request, part),
    )
    for update in updates.in_words(site, part.object_list):
        feed.add_item(
            title=update.title,
            link=_absolute(update.url or reverse("editions:updates")),
            description=update.summary,
            unique_id=uuid5(IDS, update.seal).urn,
            pubdate=update.held_from,
            updateddate=update.held_from,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _parts(request, part) -> dict[str, str]:
    """Link relation → address of the other parts of a feed that has several.

    There is no “last”, which is optional (RFC 5005, section 3): to count what may be told takes longer than to tell a part.
    """
    numbers = {"first": 1} if part.has_other_pages() else {}
    numbers |= {"previous": part.previous_page_number()} if part.has_previous() else {}
    numbers |= {"next": part.next_page_number()} if part.has_next() else {}
    asked = request.GET.copy()
    addresses = {}
    for rel, number in numbers.items():
        asked["page"] = number
        addresses[rel] = _absolute(f"{request.path}?{asked.urlencode()}")
    return addresses


def _absolute(address: str) -> str:
    return f"{settings.SITE_URL}{address}"
