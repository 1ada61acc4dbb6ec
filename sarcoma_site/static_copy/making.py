"""Making a copy: from the roots by the links, one address after the other, until nothing new is met."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.utils import timezone

from editions import generation
from editions.kinds import kind
from editions.models import Edition, FormerSlug, Page
from sarcoma_site.front.page import NOTICE_PLACE
from sarcoma_site.static_copy import server_files
from sarcoma_site.static_copy.addresses import Address, Site
from sarcoma_site.static_copy.asking import Answer, Asked, one_connection
from sarcoma_site.static_copy.kept import Folder, Note, opened
from sarcoma_site.static_copy.links import led_on, without_scripts

_ROOTS = ("/", "/robots.txt", "/sitemap.xml", "/updates.atom", "/record.json", "/.well-known/security.txt")
_NOWHERE = Address("/there-is-nothing-at-this-address/")
_MOST_ROUNDS = 3
# What is absent from a copy, by how its address begins; a comparison that is still to be chosen has no beginning of its own.
_ABSENT = {"/search/": "search", "/feedback/": "feedback", "/as-of/": "day", "/api/": "api"}


class Broken(RuntimeError):
    """The site could not draw a page. The copy is as it was, but for files that are newer by now."""


@dataclass
class Made:
    """What came of it."""

    note: Note
    is_as_before: bool = False  # nothing public had changed since the last copy
    changed: int = 0  # files
    removed: int = 0
    nowhere: dict[str, str] = field(default_factory=dict)  # address that leads nowhere → a page that links to it


def make(
    root: Path, *, whole: bool = False, leaflets: bool = True, tell: Callable[[str], None] = lambda _: None
) -> Made:
    """Make a copy of the public site in a folder, or bring the copy there up to date.

    Nothing is drawn if nothing public changed since the last copy, unless it is to be made `whole`. `tell` hears the
    address of each page. Raises NotOurs, BlockingIOError if another process is at it, Broken, OSError.
    """
    with opened(root) as folder, one_connection():
        earlier = folder.note()
        mark = _made_with()
        now = generation.current()
        is_same = (earlier.generation, earlier.made_with, earlier.leaflets) == (now.name, mark, leaflets)
        if is_same and not whole:
            return Made(earlier, is_as_before=True)
        for _ in range(_MOST_ROUNDS):
            note = Note(now.name, timezone.now().isoformat(timespec="seconds"), now.head, mark, leaflets)
            copy = _Copy(folder, earlier, note, now, tell)
            copy.draw()
            folder.finish(note, earlier)
            earlier, now = note, generation.current()
            if now.name == note.generation:
                break  # else something was published meanwhile, and may be on some of the pages
        return Made(note, changed=folder.changed, removed=folder.removed, nowhere=copy.nowhere)


class _Copy:
    def __init__(
        self, folder: Folder, earlier: Note, note: Note, now: generation.Generation, tell: Callable[[str], None]
    ):
        self._folder, self._earlier, self._note, self._tell = folder, earlier, note, tell
        self._site = Site()
        self._asked = Asked(self._site)
        self._notice = render_to_string("copy_notice.html", {"day": now.day}).strip()
        self._waiting: deque[tuple[Address, str]] = deque()
        self._met: set[Address] = set()
        self._absent: dict[str, str] = {}
        self._served = server_files.Served(earlier.served)
        self.nowhere: dict[str, str] = {}

    def draw(self) -> None:
        for address in [*map(Address, _ROOTS), *_ever_public()]:
            self._meet(address, "")
        while self._waiting:
            self._put(*self._waiting.popleft())
        for path, what in self._absent.items():
            said = render_to_string("copy_absent.html", {"what": what, "site_notice": settings.SITE_NOTICE})
            self._write_html(Address(path), said)
        self._write_html(Address("/404.html"), self._asked.get(_NOWHERE).body.decode())
        while self._waiting:  # what only these lead to
            self._put(*self._waiting.popleft())
        for name, text in self._served.files().items():
            self._write(name, text.encode())
        self._note.served = self._served.kept()

    def _meet(self, address: Address, source: str) -> None:
        if address not in self._met:
            self._met.add(address)
            self._waiting.append((address, source))

    def _put(self, address: Address, source: str) -> None:
        if address.path.startswith(settings.STATIC_URL):
            self._write(address.file, _asset(address.path.removeprefix(settings.STATIC_URL)))
            return
        self._tell(address.path)
        kept = self._earlier.files.get(address.file, "") if self._folder.has(address.file) else ""
        answer = self._asked.get(address, etag=kept)
        if answer.status == 304:
            self._note.files[address.file] = kept
            self._served.add_unchanged(address, self._site.route(address))
        elif answer.status in (301, 302):
            self._lead_on(
                address, Address(*answer.headers["Location"].removeprefix(settings.SITE_URL).partition("?")[::2])
            )
        elif answer.status in (200, 410):
            self._serve(address, answer)
        elif answer.status == 404:
            if source:
                self.nowhere[address.path] = source
        else:
            raise Broken(f"The site answered {answer.status} at {address.path}. The copy was not finished.")

    def _serve(self, address: Address, answer: Answer) -> None:
        self._served.add(address, self._site.route(address), answer)
        if answer.is_html:
            self._write_html(address, answer.body.decode())
        else:
            self._write(address.file, answer.body, mark=answer.headers.get("ETag", ""))

    def _lead_on(self, address: Address, onto: Address) -> None:
        self._served.add_move(address, onto)
        self._meet(onto, address.path)
        said = render_to_string("copy_moved.html", {"address": onto.in_copy, "site_notice": settings.SITE_NOTICE})
        self._write_html(address, said)

    def _write_html(self, address: Address, html: str) -> None:
        def lead(target: Address) -> str | None:
            return self._lead(target, address.path)

        html = led_on(without_scripts(html), address.path, settings.SITE_URL, lead)
        html = html.replace(NOTICE_PLACE.decode(), self._notice, 1)
        self._write(address.file, html.encode())

    def _lead(self, target: Address, source: str) -> str | None:
        """Where a link leads within the copy; None where it may stay as it is. What it leads to is met."""
        if target.path.startswith(settings.STATIC_URL):
            self._meet(Address(target.path), source)
        elif target.path.endswith("/leaflet.pdf") and not self._note.leaflets:
            self._absent[f"{target.path}/"] = "leaflet"
        elif self._site.is_in_a_copy(target):
            self._meet(target, source)
            return target.in_copy if target.query else None
        elif self._site.is_in_a_copy(plain := Address(target.path)):
            self._meet(plain, source)
        elif self._site.route(target) is None:
            self.nowhere[target.path] = source
        else:
            beginning = next((one for one in _ABSENT if target.path.startswith(one)), "")
            path = target.path if target.path.endswith("/") else f"{target.path}/"
            self._absent[path] = _ABSENT.get(beginning, "compare")
        return None

    def _write(self, file: str, body: bytes, *, mark: str = "") -> None:
        self._folder.write(file, body)
        self._note.files[file] = mark if mark.startswith('"') else ""  # a weak one holds for the generation only


def _ever_public() -> Iterator[Address]:
    """Every address at which a page of visitors stands or once stood, withdrawn pages included."""
    public = Page.objects.filter(pk__in=Edition.objects.public(timezone.now()).values("page"))
    for kind_name, slug in public.order_by("kind", "slug").values_list("kind", "slug"):
        yield Address(kind(kind_name).address(slug))
    former = FormerSlug.objects.filter(page__in=public)
    for kind_name, slug in former.order_by("kind", "slug").values_list("kind", "slug"):
        yield Address(kind(kind_name).address(slug))


def _asset(name: str) -> bytes:
    """A style sheet, a picture. Raises Broken if it is not there."""
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return file.read()
    if path := finders.find(name):
        return Path(path).read_bytes()
    raise Broken(f"The file {settings.STATIC_URL}{name} is not there. Run collectstatic, then make the copy again.")


def _made_with() -> str:
    """A mark that changes with the settings and the templates that draw pages, and with the style sheet."""
    said = blake2b(
        json.dumps([settings.SITE_URL, settings.SITE_NOTICE, settings.SECURITY_CONTACT]).encode(), digest_size=12
    )
    said.update(staticfiles_storage.url("site/site.css").encode())
    for path in sorted((settings.BASE_DIR / "templates").rglob("*")):
        if path.is_file():
            said.update(path.read_bytes())
    return said.hexdigest()
