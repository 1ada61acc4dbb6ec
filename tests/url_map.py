"""Every registered address, taken from the URL map, and each filled in so that it leads to something."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.contrib.auth.tokens import default_token_generator
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from editions import actions
from editions.models import Edition, Invitation, Page
from editions.search import empty
from editions.search.query import read
from staff.models import User

SLUGS = {
    "guides": "targeted-cancer-drugs-for-soft-tissue-sarcoma",
    "drugs": "olaratumab",
    "conditions": "gist",
    "pages": "olaratumab",  # of the API
}


def registered() -> list[tuple[str, str]]:
    """(name, route) of every pattern. One without a name, as the admin's redirects are, goes by its route."""
    return list(_patterns(get_resolver().url_patterns))


def _patterns(urls, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for one in urls:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns, route, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield (f"{space}{one.name}" if one.name else route), route


class SiteWithEverything:
    """The starter content, and beside it a row behind every address: an invitation, feedback, a newcomer …"""

    def __init__(self, author: User, reviewer: User):
        actions.take_feedback(said="What is GIST?", sort="unclear", token="a token", page_key="drug/imatinib", number=1)
        actions.review(Edition.objects.get(number=2), by=reviewer, outcome="approved")
        empty.note(read("ponatinib"))
        page = Page.objects.get(key="drug/pazopanib")
        edition = actions.submit(page.kind_of_page.working_copy(page), by=author, change_note="Newer facts.")
        self.token = actions.invite_reviewer(edition, by=reviewer, name="A guest", email="guest@example.org")
        self.newcomer = User(username="newcomer", is_staff=True)
        self.newcomer.set_unusable_password()
        self.newcomer.save()

    def address(self, name: str, route: str) -> str:
        """The path of a pattern, with a row of this site for each of its parts."""
        parts = {
            "<slug:slug>": SLUGS.get(route.removeprefix("as-of/<day:day>/").partition("/")[0], ""),
            "<slug>": "gist" if "conditions" in route else "olaratumab",
            "<kind>": "drug",
            "<slug:key>": "nakano-2018",
            "<key>": "nakano-2018",
            "<day:day>": "2024-05-06",
            "<int:old>": "1",
            "<int:new>": "2" if "drugs" in route else "1",
            "<int:number>": "1",
            "<number>": "1",
            "<slug:ending>": "ris",
            "<path:rest>": "nowhere",
            "<str:token>": self.token,
            "<token>": default_token_generator.make_token(self.newcomer),
            "<uidb64>": urlsafe_base64_encode(force_bytes(self.newcomer.pk)),
            "(?P<url>.*)$": "nowhere",
            **self._of_row(name, route),
        }
        for part, value in parts.items():
            route = route.replace(part, value)
        route = re.sub(r"\^\(\?P<app_label>[a-z|]+\)/\$", "drugs/", route)
        assert not re.search(r"[<>()^$]", route), f"{name}: say in tests/url_map.py what stands in {route}"
        return f"/{route}"

    @staticmethod
    def _of_row(name: str, route: str) -> dict[str, str]:
        """The parts of an address of the desk that name a row of its table, its revision, or a step."""
        found = re.match(r"admin/(staff|auth|editions|drugs|references)/([a-z]+)/", route)
        if found is None:
            return {}
        invitation = Invitation.objects.get()
        model = apps.get_model("auth.group" if found[1] == "auth" else f"{found[1]}.{found[2]}")
        rows = model._default_manager.order_by("pk")
        row = invitation.edition if name.endswith("_revoke") else rows.first()
        revision = row.history.order_by("history_id").first() if hasattr(row, "history") else None
        steps = {"page": "submit", "edition": "review", "feedback": "put-away"}
        return {
            **dict.fromkeys(("<path:object_id>", "<id>", "<int:pk>"), str(row.pk)),
            "^([^/]+)/history/([^/]+)/$": f"{row.pk}/history/{revision and revision.pk}/",
            "<int:invitation>": str(invitation.pk),
            "<slug:step>": steps.get(found[2], ""),
        }
