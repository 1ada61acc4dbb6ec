"""A member of staff at the desk: forms filled in as a browser would send them."""

from html.parser import HTMLParser

from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from editions.actions import newest_entry
from editions.models import Edition, Page

# What a reviewer of a whole page sends.
APPROVES = {"outcome": "approved", "kinds": ["clinical", "plain_english"], "scope": "whole_page"}
ASKS_FOR_CHANGES = {**APPROVES, "outcome": "changes_requested"}


def seen(page: Page) -> dict[str, int]:
    """What the form of a step carries for somebody who opens it now."""
    live = Edition.objects.live(timezone.now()).filter(page=page).first()
    changes = Page.objects.values_list("changes", flat=True).get(pk=page.pk)
    return {"seen_changes": changes, "seen_entry": newest_entry(page), "seen_edition": live.pk if live else 0}


class Desk:
    """One person, signed in."""

    def __init__(self, person, **of_client):
        self.client = Client(**of_client)
        self.client.force_login(person)

    def address(self, row: Model, what: str = "change") -> str:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{what}", args=[row.pk])

    def get(self, row: Model, what: str = "change"):
        return self.client.get(self.address(row, what))

    def form(self, row: Model) -> dict[str, str]:
        """Every field of a row's form, inlines included, as it came."""
        return fields_of(self.get(row))

    def fields(self, address: str) -> dict[str, str]:
        """Every field of the forms at an address, as it came."""
        return fields_of(self.client.get(address))

    def empty_form(self, model: type[Model]) -> dict[str, str]:
        """The fields of the form for a new row."""
        return fields_of(self.client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")))

    def save(self, row: Model, fields: dict[str, str | list[str]]):
        # Browsers end the lines of a text with CRLF.
        posted = {
            name: value.replace("\n", "\r\n") if isinstance(value, str) else value for name, value in fields.items()
        }
        return self.client.post(self.address(row), posted)

    def step(self, subject: Edition | Page, step: str, **fields):
        """Take a step, with the form's own hidden fields unless others are given; forged where no form is offered."""
        what = "edition" if isinstance(subject, Edition) else "page"
        address = reverse(f"admin:editions_{what}_step", args=[subject.pk, step])
        page = subject.page if isinstance(subject, Edition) else subject
        return self.client.post(address, {**seen(page), **fields_of(self.client.get(address)), **fields})


class _Form(HTMLParser):
    """What a browser would send of the forms of a page, each field as it came."""

    def __init__(self):
        super().__init__()
        self.fields: dict[str, str] = {}
        self._text = self._select = ""

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        name = named.get("name") or ""
        if "__prefix__" in name or "disabled" in named:
            return
        if tag == "input" and name and named.get("type") not in {"submit", "button", "file"}:
            if named.get("type") not in {"checkbox", "radio"} or "checked" in named:
                self.fields[name] = named.get("value") or ("on" if named.get("type") == "checkbox" else "")
        elif tag == "textarea":
            self._text, self.fields[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in named or self._select not in self.fields):
            self.fields[self._select] = named.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "textarea" and self._text:
            self.fields[self._text] = self.fields[self._text].removeprefix("\n")
            self._text = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data):
        if self._text:
            self.fields[self._text] += data


def fields_of(response) -> dict[str, str]:
    reader = _Form()
    reader.feed(response.text)
    # The admin's own little forms around the main one: signing out, choosing a theme.
    return {name: value for name, value in reader.fields.items() if name not in {"csrfmiddlewaretoken", "_popup"}}
